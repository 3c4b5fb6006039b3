//! The diagnosis on measured truth: what real browsers showed of each fault goes through planner and
//! diagnosis without a browser, and the causes named are held against what was really wrong. No certain
//! verdict may be wrong.
//!
//! The rows are in `tests/fixtures/observations.json` (made by `tools/observations.py`).
//! `PREFLIGHT_OBSERVATIONS` names another file of the same format; of scenarios that [`labels`] does not know
//! its rows may say the right codes themselves (`"expect": ["tls-failure"]`), else they are only printed.
//!
//! The measured servers are no MLflow: where an answer can be read, causes behind the network and CORS are
//! not judged.

#[path = "observations/labels.rs"]
mod labels;
#[path = "observations/rows.rs"]
mod rows;
#[path = "observations/world.rs"]
mod world;

use labels::Label;
use preflight::diagnosis::{Class, Confidence, Named, Verdict};
use rows::{File, Group, Seen};
use std::collections::{BTreeMap, BTreeSet};
use world::{Outcome, World};

const SHIPPED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/observations.json");

/// How a verdict stands to the truth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Score {
    /// A right cause is certain, and no wrong one.
    Certain,
    /// Nothing is certain; a right cause is in the shortlist.
    Shortlist,
    /// Nothing of the network, the browser or CORS is blamed, rightly.
    Healthy,
    /// Such a cause is suspected where none is.
    FalseAlarm,
    /// The truth is not named.
    Missed,
    /// A certain cause is wrong.
    WrongCertain,
    /// Nobody has said what is right.
    Unlabelled,
    /// The form does not take such an address.
    NoForm,
    /// The rows do not hold the first question.
    NoRows,
}

impl Score {
    const ALL: [Score; 9] = [
        Score::Certain,
        Score::Shortlist,
        Score::Healthy,
        Score::FalseAlarm,
        Score::Missed,
        Score::WrongCertain,
        Score::Unlabelled,
        Score::NoForm,
        Score::NoRows,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Certain => "ok: certain",
            Self::Shortlist => "ok: shortlist",
            Self::Healthy => "ok: healthy",
            Self::FalseAlarm => "false alarm",
            Self::Missed => "missed",
            Self::WrongCertain => "WRONG CERTAIN",
            Self::Unlabelled => "no label",
            Self::NoForm => "not run: no address for the form",
            Self::NoRows => "not run: too few rows",
        }
    }
}

/// One line of the table.
struct Line {
    browser: String,
    name: String,
    truth: String,
    certain: Vec<String>,
    shortlist: Vec<String>,
    missing: Vec<&'static str>,
    score: Score,
}

fn line(group: &Group, files: [&File; 2]) -> Line {
    let label = Label::of(group);
    let truth = label.as_ref().map_or_else(|| "?".to_owned(), Label::words);
    let mut line = Line {
        browser: group.browser.clone(),
        name: group.name(),
        truth,
        certain: Vec::new(),
        shortlist: Vec::new(),
        missing: Vec::new(),
        score: Score::Unlabelled,
    };
    match (World { group, files }).run() {
        Outcome::NoForm => line.score = Score::NoForm,
        Outcome::NoRows => line.score = Score::NoRows,
        Outcome::Judged { verdict, missing } => {
            line.missing = missing;
            for named in &verdict.causes {
                let list = if is_certain(named) { &mut line.certain } else { &mut line.shortlist };
                list.push(named.code.clone());
            }
            if let Some(label) = label {
                line.score = score(&label, &verdict, group.all().any(Seen::is_readable));
            }
        }
    }
    line
}

fn is_certain(named: &Named) -> bool {
    named.confidence == Confidence::Certain
}

/// True for causes that the rows can show: those of the browser, the network and CORS.
fn is_shallow(named: &Named) -> bool {
    let class = named.cause().map(|cause| cause.class);
    matches!(class, None | Some(Class::Client | Class::Infrastructure | Class::Cors))
}

fn score(label: &Label, verdict: &Verdict, readable: bool) -> Score {
    let causes = || verdict.causes.iter();
    let right = |named: &&Named| label.causes.contains(&named.code);
    let near = |named: &&Named| label.near.contains(&named.code);
    let wrong = |named: &&Named| is_certain(named) && !right(named) && (is_shallow(named) || !readable);
    let blamed = causes().any(is_shallow);
    if causes().any(|named| wrong(&named)) {
        Score::WrongCertain
    } else if causes().filter(right).any(is_certain) {
        Score::Certain
    } else if causes().any(|named| right(&named) || near(&named)) {
        Score::Shortlist
    } else if label.healthy {
        if blamed { Score::FalseAlarm } else { Score::Healthy }
    } else {
        Score::Missed
    }
}

fn read(path: &str) -> File {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"));
    File::read(&text)
}

fn print(lines: &[Line]) {
    let browsers: BTreeSet<&str> = lines.iter().map(|line| line.browser.as_str()).collect();
    let dash = |list: &[String]| if list.is_empty() { "-".to_owned() } else { list.join(" ") };
    for browser in &browsers {
        println!("\n{browser}\n{:<46} {:<32} truth | certain | shortlist", "scenario", "verdict");
        for line in lines.iter().filter(|line| line.browser == *browser) {
            let (certain, shortlist) = (dash(&line.certain), dash(&line.shortlist));
            println!("{:<46} {:<32} {} | {certain} | {shortlist}", line.name, line.score.name(), line.truth);
        }
    }
    println!("\nprobes that the planner asked and the rows do not have (scenarios):");
    for browser in &browsers {
        let mut missing: BTreeMap<&str, usize> = BTreeMap::new();
        let of_browser = || lines.iter().filter(|line| line.browser == *browser);
        of_browser().flat_map(|line| &line.missing).for_each(|name| *missing.entry(name).or_default() += 1);
        let list: Vec<_> = missing.iter().map(|(name, count)| format!("{name} {count}")).collect();
        println!("  {browser}: {}", dash(&list));
    }
    println!();
    for browser in &browsers {
        let of_browser = || lines.iter().filter(|line| line.browser == *browser);
        let counts = Score::ALL.map(|score| {
            format!("{} {}", of_browser().filter(|line| line.score == score).count(), score.name())
        });
        println!("{browser}: {} scenarios: {}", of_browser().count(), counts.join(", "));
    }
}

#[test]
fn no_certain_verdict_is_wrong() {
    let shipped = read(SHIPPED);
    let given = std::env::var("PREFLIGHT_OBSERVATIONS").ok().filter(|path| !path.is_empty());
    let other = given.as_deref().map(read);
    let file = other.as_ref().unwrap_or(&shipped);
    let lines: Vec<Line> = file.groups.iter().map(|group| line(group, [file, &shipped])).collect();
    print(&lines);
    if file.unread > 0 {
        println!("{} rows could not be read", file.unread);
    }
    assert!(
        lines.iter().any(|line| !matches!(line.score, Score::NoForm | Score::NoRows)),
        "nothing was judged"
    );
    let wrong: Vec<_> = lines
        .iter()
        .filter(|line| line.score == Score::WrongCertain)
        .map(|line| format!("{} {}: {:?} and not {}", line.browser, line.name, line.certain, line.truth))
        .collect();
    assert!(wrong.is_empty(), "wrong certain verdicts:\n  {}", wrong.join("\n  "));
}

/// A scenario without a label would be printed and never judged; a misspelt code would never be right.
#[test]
fn every_shipped_scenario_has_a_sound_label() {
    let shipped = read(SHIPPED);
    assert_eq!(shipped.unread, 0);
    for group in &shipped.groups {
        let judged = !matches!((World { group, files: [&shipped, &shipped] }).run(), Outcome::NoForm);
        assert!(!judged || Label::of(group).is_some(), "{} has no label", group.name());
        for code in Label::of(group).iter().flat_map(Label::codes) {
            let known = preflight::diagnosis::causes::find(code).is_some();
            assert!(known, "{}: {code} is no code", group.name());
        }
    }
    for (names, _) in labels::LABELS {
        for name in names.split(", ") {
            let is_there = shipped
                .groups
                .iter()
                .any(|group| group.scenario == name || format!("{}: {}", group.page, group.scenario) == name);
            assert!(is_there, "{name} is no scenario");
        }
    }
}

/// Files of others may lack any probe: whatever is left out, nothing wrong becomes certain.
#[test]
fn rows_may_be_missing() {
    let whole = std::fs::read_to_string(SHIPPED).unwrap_or_else(|error| panic!("{SHIPPED}: {error}"));
    let shipped = File::read(&whole);
    let rows: Vec<serde_json::Value> = serde_json::from_str(&whole).expect("a list of rows");
    let probes: BTreeSet<&str> = rows.iter().filter_map(|row| row["probe"].as_str()).collect();
    assert!(probes.len() > 10);
    for left_out in probes {
        let rest: Vec<_> = rows.iter().filter(|row| row["probe"] != left_out).collect();
        let file = File::read(&serde_json::to_string(&rest).expect("rows are JSON"));
        for group in &file.groups {
            let line = line(group, [&file, &shipped]);
            assert!(
                line.score != Score::WrongCertain,
                "without {left_out}: {} {}: {:?} and not {}",
                line.browser,
                line.name,
                line.certain,
                line.truth
            );
        }
    }
}
