//! `auth-health`

use super::{Check, Judgement, Status, Suite, describe};
use crate::deployment::{AuthService, Host};
use crate::probe::Probe;
use crate::run::Facts;
use crate::run::facts::{StatusClass, ask, open_status_id};

pub const CHECK: Check = Check {
    id: "auth-health",
    suite: Suite::AuthService,
    title: "The auth service is up",
    failing_title: "The auth service is not well",
    asks,
    judge,
};

/// Where the auth service says what it is.
const ROOT: &str = "auth-root";

fn asks(facts: &Facts) -> Vec<Probe> {
    let root =
        |auth: &AuthService| Some(facts.get(ROOT, Host::Auth, auth.base.join(auth.root_path.as_ref()?)));
    facts.deployment.auth.as_ref().and_then(root).into_iter().collect()
}

/// What it calls itself at its root.
fn name(facts: &Facts) -> String {
    let object = facts.answer(ROOT).filter(|answer| answer.ok()).and_then(|answer| answer.json());
    let text = |name: &str| {
        let text = object.as_ref()?.get(name)?.as_str()?;
        Some(text.chars().take(60).collect::<String>())
    };
    let named: Vec<String> = ["service", "version", "status"].into_iter().filter_map(text).collect();
    if named.is_empty() { String::new() } else { [" It calls itself ", &named.join(", "), "."].concat() }
}

fn judge(facts: &Facts) -> Judgement {
    let expected = "A 2xx status on its health path.";
    let status_id = open_status_id(Host::Auth);
    let judged = |status, actual: String| {
        Judgement::new(status, expected, actual, &[ask::AUTH_OPEN, ROOT, &status_id])
    };
    if facts.deployment.auth.is_none() {
        return Judgement::new(Status::Skipped, expected, "No auth service was given.", &[]);
    }
    let Some(seen) = facts.saw(ask::AUTH_OPEN) else {
        return Judgement::new(Status::Unknown, expected, "Not seen.", &[]);
    };
    match (seen.status(), facts.status_class(&status_id)) {
        (Some(200..=299), _) => judged(Status::Pass, format!("{}.{}", describe(seen), name(facts))),
        // Its root answers: then it is up, and its health path is another one.
        (Some(400..=499), _) if facts.answer(ROOT).is_some_and(|answer| answer.ok()) => judged(
            Status::Warn,
            format!(
                "{}, and its root answers well: its health path may be another one.{}",
                describe(seen),
                name(facts)
            ),
        ),
        (Some(_), _) => judged(Status::Fail, format!("{}.", describe(seen))),
        (None, Some(StatusClass::Success)) => {
            judged(Status::Pass, "A success status; the answer itself is withheld from this page.".to_owned())
        }
        (None, Some(StatusClass::Error)) => judged(
            Status::Fail,
            "An error status, or none; the answer itself is withheld from this page.".to_owned(),
        ),
        (None, None) => judged(Status::Unknown, format!("The page saw {}.", describe(seen))),
    }
}
