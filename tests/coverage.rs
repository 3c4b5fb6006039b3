//! The table of scenarios, held against the catalogue and the facts: every cause of the key and of the auth service has a
//! row with refusals that pages may read and one with refusals that they may not, and what looks alike is told apart.
//! The table itself is run in real browsers by tests/browser.rs; this needs none.

#[allow(dead_code, reason = "the table is read here, and no server is started")]
#[path = "lab/mod.rs"]
mod lab;

use lab::cors::On;
use lab::nginx::Behind;
use lab::scenarios::{self, Expect, Row, Station};
use preflight::diagnosis::{Class, causes};
use std::collections::BTreeSet;

/// Causes of other classes that are about the key all the same (they hide behind the words "invalid key").
const ALSO: [&str; 7] = [
    "auth-service-down",
    "auth-service-unreachable",
    "outage-reported-as-401",
    "rate-limited",
    "login-wall",
    "slow-dependency",
    "redirect-drops-key",
];

/// Causes that have no row without CORS headers, and why there can be none.
const NEVER_UNREAD: [(&str, &str); 4] = [
    ("slow-dependency", "it is about an answer that comes late, and not about a refusal"),
    ("auth-not-enforced", "nothing is refused, so there is no refusal to be read or not"),
    (
        "outage-reported-as-401",
        "it is about the status and the words of a refusal, and an unread one has neither",
    ),
    ("redirect-drops-key", "a redirect without CORS headers ends there: `redirect-without-cors`"),
];

/// Whether a page may read what this row's gateway says to a request that it does not let pass.
fn refusals_are_readable(row: &Row) -> bool {
    let readable = |on: On| matches!(on, On::Everywhere | On::AsUpstream);
    match row.registry {
        Station::Nginx(nginx) => {
            let own = "add_header Access-Control-Allow-Origin";
            let always = nginx
                .lines
                .split(own)
                .skip(1)
                .all(|rest| rest.split(';').next().unwrap_or_default().ends_with("always"));
            let behind = match nginx.behind {
                Behind::Gateway(gateway) | Behind::OneBadReplicaOfThree(gateway) => readable(gateway.cors.on),
                Behind::Nobody | Behind::Silence => false,
            };
            if nginx.lines.contains(own) { always } else { behind }
        }
        Station::Misbehaving(server) => readable(server.cors.on),
        Station::Source(source) if row.form.mlflow_path == "/mlflow" => readable(source.direct.cors.on),
        Station::Source(source) => readable(source.proxy.cors.on),
        _ => row.gateways().iter().all(|gateway| readable(gateway.cors.on)),
    }
}

/// What a row expects in one engine or another.
fn expected(row: &Row) -> [Expect; 3] {
    ["chromium", "firefox", "webkit"].map(|engine| row.expected_in(engine))
}

/// True when this is what the matter is; that a row names it beside the truth is no proof of anything.
fn is(row: &Row, code: &str) -> bool {
    row.truth().contains(&code)
}

fn is_certain(row: &Row, code: &str) -> bool {
    expected(row).iter().any(|expect| expect.certain.contains(&code))
}

/// The causes that are about the key, in the order of the catalogue.
fn of_the_key() -> Vec<&'static str> {
    let own = |class: Class| matches!(class, Class::Auth | Class::Credentials);
    let all = causes::ALL.iter().filter(|cause| own(cause.class) || ALSO.contains(&cause.code));
    all.map(|cause| cause.code).collect()
}

#[test]
fn every_cause_of_the_key_has_its_rows() {
    let mut missing = Vec::new();
    println!("{:<26} {:<44} {:<44}", "cause (! certain)", "refusals may be read", "refusals may not be read");
    for code in of_the_key() {
        let (readable, unread): (Vec<&Row>, Vec<&Row>) =
            scenarios::all().filter(|row| is(row, code)).partition(|row| refusals_are_readable(row));
        let list = |rows: &[&Row]| {
            let mark = |row: &&Row| format!("{}{}", row.id, if is_certain(row, code) { "!" } else { "" });
            rows.iter().map(mark).collect::<Vec<_>>()
        };
        let (with, without) = (list(&readable), list(&unread));
        let never = NEVER_UNREAD.iter().find(|(known, _)| *known == code);
        for line in 0..with.len().max(without.len()).max(1) {
            let cell = |list: &[String]| list.get(line).cloned().unwrap_or_default();
            let right = match never {
                Some((_, why)) if line == 0 => format!("({why})"),
                _ => cell(&without),
            };
            println!("{:<26} {:<44} {right}", if line == 0 { code } else { "" }, cell(&with));
        }
        if readable.is_empty() {
            missing.push(format!("{code} has no row whose refusals may be read"));
        }
        match (never, unread.is_empty()) {
            (None, true) => missing.push(format!("{code} has no row whose refusals may not be read")),
            (Some(_), false) => missing.push(format!("{code} has a row that it cannot have")),
            _ => {}
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

/// Every cause that can be certain is certain in some row: a build that never dares to say so has no such row.
#[test]
fn certainty_is_expected_where_it_can_be_had() {
    // What only somebody inside could know for sure, or somebody who tries other ways (see tests/webdriver/other_ways.rs).
    const NEVER_CERTAIN: [(&str, &str); 2] = [
        ("auth-contract-mismatch", "how the gateway asks the auth service is not visible from outside"),
        ("slow-dependency", "what is slow behind the gateway is not visible from outside"),
    ];
    for code in of_the_key() {
        let certain = scenarios::all().any(|row| is_certain(row, code));
        let never = NEVER_CERTAIN.iter().any(|(known, _)| *known == code);
        assert_ne!(certain, never, "{code}");
    }
}

/// Rows that show the same to a user, by the look-alike table of facts/incidents.md: what is seen, and its rows. Each
/// list is of different causes.
const ALIKE: [(&str, &[&str]); 12] = [
    (
        "401 \"Invalid or expired\" on all proxy paths",
        &[
            "source-unknown-key",
            "i02-key-in-the-body",
            "i03-service-id",
            "source-test-key",
            "key-expired-said",
        ],
    ),
    (
        "the same, unread",
        &[
            "cors-missing-on-errors-unknown-key",
            "i02-key-in-the-body-unread",
            "i03-service-id-unread",
            "key-wrong-environment-unread",
            "key-expired-said-unread",
        ],
    ),
    (
        "401 \"API key required\" though a key was sent",
        &["key-wanted-in-x-api-key", "i22-key-stripped", "key-missing"],
    ),
    (
        "the same, unread",
        &["key-wanted-in-x-api-key-unread", "i22-key-stripped-unread", "key-missing-unread"],
    ),
    (
        "401 \"Authentication service …\"",
        &["i08-shared-load-balancer", "i09-auth-service-gone", "i36-limit-as-401"],
    ),
    (
        "the same, unread",
        &["i08-shared-load-balancer-unread", "i09-auth-service-gone-unread", "rate-limited-unread"],
    ),
    (
        "403",
        &["i24-read-only-key", "i38-admins-only", "i33-host-check", "mlflow-origin-not-allowed-to-write"],
    ),
    ("404", &["i17-mount-deleted", "path-prefix-passed-on", "i15-after-the-migration", "i05-static-prefix"]),
    ("502", &["i07-mlflow-out-of-reach", "gateway-without-backend-502", "i15-after-the-migration"]),
    ("503", &["auth-service-down", "gateway-without-backend-503", "artifacts-not-served"]),
    ("504 or nothing", &["nginx-upstream-slow", "i18-api-hangs", "auth-service-hangs"]),
    (
        "a request that fails, and nothing else",
        &[
            "cors-missing-on-errors-unknown-key",
            "host-unreachable",
            "i30-preflight-refused",
            "cors-not-allowed",
        ],
    ),
];

#[test]
fn what_looks_alike_is_told_apart() {
    for (seen, ids) in ALIKE {
        let rows: Vec<&Row> = ids
            .iter()
            .map(|id| scenarios::named(id).unwrap_or_else(|| panic!("there is no row {id}")))
            .collect();
        for engine in ["chromium", "firefox", "webkit"] {
            let mut verdicts = BTreeSet::new();
            for row in &rows {
                let expect = row.expected_in(engine);
                // In the order of the list, since what stands first is what is said first.
                assert!(
                    verdicts.insert((expect.certain, expect.shortlist)),
                    "{seen}, {engine}: {} is not told apart from another",
                    row.id
                );
            }
        }
    }
}

/// No key is blamed that was not refused for itself: rows whose key is good never expect a verdict on the key.
#[test]
fn no_good_key_is_blamed() {
    const BLAME: [&str; 5] =
        ["key-rejected", "key-expired", "key-malformed", "key-wrong-environment", "key-missing"];
    for row in scenarios::all().filter(|row| row.key == lab::keys::Key::Good) {
        for expect in expected(row) {
            let blamed = expect.certain.iter().find(|code| BLAME.contains(code));
            assert_eq!(blamed, None, "{}: the key is good", row.id);
        }
    }
}

#[test]
fn the_table_is_sound() {
    assert_eq!(scenarios::problems(), Vec::<String>::new());
}
