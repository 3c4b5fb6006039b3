//! The fuzz targets (tests/fuzz) over their seeds, pieces of them, and everything that fuzzing ever found: so the targets
//! keep compiling, what was mended stays mended, and a decoder that dies of a cut file is seen without a fuzzer.

#[path = "fuzz/decoders.rs"]
mod decoders;

use std::path::Path;
use std::time::{Duration, Instant};

/// No input of these sizes takes longer, also on a busy machine without optimisation.
const LIMIT: Duration = Duration::from_secs(20);

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn run(decoder: &decoders::Decoder, data: &[u8], what: &str) {
    let begun = Instant::now();
    (decoder.run)(data);
    assert!(begun.elapsed() < LIMIT, "{} takes {:?} for {what}", decoder.name, begun.elapsed());
}

#[test]
fn every_seed_and_its_pieces_are_survived() {
    for decoder in decoders::ALL {
        let seeds = decoders::seeds(root(), decoder.name);
        assert!(
            !seeds.is_empty() && seeds.iter().all(|seed| !seed.is_empty()),
            "{} has no seed",
            decoder.name
        );
        for seed in seeds {
            run(decoder, &seed, "a seed");
            run(decoder, &seed[..seed.len().min(decoder.longest)], "a seed as the fuzzer has it");
            // Cut anywhere, and with a part of it twice.
            for piece in 1..8 {
                let at = seed.len() * piece / 8;
                run(decoder, &seed[..at], "a cut seed");
                run(decoder, &[&seed[..at], &seed[at / 2..]].concat(), "a seed with a part of it twice");
            }
        }
    }
}

#[test]
fn what_was_found_is_survived() {
    let found = root().join("tests/fuzz/found");
    for decoder in decoders::ALL {
        let entries = std::fs::read_dir(found.join(decoder.name)).into_iter().flatten().flatten();
        for entry in entries {
            let data = std::fs::read(entry.path()).expect("a file");
            run(decoder, &data, &entry.path().display().to_string());
        }
    }
}

#[test]
fn nothing_was_found_for_a_decoder_that_is_not_there() {
    let entries = std::fs::read_dir(root().join("tests/fuzz/found")).into_iter().flatten().flatten();
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        assert!(decoders::ALL.iter().any(|decoder| decoder.name == name), "{name} is no decoder");
    }
}
