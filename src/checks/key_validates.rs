//! `key-validates`

use super::{Check, Judgement, Status, Suite, describe};
use crate::deployment::Host;
use crate::deployment::credential::Presented;
use crate::json;
use crate::probe::{Probe, quoted};
use crate::run::Facts;
use crate::run::facts::ask;

pub const CHECK: Check = Check {
    id: "key-validates",
    suite: Suite::AuthService,
    title: "The auth service knows the key",
    failing_title: "The auth service does not accept the key",
    asks,
    judge,
};

fn asks(facts: &Facts) -> Vec<Probe> {
    let Some(auth) = facts.deployment.auth.as_ref().filter(|_| facts.best_credential() == Presented::Key)
    else {
        return Vec::new();
    };
    let body = match &facts.deployment.service_id {
        Some(id) => json::texts(&[("service_id", id)]),
        None => "{}".to_owned(),
    };
    vec![
        facts
            .get(ask::VALIDATE_KEY, Host::Auth, auth.base.join(&auth.validate_path))
            .with(Presented::Key)
            .json(body),
    ]
}

/// What the auth service says that the key is for.
fn terms(facts: &Facts) -> String {
    let said =
        |lead: &str, text: Option<String>| text.map(|text| [lead, &text, "."].concat()).unwrap_or_default();
    let number =
        |usual| facts.auth_field(ask::VALIDATE_KEY, usual)?.as_i64().map(|number| number.to_string());
    let expires = facts.auth_text(ask::VALIDATE_KEY, "expires_at").or_else(|| number("expires_at"));
    [
        said(" Service: ", facts.auth_text(ask::VALIDATE_KEY, "service_id")),
        said(" Scopes: ", facts.scopes().map(|scopes| scopes.join(", "))),
        said(" Requests an hour: ", number("rate_limit_per_hour")),
        said(" Expires: ", expires),
    ]
    .concat()
}

fn judge(facts: &Facts) -> Judgement {
    let expected = "200, and not “is_valid: false”.";
    let judged = |status, actual: String| Judgement::new(status, expected, actual, &[ask::VALIDATE_KEY]);
    if facts.deployment.auth.is_none() || !facts.wants_key() || !facts.key.present {
        return Judgement::new(
            Status::Skipped,
            expected,
            "There is no auth service or no key to ask about.",
            &[],
        );
    }
    let Some(seen) = facts.saw(ask::VALIDATE_KEY) else {
        return Judgement::new(Status::Unknown, expected, "Not asked.", &[]);
    };
    match facts.auth_says() {
        Some(true) => judged(Status::Pass, format!("{}.{}", describe(seen), terms(facts))),
        Some(false) => {
            let words = seen.answer().map(|answer| answer.error_text()).unwrap_or_default();
            judged(Status::Fail, format!("{}: {}.", describe(seen), quoted(&words, 300)))
        }
        None => judged(
            Status::Unknown,
            format!("The page saw {}, which says nothing about the key.", describe(seen)),
        ),
    }
}
