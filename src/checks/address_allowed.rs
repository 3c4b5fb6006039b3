//! `address-allowed`

use super::{Check, Judgement, Status, Suite, asks_nothing};
use crate::run::{Facts, Reach};

pub const CHECK: Check = Check {
    id: "address-allowed",
    suite: Suite::Browser,
    title: "The browser lets this page ask these addresses",
    failing_title: "The browser forbids this page to ask one of these addresses",
    asks: asks_nothing,
    judge,
};

fn judge(facts: &Facts) -> Judgement {
    let expected = "Every address may be asked from this page.";
    for host in facts.deployment.hosts() {
        let Some(base) = facts.deployment.base(host) else { continue };
        let origin = &base.origin;
        let actual = if facts.is_mixed_content(host) {
            format!("This page came over https, and {origin} is http: browsers block that as mixed content.")
        } else if facts.is_port_blocked(host) {
            format!("Browsers refuse port {}.", origin.port)
        } else if facts.is_policy_blocked(host) {
            format!("This page's own content security policy blocked {origin}.")
        } else {
            let unseen = facts.reach(host) == Reach::NoAnswer;
            let asks_first = origin.is_private() && facts.is_asked_for_local_network(host);
            if asks_first && unseen && facts.environment.local_network.as_deref() == Some("denied") {
                let actual = format!(
                    "{origin} is in a private network, and this browser was told not to let this page in there."
                );
                return Judgement::new(Status::Fail, expected, actual, &[]);
            }
            continue;
        };
        return Judgement::new(Status::Fail, expected, actual, &[]);
    }
    Judgement::new(Status::Pass, expected, "No rule of the browser stands against it.", &[])
}
