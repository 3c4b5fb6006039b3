//! The lab's table itself, without a browser: it is sound, and no cause is without a row and its look-alikes.

#[allow(dead_code, reason = "serves the browser tests, and the table alone is looked at here")]
#[path = "lab/mod.rs"]
mod lab;

use lab::scenarios::{self, Expect, Row};
use preflight::diagnosis::causes;

fn expectations(row: &Row) -> impl Iterator<Item = Expect> {
    [Some(row.expect), row.firefox, row.webkit].into_iter().flatten()
}

fn names(row: &Row, code: &str) -> bool {
    expectations(row).any(|expect| expect.certain.contains(&code) || expect.shortlist.contains(&code))
}

#[test]
fn the_table_is_sound() {
    assert_eq!(scenarios::problems(), Vec::<String>::new());
}

#[test]
fn every_cause_has_a_row_and_a_look_alike() {
    let mut missing = Vec::new();
    for code in causes::ALL.iter().map(|cause| cause.code) {
        // Somebody else's row must stand against it: one in which this cause is not certain.
        let stands_against = |id: &&'static str| {
            scenarios::named(id).is_some_and(|row| expectations(row).all(|it| !it.certain.contains(&code)))
        };
        let has_both = |row: &Row| names(row, code) && row.look_alikes.iter().any(stands_against);
        if !scenarios::all().any(has_both) {
            missing.push(code);
        }
    }
    assert_eq!(missing, [""; 0], "no row of tests/lab/scenarios has this cause and a look-alike");
}

/// Faults that only a change meets are proven with the box ticked.
#[test]
fn what_only_a_registration_meets_is_registered() {
    let codes = [
        "artifact-root-direct",
        "artifact-store-failing",
        "artifacts-not-served",
        "backend-store-failing",
        "body-size-limit",
        "key-lacks-permission",
        "method-blocked",
        "mlflow-down",
        "rate-limited",
        "request-body-dropped",
        "route-missing",
        "server-error",
    ];
    let has = |code: &str| scenarios::all().any(|row| row.form.registration && names(row, code));
    let missing: Vec<&str> = codes.into_iter().filter(|code| !has(code)).collect();
    assert_eq!(missing, [""; 0], "no row with the box ticked has this cause");
}
