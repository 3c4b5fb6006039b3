//! Runs one decoder with whatever libFuzzer thinks of. `PREFLIGHT_FUZZ` names it. Without libFuzzer's own build flags
//! (`--cfg fuzzing`), it writes the seeds of all decoders into the folder that is named: `fuzz FOLDER`.

#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
mod target {
    use decoders::{ALL, Decoder};
    use std::sync::OnceLock;

    libfuzzer_sys::fuzz_target!(|data: &[u8]| {
        static CHOSEN: OnceLock<&Decoder> = OnceLock::new();
        let chosen = CHOSEN.get_or_init(|| {
            let name = std::env::var("PREFLIGHT_FUZZ").unwrap_or_default();
            ALL.iter().find(|decoder| decoder.name == name).expect("PREFLIGHT_FUZZ names a decoder")
        });
        (chosen.run)(data);
    });
}

#[cfg(not(fuzzing))]
fn main() -> std::io::Result<()> {
    use std::path::{Path, PathBuf};
    let to = PathBuf::from(std::env::args().nth(1).expect("a folder"));
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for decoder in decoders::ALL {
        let folder = to.join(decoder.name);
        std::fs::create_dir_all(&folder)?;
        for (number, seed) in decoders::seeds(&root, decoder.name).into_iter().enumerate() {
            let short: Vec<u8> = seed.into_iter().take(decoder.longest).collect();
            std::fs::write(folder.join(format!("seed-{number}")), short)?;
        }
        println!("{} {}", decoder.name, decoder.longest);
    }
    Ok(())
}
