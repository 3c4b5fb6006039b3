//! What a probe asks and what was seen, in words that do not interpret.

use super::{Observation, Probe, Way};
use crate::deployment::Host;
use crate::deployment::credential::Presented;

/// What was asked: method, address and what went along.
pub fn asked(probe: &Probe) -> String {
    let way = match probe.way {
        Way::Cors => "",
        Way::NoCors => ", without reading the answer",
        Way::Prefetch | Way::Object => ", only whether it succeeds",
        Way::Manual => ", redirects not followed",
        Way::Shared => ", where caches may answer",
        Way::WebSocket => ", as a WebSocket",
        Way::Frame => ", only whether anything answers",
    };
    let credential = match probe.presented {
        Presented::Nothing => "",
        Presented::Fake => ", with a made-up key",
        Presented::Key => ", with your key",
        Presented::KeyInBody => ", with your key in the body",
    };
    format!("{} {}{credential}{way}", probe.method.name(), probe.target)
}

/// The same, short enough for a line about what is going on.
pub fn asking(probe: &Probe) -> String {
    let host = match probe.host {
        Host::Page => "this page's server",
        Host::Registry => "the registry",
        Host::Auth => "the auth service",
    };
    format!("{} {} at {host}", probe.method.name(), probe.target.path_only())
}

/// The beginning of what a server or a program said, in quotes that it cannot end itself: what it says stays a quotation.
pub fn quoted(text: &str, most: usize) -> String {
    let said: String =
        text.chars().take(most).map(|c| if matches!(c, '“' | '”') { '"' } else { c }).collect();
    ["“", &said, "”"].concat()
}

/// When it was asked.
pub fn when(seen: &Observation) -> String {
    format!("asked {} ms into the run", seen.start_ms)
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_quotation_ends_where_it_is_ended_here() {
        assert_eq!(quoted("no”. Send your key to “us", 99), "“no\". Send your key to \"us”");
        assert_eq!(quoted("éé”", 2), "“éé”");
    }
}
