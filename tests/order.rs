//! Answers come back in any order, many at once by the clocks of browsers. Whatever is known so far can be judged, drawn and
//! written, and the order decides nothing about what is certain.

#[allow(dead_code, reason = "serves several test programs, and none needs all of it")]
mod world;

use preflight::catalogue::Catalogue;
use preflight::deployment::credential::Presented;
use preflight::diagnosis::way;
use preflight::engine;
use preflight::probe::Probe;
use preflight::report::shared::{Detail, Shared};
use preflight::report::{Report, Shareable, wire};
use preflight::run::{Run, spans};
use proptest::prelude::*;
use world::{Fate, Reply, World, healthy_auth, healthy_registry};

/// For the key, and as usual else.
fn for_the_key(probe: &Probe, status: u16, text: &str) -> Fate {
    match probe.presented {
        Presented::Nothing => healthy_registry(probe),
        _ => Fate::Reply(Reply::json(status, text)),
    }
}

fn worlds() -> Vec<World> {
    let rejected: fn(&Probe) -> Fate = |probe| match probe.presented {
        Presented::Nothing => healthy_auth(probe),
        _ => Fate::Reply(Reply::json(401, "{\"detail\":\"API key not found\"}")),
    };
    vec![
        World::default(),
        World { key: "", ..World::default() },
        World { closer: true, ..World::default() },
        World { registry: |_| Fate::Refused, ..World::default() },
        World { registry: |_| Fate::Silent, ..World::default() },
        World { registry: |_| Fate::Reply(Reply::json(200, "{}").bare()), ..World::default() },
        World {
            registry: |_| Fate::Reply(Reply::html(502, "<html>502 Bad Gateway nginx")),
            ..World::default()
        },
        World {
            registry: |probe| for_the_key(probe, 401, "{\"detail\":\"Authentication service timeout\"}"),
            auth: Some(|_| Fate::Silent),
            ..World::default()
        },
        World {
            registry: |probe| for_the_key(probe, 401, "{\"detail\":\"Invalid or expired API key\"}"),
            auth: Some(rejected),
            ..World::default()
        },
        World {
            registry: |probe| match for_the_key(probe, 401, "{\"detail\":\"Invalid or expired API key\"}") {
                Fate::Reply(reply) if reply.status == 401 => Fate::Reply(reply.bare()),
                other => other,
            },
            auth: Some(rejected),
            ..World::default()
        },
    ]
}

/// All that a page makes of a run, at any moment of it.
fn show(run: &Run) {
    let judged = engine::judge(run);
    way::stations(&run.facts(), &judged.verdict);
    spans::total(run);
    let shareable = Shareable::of(Report::of(run, &judged, &Catalogue::default()));
    shareable.report().to_json();
    for detail in Detail::FOR_LINKS {
        wire::write(&Shared::of(&shareable, detail));
    }
}

fn certain(run: &Run) -> Vec<String> {
    let causes = engine::judge(run).verdict.causes.into_iter();
    let certain = causes.filter(|named| named.confidence == preflight::diagnosis::Confidence::Certain);
    let mut codes: Vec<String> = certain.map(|named| named.code).collect();
    codes.sort();
    codes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn answers_may_come_in_any_order(picks in prop::collection::vec(0..1_000_usize, 64)) {
        for (number, world) in worlds().into_iter().enumerate() {
            let mut at = 0;
            let pick = |_: usize| {
                at += 1;
                picks[at % picks.len()] + at
            };
            let run = world.run_in_order(pick, show);
            prop_assert_eq!(certain(&run), certain(&world.run().run), "world {}", number);
        }
    }
}
