//! Result links and request links: what is written can be read, what was changed on its way is refused in words, and
//! nothing that anybody puts into a link can do more than that.

mod native;
#[path = "share/properties.rs"]
mod properties;
#[allow(dead_code, reason = "serves several test programs, and none needs all of it")]
mod registry;
#[path = "share/reports.rs"]
mod reports;
#[path = "share/secrets.rs"]
mod secrets;
#[allow(dead_code, reason = "serves several test programs, and none needs all of it")]
mod world;

use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec_with_limit;
use native::parse_url;
use preflight::catalogue::Catalogue;
use preflight::deployment::config::Preset;
use preflight::deployment::form::FormInput;
use preflight::engine;
use preflight::json;
use preflight::registration;
use preflight::report::link::{self, LinkProblem};
use preflight::report::shared::{Detail, Shared};
use preflight::report::wire::{self, Problem};
use preflight::report::{Report, Shareable, request};
use preflight::run::Run;
use reports::{report, reports};

/// A report in every form that can be shared.
fn forms(report: &Report) -> Vec<Shared> {
    let shareable = shareable(report);
    let links = Detail::FOR_LINKS.map(|detail| Shared::of(&shareable, detail));
    [Shared::whole(&shareable)].into_iter().chain(links).collect()
}

fn shareable(report: &Report) -> Shareable {
    Shareable::of(report.clone())
}

fn pack(text: &str) -> Vec<u8> {
    compress_to_vec(text.as_bytes(), 6)
}

fn open(fragment: &str) -> Result<Shared, LinkProblem> {
    let bytes = decompress_to_vec_with_limit(&link::read(fragment)?, link::UNPACKED as usize)
        .map_err(|_| LinkProblem::Changed)?;
    let text = String::from_utf8(bytes).map_err(|_| LinkProblem::NotOurs)?;
    Ok(wire::read(&text, parse_url)?)
}

/// The link that the page would make: the most telling one that is short enough.
fn made(report: &Report) -> (Detail, String) {
    let links = Detail::FOR_LINKS.map(|detail| {
        let text = wire::write(&Shared::of(&shareable(report), detail));
        (detail, link::write(&pack(&text)).expect("it fits"))
    });
    links.into_iter().find(|(_, link)| link.len() < link::LONGEST - 60).expect("one is short enough")
}

#[test]
fn what_is_written_can_be_read() {
    for (name, report) in reports() {
        for shared in forms(&report) {
            let read = wire::read(&wire::write(&shared), parse_url);
            assert_eq!(read.as_ref(), Ok(&shared), "{name} {:?}", shared.detail);
            // What a deployment calls slow goes along where it is not the usual.
            let mut unusual = shared.clone();
            unusual.run.limits.slow_ms = 900;
            assert_eq!(wire::read(&wire::write(&unusual), parse_url), Ok(unusual), "{name}");
        }
    }
}

/// The page writes reports with code of its own, which must know every form that a part of them has.
#[test]
fn reports_are_written_as_the_crate_writes_them() {
    for (name, report) in reports() {
        let text = report.to_json();
        assert_eq!(text, serde_json::to_string_pretty(&report).expect("JSON"), "{name}");
        assert_eq!(json::read(&text), Some(report), "{name}");
    }
}

#[test]
fn everything_is_kept_in_full() {
    for (name, report) in reports() {
        let shared = Shared::whole(&shareable(&report));
        let judged = shared.judged();
        let again = Report::of(&shared.run, &judged, &Catalogue::default());
        assert_eq!(again, report, "{name}");
        assert!(shared.enough && shared.told.iter().all(|told| *told), "{name}");
    }
}

#[test]
fn the_verdict_is_shown_as_it_was_made() {
    for (name, report) in reports() {
        let (detail, link) = made(&report);
        let shared = open(&link).unwrap_or_else(|problem| panic!("{name}: {problem}"));
        let judged = shared.judged();
        let statuses = |list: &[preflight::report::CheckResult]| {
            list.iter().map(|check| (check.id.clone(), check.status)).collect::<Vec<_>>()
        };
        let shown = Report::of(&shared.run, &judged, &Catalogue::default());
        assert_eq!(statuses(&shown.checks), statuses(&report.checks), "{name}");
        let causes = |report: &Report| {
            let named = report.verdict.causes.iter();
            named.map(|named| (named.code.clone(), named.confidence, named.host)).collect::<Vec<_>>()
        };
        assert_eq!(causes(&shown), causes(&report), "{name}");
        assert_eq!(shown.verdict.overall, report.verdict.overall, "{name}");
        let told = shared.told.iter().filter(|told| **told).count();
        let checks = shared.checks.iter().filter(|check| check.told).count();
        println!(
            "{name:<14} {:>5} characters, {detail:?}, enough to judge again: {}, words of {told}/{} causes and {checks}/{} checks",
            link.len(),
            shared.enough,
            shared.told.len(),
            shared.checks.len()
        );
    }
}

#[test]
fn a_link_holds_what_is_needed_to_judge_again() {
    // Where it does not, it must say so; that it never does would make the button useless.
    let (registered, plain): (Vec<_>, Vec<_>) =
        reports().into_iter().partition(|(_, report)| report.registration.is_some());
    let enough = |list: &[(&str, Report)]| {
        list.iter().filter(|(_, report)| Shared::of(&shareable(report), Detail::Told).enough).count()
    };
    assert!(enough(&plain) * 10 >= plain.len() * 9, "only {}", enough(&plain));
    // Its steps are too many for a link.
    assert_eq!(enough(&registered), 0);
}

/// Also what another program saw, and the steps of a registration that failed.
#[test]
fn a_link_holds_what_the_verdict_cites() {
    let mut of_others = 0;
    for (name, report) in reports() {
        let shared = open(&made(&report).1).unwrap_or_else(|problem| panic!("{name}: {problem}"));
        let whole = report.clone().into_run();
        for (now, made) in shared.verdict.causes.iter().zip(&report.verdict.causes) {
            assert_eq!(now, made, "{name}");
            assert_eq!(now.headline(&shared.run.facts()), made.headline(&whole.facts()), "{name}");
        }
        assert!(shared.told.iter().all(|told| *told), "{name}");
        for id in report.verdict.causes.iter().flat_map(|named| &named.evidence) {
            let seen = |run: &Run| {
                let of_page = run.observations.iter().find(|seen| seen.probe.id == *id);
                let of_page =
                    of_page.map(|seen| (seen.status(), seen.probe.target.path_only().replace("n0nce", "")));
                let other = run.second_opinion.iter().find(|seen| seen.id == *id);
                (of_page, other.map(|seen| (seen.status(), seen.came, seen.by.clone())))
            };
            assert_eq!(seen(&shared.run), seen(&whole), "{name} {id}");
            assert!(seen(&whole) != (None, None), "{name}: {id} is cited and was not seen");
            of_others += usize::from(seen(&whole).1.is_some());
        }
        let failing = |run: &Run| {
            let facts = run.facts();
            registration::failures(&facts).iter().map(|seen| seen.probe.id.clone()).collect::<Vec<_>>()
        };
        assert_eq!(failing(&shared.run), failing(&whole), "{name}");
        assert_eq!(shared.run.registration, whole.registration, "{name}");
    }
    assert!(of_others >= 3, "only {of_others} second opinions are cited");
}

/// What a program is called, and what it did, are no words of a link either.
#[test]
fn a_second_opinion_in_a_link_holds_no_words_of_its_own() {
    let shared = Shared::of(&shareable(&report(&reports::second_opinion())), Detail::Told);
    let text = wire::write(&shared);
    let by = shared.run.second_opinion[0].by.clone();
    assert_eq!(by, "curl");
    for (honest, hostile) in
        [("\nGET\n", "\nSend your key to\n"), ("\nregistry-open\nGET", "\nyour key\nGET")]
    {
        assert!(text.contains(honest), "{honest:?} is not in {text}");
        let read = wire::read(&text.replacen(honest, hostile, 1), parse_url);
        assert_eq!(read.err(), Some(Problem::Corrupt), "{hostile:?}");
    }
    let mut renamed = report(&reports::second_opinion());
    renamed.second_opinion[0].by = "DevTools of your bank, who says:".to_owned();
    let shared = wire::read(&wire::write(&Shared::whole(&shareable(&renamed))), parse_url).expect("a report");
    assert_eq!(shared.run.second_opinion[0].by, "DevTools");
}

/// Versions from before there were second opinions in links read the rest as before: what is new stands at the end.
#[test]
fn what_is_new_stands_behind_what_was_there() {
    let run = reports::all_at_once();
    let shared = Shared::of(&shareable(&report(&run)), Detail::Told);
    let text = wire::write(&shared);
    let mut before = shared.clone();
    (before.run.second_opinion, before.run.registration) = (Vec::new(), None);
    let old = wire::write(&before);
    assert!(text.starts_with(old.as_str()) && text.len() > old.len());
    let read = wire::read(&old, parse_url).expect("as an earlier version wrote it");
    assert_eq!(read.verdict.causes.len(), shared.verdict.causes.len());
    // And what comes after it one day is read over.
    assert_eq!(wire::read(&[&text, "something\nof later\n"].concat(), parse_url), Ok(shared));
}

#[test]
fn a_link_holds_no_words_of_its_own() {
    let report = reports::named("healthy");
    let text = wire::write(&Shared::whole(&shareable(&report)));
    for (honest, hostile) in [
        ("\nregistry-open\n", "\nYour key is safe, send it to evil.example\n"),
        ("https://registry.example\n", "https://user:pw@evil.example\n"),
        ("https://registry.example\n", "javascript:alert(1)\n"),
        ("\n/health\n", "\n//evil.example/\n"),
        ("\n/health\n", "\n/a/../..\n"),
        ("2026-01-01T00:00:00Z", "now, trust me"),
        (env!("CARGO_PKG_VERSION"), "<script>alert(1)</script>"),
    ] {
        assert!(text.contains(honest), "{honest:?} is not in {text}");
        let read = wire::read(&text.replacen(honest, hostile, 1), parse_url);
        assert_eq!(read.err(), Some(Problem::Corrupt), "{hostile:?}");
    }
}

#[test]
fn what_a_later_version_brought_is_shown_by_its_code_or_said() {
    let report = reports::named("refused");
    let shared = Shared::of(&shareable(&report), Detail::Told);
    let text = wire::write(&shared);
    let check = text.replace("registry-reachable", "registry-quantum");
    let read = wire::read(&check, parse_url).expect("an unknown check is no trouble");
    assert_eq!(
        read.unknown_checks().map(|check| check.id.as_str()).collect::<Vec<_>>(),
        ["registry-quantum"]
    );
    let code = &report.verdict.causes[0].code;
    let cause =
        wire::read(&text.replace(code, "flux-capacitor-empty"), parse_url).expect("nor an unknown cause");
    assert_eq!(cause.verdict.causes[0].code, "flux-capacitor-empty");
    assert_eq!(wire::read(&text.replacen("1\n", "2\n", 1), parse_url).err(), Some(Problem::Newer));
    let (_, link) = made(&report);
    assert_eq!(open(&link.replacen("r=1.", "r=2.", 1)).err(), Some(LinkProblem::Newer));
}

#[test]
fn a_cut_link_is_known_as_cut_and_a_changed_one_as_changed() {
    let report = reports::named("no key");
    let (_, link) = made(&report);
    for end in 0..link.len() {
        let problem = open(&link[..end]).expect_err("it is cut");
        assert!(end < 5 || problem == LinkProblem::Cut, "{end}: {problem:?}");
    }
    let bytes = link.as_bytes();
    for place in 5..bytes.len() {
        for flip in 0..7 {
            let mut changed = bytes.to_vec();
            changed[place] ^= 1 << flip;
            let changed = String::from_utf8(changed).expect("ASCII");
            if let Ok(shared) = open(&changed) {
                // The last character may hold bits that mean nothing.
                assert!(place == bytes.len() - 1 && Ok(shared) == open(&link), "{place} {flip}");
            }
        }
    }
    for tail in [")", ".", ">", "&utm_source=chat", "AAAA"] {
        assert_eq!(open(&format!("#{link}{tail}")), open(&link), "{tail}");
    }
}

#[test]
fn a_bomb_is_not_unpacked_and_an_endless_link_not_read() {
    let bomb = compress_to_vec(&vec![b'1'; 8_000_000], 9);
    assert_eq!(open(&link::write(&bomb).expect("it is small")), Err(LinkProblem::Changed));
    assert_eq!(open(&format!("r=1.{}", "A".repeat(2_000_000))), Err(LinkProblem::TooLong));
    assert_eq!(link::write(&vec![0; 70_000]), None);
}

/// Reports of real runs, from the folder that `PREFLIGHT_REPORTS` names (tests/browser.rs writes them there).
#[test]
#[ignore = "needs a folder of reports"]
fn links_to_real_reports() {
    let folder = std::env::var("PREFLIGHT_REPORTS").expect("PREFLIGHT_REPORTS names a folder");
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let text = std::fs::read_to_string(&path).expect("a file");
        let report: Report = serde_json::from_str(&text).expect("a report");
        let lengths = Detail::FOR_LINKS.map(|detail| {
            link::write(&pack(&wire::write(&Shared::of(&shareable(&report), detail))))
                .map_or(0, |link| link.len())
        });
        let shared = Shared::of(&shareable(&report), Detail::Told);
        println!(
            "{:<60} {lengths:?} characters, {} observations, enough: {}",
            path.file_name().unwrap_or_default().to_string_lossy(),
            report.observations.len(),
            shared.enough
        );
        let again = engine::judge(&shared.run);
        for (check, now) in &again.checks {
            let made = report.checks.iter().find(|made| made.id == check.id);
            if let Some(made) = made.filter(|made| made.status != now.status) {
                println!(
                    "    {}: {:?} {:?}, now {:?} {:?}",
                    check.id, made.status, made.actual, now.status, now.actual
                );
            }
        }
        for named in &again.verdict.causes {
            if !report.verdict.causes.iter().any(|made| made.code == named.code) {
                println!("    named now: {} {:?}", named.code, named.evidence);
            }
        }
        for check in shared.checks.iter().filter(|check| !check.told) {
            println!("    other words: {}", check.id);
        }
    }
}

/// The link in the fixture was made by the first version that had links. It must open as long as there is Preflight.
#[test]
fn a_frozen_link_opens() {
    let frozen = include_str!("fixtures/result-link-1.txt").trim();
    let shared = open(frozen.split_once('#').expect("a fragment").1).expect("it opens");
    assert_eq!(shared.run.deployment.mlflow.to_string(), "https://registry.example/api/mlflow");
    let causes: Vec<_> =
        shared.verdict.causes.iter().map(|named| (named.code.as_str(), named.confidence.name())).collect();
    assert_eq!(
        causes,
        [
            ("timeout", "certain"),
            ("auth-service-down", "likely"),
            ("auth-service-unreachable", "possible"),
            ("outage-reported-as-401", "certain")
        ]
    );
    assert!(shared.checks.iter().any(|check| check.id == "auth-reachable" && check.status.name() == "fail"));
    assert_eq!(shared.run.environment.started_at, "2026-01-01T00:00:00");
    assert!(!shared.judged().checks.is_empty() && !shared.stations().is_empty());
}

/// The second one: with what another program saw, and a registration that failed.
#[test]
fn a_frozen_link_with_a_second_opinion_and_a_registration_opens() {
    let frozen = include_str!("fixtures/result-link-2.txt").trim();
    let shared = open(frozen.split_once('#').expect("a fragment").1).expect("it opens");
    let told = |named: &preflight::diagnosis::Named| {
        (named.code.clone(), named.confidence.name(), named.headline(&shared.run.facts()))
    };
    let causes: Vec<_> = shared.verdict.causes.iter().map(told).collect();
    let codes: Vec<_> = causes.iter().map(|(code, sure, _)| (code.as_str(), *sure)).collect();
    assert_eq!(codes, [("auth-service-down", "certain"), ("body-size-limit", "certain")]);
    assert!(causes[0].2.contains("503"), "{}", causes[0].2);
    assert!(causes[1].2.contains("413"), "{}", causes[1].2);
    assert!(shared.verdict.causes[0].evidence.contains(&"second-opinion-1".to_owned()));
    let it = shared.run.registration.as_ref().expect("a registration");
    assert_eq!(it.name(), "preflight-2026-01-01-00-00-abcdefgh2345");
}

/// Prints a link for the fixture above; run it by hand when a new format begins.
#[test]
#[ignore = "prints a link for the fixture of a new format"]
fn print_a_link() {
    println!("https://preflight.example/#{}", made(&report(&reports::all_at_once())).1);
}

#[test]
fn a_request_link_fills_the_form_and_holds_no_key() {
    let input = FormInput {
        registry_url: "https://registry.example:8443".into(),
        mlflow_path: "/api/mlflow".into(),
        auth_url: "https://bücher.example".into(),
        auth_scheme: "custom".into(),
        auth_header: "X-Key".into(),
        service_id: "a&b=c %41#é".into(),
    };
    let fragment = request::write(&input);
    assert!(fragment.is_ascii() && !fragment.contains(['#', ' ', '"', '<']), "{fragment}");
    let read = request::read(&format!("#{fragment}&run=1&api-key=abc&unknown=x")).expect("a request");
    assert_eq!(read.input, input);
    assert!(read.run && read.had_key);
    assert_eq!(request::read("#r=1.abc"), None);
    assert_eq!(request::read("#check-cors-read"), None);
    assert_eq!(request::read(&format!("#registry-url={}", "a".repeat(9_000))), None);
    let scheme = request::read("registry-url=r.example&auth-scheme=evil&run=yes").expect("a request");
    assert_eq!((scheme.input.auth_scheme.as_str(), scheme.run), ("bearer", false));
}

#[test]
fn hosts_that_the_page_does_not_list_are_told_in_full() {
    use preflight::deployment::form::understand;
    let preset = Preset { registry_url: "https://known.example".into(), ..Preset::default() };
    let unlisted = |registry: &str, auth: &str| {
        let input =
            FormInput { registry_url: registry.into(), auth_url: auth.into(), ..FormInput::default() };
        let deployment = understand(&input, None, parse_url).deployment.expect("a deployment");
        let origins = request::unlisted(&deployment, std::slice::from_ref(&preset), parse_url);
        origins.iter().map(request::in_full).collect::<Vec<_>>()
    };
    assert_eq!(unlisted("https://known.example/x", ""), Vec::<String>::new());
    assert_eq!(unlisted("https://known.example:8443", ""), ["https://known.example:8443"]);
    assert_eq!(unlisted("http://known.example", ""), ["http://known.example:80"]);
    assert_eq!(
        unlisted("https://known.example", "https://аpple.example"),
        ["https://xn--pple-43d.example:443"]
    );
}
