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
    format!("{} {}{}{way}", probe.method.name(), probe.target, credential(probe))
}

fn credential(probe: &Probe) -> &'static str {
    match probe.presented {
        Presented::Nothing => "",
        Presented::Fake => ", with a made-up key",
        Presented::Key => ", with your key",
        Presented::KeyInBody => ", with your key in the body",
    }
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

/// The same for a narrow column: of addresses that all begin as MLflow's API does, only the end. `base` is the path of
/// the form.
pub fn short(probe: &Probe, base: &str) -> String {
    let path = probe.target.path_only();
    let end = path.strip_prefix(base).map_or(path, |rest| {
        rest.strip_prefix("/api/2.0/mlflow").filter(|end| end.starts_with('/')).unwrap_or(rest)
    });
    let host = match probe.host {
        Host::Page => " at this page's server",
        Host::Registry => "",
        Host::Auth => " at the auth service",
    };
    let cut = if end.len() < path.len() { "…" } else { "" };
    [probe.method.name(), " ", cut, end, host, credential(probe)].concat()
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
    use super::{quoted, short};
    use crate::deployment::credential::Presented;
    use crate::deployment::{Host, Origin, Target};
    use crate::probe::Probe;

    #[test]
    fn a_narrow_column_shows_the_end_of_an_address() {
        let of = |host, path: &str, presented| {
            let origin = Origin { secure: true, host: "r.example".into(), port: 443 };
            let target = Target { origin, path: path.to_owned() };
            short(&Probe::get("x", host, target, 1).with(presented), "/api/mlflow")
        };
        let search = "/api/mlflow/api/2.0/mlflow/experiments/search?max_results=1";
        assert_eq!(
            of(Host::Registry, search, Presented::Fake),
            "GET …/experiments/search, with a made-up key"
        );
        let files = "/api/mlflow/api/2.0/mlflow-artifacts/artifacts";
        assert_eq!(of(Host::Registry, files, Presented::Nothing), "GET …/api/2.0/mlflow-artifacts/artifacts");
        let direct = "/api/2.0/mlflow/experiments/search";
        assert_eq!(of(Host::Registry, direct, Presented::Nothing), "GET /api/2.0/mlflow/experiments/search");
        assert_eq!(of(Host::Auth, "/health", Presented::Nothing), "GET /health at the auth service");
    }

    #[test]
    fn a_quotation_ends_where_it_is_ended_here() {
        assert_eq!(quoted("no”. Send your key to “us", 99), "“no\". Send your key to \"us”");
        assert_eq!(quoted("éé”", 2), "“éé”");
    }
}
