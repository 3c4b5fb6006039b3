//! Fix cards do what they say: a real nginx, Caddy, HAProxy, Starlette or MLflow is set up wrongly, the diagnosis names the
//! cause; the card's own text is put in, and the cause is gone. The requests are real; what a browser shows a page of
//! them is worked out as the Fetch standard says (the engines themselves are driven by tests/browser.rs).
//!
//! A program that is not on this machine is left out, and with `CI` set that is a failure.

#[path = "cards/behind.rs"]
mod behind;
#[path = "cards/caddy.rs"]
mod caddy;
#[path = "cards/guide.rs"]
mod guide;
#[path = "cards/haproxy.rs"]
mod haproxy;
#[path = "cards/logs.rs"]
mod logs;
#[path = "cards/mlflow.rs"]
mod mlflow;
#[path = "cards/nginx.rs"]
mod nginx;
#[path = "cards/programs.rs"]
mod programs;
#[path = "cards/starlette.rs"]
mod starlette;
#[path = "cards/wire.rs"]
mod wire;
#[allow(dead_code, reason = "serves several test programs, and none needs all of it")]
mod world;

use behind::Behind;
use preflight::catalogue::Catalogue;
use preflight::deployment::AuthScheme;
use preflight::diagnosis::{causes, fix};
use preflight::engine;
use preflight::run::Run;
use programs::Program;
use std::collections::BTreeSet;
use std::process::Command;
use world::{Outcome, World};

/// A fault and its card.
#[derive(Clone, Copy)]
struct Case {
    program: Program,
    /// What the card is headed, where that is not the program's own name.
    whom: Option<&'static str>,
    /// The cause, whose card for this program is tried.
    code: &'static str,
    /// The configuration with the fault; `{up}` is what stands behind.
    broken: &'static str,
    /// The configuration after somebody followed the card; `{card}` is its text.
    mended: &'static str,
    /// Words of the card that its reader replaces, and with what.
    filled: &'static [(&'static str, &'static str)],
    behind: Behind,
    world: fn() -> World,
    /// What is named beside the cause, before and after.
    left: &'static [&'static str],
}

/// A registry that asks for a key; nothing is left when the card has been followed.
const USUAL: Case = Case {
    program: Program::Nginx,
    whom: None,
    code: "",
    broken: "",
    mended: "",
    filled: &[],
    behind: Behind::Registry,
    world: keyed,
    left: &[],
};

impl Case {
    fn whom(&self) -> &'static str {
        self.whom.unwrap_or(self.program.whom())
    }
}

fn keyed() -> World {
    World { registry: wire::ask, preflight: wire::permits, auth: None, ..World::default() }
}

/// With a cache in between.
fn cached() -> World {
    World { registry: wire::ask_a_cache, ..keyed() }
}

/// Nobody asks for a key.
fn open() -> World {
    World { scheme: AuthScheme::None, key: "", service_id: None, ..keyed() }
}

/// The same, with MLflow's own health path.
fn open_below() -> World {
    World { open_path: "/api/mlflow/health", ..open() }
}

/// The same, with a health path that the application has for MLflow.
fn open_special() -> World {
    World { open_path: "/api/mlflow/health/mlflow", ..open() }
}

#[test]
fn nginx() {
    try_all(nginx::CASES);
}

#[test]
fn caddy() {
    try_all(caddy::CASES);
}

#[test]
fn haproxy() {
    try_all(haproxy::CASES);
}

#[test]
fn starlette() {
    try_all(starlette::CASES);
}

fn catalogue() -> Catalogue {
    let made = Command::new("tools/catalogue.sh").env_remove("TRUNK_STAGING_DIR").output().expect("bash");
    let text = String::from_utf8(made.stdout).expect("the catalogue is UTF-8");
    Catalogue::read(text).expect("a catalogue")
}

/// A run against a real program; `None` when that is not on this machine.
fn run(case: &Case, lines: &str, up: &str) -> Option<Outcome> {
    let running = case.program.start(&whole(case.program, lines), up)?;
    wire::PORT.set(running.port);
    Some((case.world)().run())
}

/// Lines with sound CORS in the places that are marked for it.
fn whole(program: Program, lines: &str) -> String {
    let (cors, preflight) = match program {
        Program::Nginx => nginx::SOUND,
        Program::Caddy => caddy::SOUND,
        Program::HaProxy => haproxy::SOUND,
        Program::Starlette => starlette::SOUND,
    };
    let lines = lines.replace("{cors}", cors).replace("{preflight}", preflight);
    lines.replace("{everywhere}", nginx::EVERYWHERE)
}

/// The text of the card that a run shows for a cause.
fn card(run: &Run, code: &str, whom: &str, catalogue: &Catalogue) -> String {
    let verdict = engine::judge(run).verdict;
    let names: Vec<&str> = verdict.causes.iter().map(|named| named.code.as_str()).collect();
    let named = verdict.causes.iter().find(|named| named.code == code);
    let named = named.unwrap_or_else(|| panic!("{whom}: {code} is not named, but {names:?}"));
    let fixes = fix::all(&run.facts(), named, catalogue);
    let card = fixes.into_iter().find(|fix| fix.whom == whom);
    let card = card.unwrap_or_else(|| panic!("{code} has no card for {whom}"));
    assert!(card.tried, "{whom}, {code}: the card says that it was not tried");
    card.code.unwrap_or_default()
}

fn try_all(cases: &[Case]) {
    let catalogue = catalogue();
    for case in cases {
        let (whom, up) = (case.whom(), case.behind.start());
        let Some(before) = run(case, case.broken, &up) else { return };
        // Cards name a port of this machine where MLflow may listen.
        let mut text = card(&before.run, case.code, whom, &catalogue).replace("127.0.0.1:5000", &up);
        for (words, own) in case.filled {
            assert!(text.contains(words), "{whom}, {}: {text}", case.code);
            text = text.replace(words, own);
        }
        let after = run(case, &case.mended.replace("{card}", &text), &up).expect("the same program");
        gone(whom, case.code, case.left, &after);
    }
}

/// After the card, the cause is not named any more, and nothing new is.
fn gone(whom: &str, code: &str, left: &[&str], after: &Outcome) {
    let named = [after.certain.clone(), after.shortlist.clone()].concat();
    assert_eq!(named, left, "{whom}, {code}: after the card this is named");
    assert_eq!(after.overall == "healthy", left.is_empty(), "{whom}, {code}: {}", after.overall);
}

#[test]
fn large_uploads() {
    let catalogue = catalogue();
    for case in [nginx::UPLOADS, caddy::UPLOADS].concat() {
        let up = case.behind.start();
        let words = catalogue.cause(case.code).expect("words");
        let card = words.cards.into_iter().find(|card| card.whom == case.program.whom()).expect("the card");
        let (_, text) = card.code.expect("something to copy");
        for (lines, is_refused) in [(case.broken, true), (&*case.mended.replace("{card}", &text), false)] {
            let Some(running) = case.program.start(lines, &up) else { return };
            wire::PORT.set(running.port);
            let status = wire::upload(3 << 20);
            // Caddy says 502 when it stops reading.
            assert_eq!(matches!(status, Some(413 | 502)), is_refused, "{}: {status:?}", case.program.whom());
            assert!(is_refused || status.is_some(), "{}: no answer", case.program.whom());
        }
    }
}

/// Cards for people, who have no documentation: advice, and nothing to be set.
const PEOPLE: [&str; 7] =
    ["Auth service", "Gateway", "Page host", "Proxy application", "Python client", "Store", "You"];

/// Every card for a program that is here is proven by a test here, and none of them says otherwise. Every other one links
/// its vendor's page, and says that it was not tried.
#[test]
fn every_card_is_proven_or_says_that_it_is_not() {
    let catalogue = catalogue();
    let cases =
        [nginx::CASES, nginx::UPLOADS, caddy::CASES, caddy::UPLOADS, haproxy::CASES, starlette::CASES];
    let mut proven: BTreeSet<(&str, &str)> =
        cases.iter().flat_map(|cases| cases.iter()).map(|case| (case.code, case.whom())).collect();
    proven.extend(logs::PROVEN);
    proven.extend(mlflow::PROVEN);
    let (mut wrong, mut known) = (Vec::new(), BTreeSet::new());
    for cause in causes::ALL {
        let file = std::fs::read_to_string(format!("src/catalogue/causes/{}.md", cause.code));
        let file = file.unwrap_or_default();
        // A card that is taken over from another cause is tried there.
        let own = |whom: &str| file.contains(&format!("## {whom}\n"));
        for card in
            catalogue.cause(cause.code).expect("words").cards.into_iter().filter(|card| own(card.whom))
        {
            let at = [cause.code, ": ", card.whom].concat();
            let here = ["nginx", "Caddy", "HAProxy", "FastAPI / Starlette", "MLflow"]
                .iter()
                .any(|program| card.whom.starts_with(program));
            known.insert((cause.code, card.whom));
            if here && !proven.contains(&(cause.code, card.whom)) {
                wrong.push([&at, " is proven by no test"].concat());
            }
            if here && !card.tried {
                wrong.push([&at, " says that it was not tried"].concat());
            }
            if !here && !PEOPLE.contains(&card.whom) && (card.tried || card.source.is_none()) {
                wrong.push([&at, " has to link its vendor's page and to say that it was not tried"].concat());
            }
        }
    }
    for (code, whom) in proven {
        if !known.contains(&(code, whom)) {
            wrong.push(format!("{code}: {whom} is proven, and there is no such card"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
