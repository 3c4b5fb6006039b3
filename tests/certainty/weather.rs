//! What a network, a slow machine or one bad server among several makes of a run.

use super::*;

/// A name that is not found at once, and looked up in vain after that: nobody has answered.
#[test]
fn a_name_that_is_looked_up_in_vain() {
    let flaps = |probe: &Probe| match probe.way {
        Way::NoCors | Way::Manual => Fate::Silent,
        _ => Fate::Refused,
    };
    let outcome = World { registry: flaps, auth: None, ..World::default() }.run();
    assert!(outcome.shortlist.iter().any(|code| code == "host-unreachable"), "{:?}", outcome.shortlist);
    assert!(!outcome.shortlist.iter().any(|code| code == "cors-not-allowed"), "{:?}", outcome.shortlist);
    // Without CORS, and the body stalls: following no redirect changes nothing.
    let stalls = |probe: &Probe| match probe.way {
        Way::NoCors | Way::Prefetch | Way::Object => Fate::Silent,
        _ => Fate::Refused,
    };
    let outcome = World { registry: stalls, auth: None, ..World::default() }.run();
    assert!(outcome.shortlist.iter().any(|code| code == "cors-not-allowed"), "{:?}", outcome.shortlist);
}

/// Measured on a machine that was held up: Chromium's own page for a port that it never asks came after the time limit, and the
/// one for a host that nobody answers before it.
#[test]
fn frames_on_a_slow_machine() {
    let mut run = World { registry: |_| Fate::Refused, auth: None, ..World::default() }.run().run;
    let port =
        run.observations.iter().find(|seen| seen.probe.id == "oracle-frame-port").expect("it was asked");
    let mut frame = port.clone();
    frame.probe.id = "registry-open-frame".into();
    frame.probe.host = preflight::deployment::Host::Registry;
    (frame.saw, frame.ms) = (Saw::Loaded, 153);
    run.observations.push(frame);
    let mut named = |file: u32, port: u32| {
        for seen in &mut run.observations {
            match seen.probe.id.as_str() {
                "oracle-frame-file" => seen.ms = file,
                "oracle-frame-port" => (seen.saw, seen.ms) = (Saw::TimedOut, port),
                _ => {}
            }
        }
        let causes = engine::judge(&run).verdict.causes;
        causes.iter().map(|named| named.code.clone()).collect::<Vec<_>>()
    };
    let slow = named(2_405, 2_431);
    assert!(slow.iter().any(|code| code == "host-unreachable"), "{slow:?}");
    // As Firefox is: nothing comes of the port, and the file came long before.
    let tells = named(20, 2_000);
    assert!(!tells.iter().any(|code| code == "host-unreachable"), "{tells:?}");
}

/// Measured: one in three servers behind nginx answers 502 without CORS headers, and by chance every request with a key met it.
#[test]
fn a_bad_server_among_several_meets_the_key() {
    let met = |probe: &Probe| {
        const MET: [&str; 8] = [
            "registry-random-patch",
            "mlflow-search-key",
            "mlflow-search-fake",
            "registry-open-3",
            "registry-random-post",
            "registry-open-8",
            "registry-open-fake",
            "mlflow-search-empty-header",
        ];
        match MET.contains(&probe.id.as_str()) {
            true => Fate::Reply(Reply::html(502, "<html>502 Bad Gateway nginx").bare()),
            false => healthy_registry(probe),
        }
    };
    not_certain(
        &World { registry: met, ..World::default() },
        "cors-header-not-allowed",
        "gateway-without-backend",
    );
}
