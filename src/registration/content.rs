//! Bytes to upload, and whether they come back the same.

use crate::probe::{Method, Observation, Probe};
use crate::run::Facts;

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// This text.
    Text(&'static str),
    /// So many bytes of a fixed pattern with every value in it, also what is no text.
    Pattern(u32),
    /// So many times [`Content::block`]: for sizes that are not compared.
    Blocks(u32),
}

/// The files that are uploaded and read back: how the steps are called, and what is in them.
pub const FILES: [(&str, Content); 4] = [
    ("text", Content::Text("A file of Preflight.\r\nGrüße, 世界, \u{1F6EB}\u{0}\n")),
    ("empty", Content::Text("")),
    ("binary", Content::Pattern(4_096)),
    ("large", Content::Pattern(5 << 20)),
];

/// One MiB.
pub const MIB: u32 = 1 << 20;

/// What a step uploads or expects back; `None` for steps with a body of their own or none.
pub fn of(id: &str) -> Option<Content> {
    if let Some(mib) = id.strip_prefix("write-size-") {
        return mib.parse().ok().map(Content::Blocks);
    }
    let name = id.strip_prefix("write-files-put-").or_else(|| id.strip_prefix("write-files-get-"))?;
    FILES.iter().find(|(known, _)| *known == name).map(|(_, content)| *content)
}

/// A probe's `curl` command with as many bytes as it uploads, where these stand in no report. Zeros: their number is what matters.
pub fn with_bytes(command: String, probe: &Probe) -> String {
    match of(&probe.id).map(Content::bytes_long) {
        Some(length @ 1..) if probe.method == Method::Put && probe.body.is_none() => {
            format!("head -c {length} /dev/zero | {command} --data-binary @-")
        }
        _ => command,
    }
}

/// A length in words.
pub fn size(bytes: u32) -> String {
    match bytes {
        0..MIB => format!("{bytes} bytes"),
        _ => format!("{} MiB", bytes / MIB),
    }
}

/// How long an upload is.
pub fn length_of(seen: &Observation) -> Option<u32> {
    match &seen.probe.body {
        Some(body) => Some(body.len() as u32),
        None => of(&seen.probe.id).map(Content::bytes_long),
    }
}

/// True for steps that go through MLflow's file API.
pub fn is_file_step(seen: &Observation) -> bool {
    seen.probe.target.path.contains("/mlflow-artifacts/")
}

/// The longest upload that passed, bytes.
pub fn largest(facts: &Facts) -> Option<u32> {
    let passed = facts.writes().filter(|seen| is_file_step(seen) && seen.answer().is_some_and(|it| it.ok()));
    passed.filter_map(length_of).max()
}

/// True for steps that read such a file back.
pub fn comes_back(id: &str) -> bool {
    id.starts_with("write-files-get-")
}

/// How long such a step may take: half a MiB a second, and some patience.
pub fn timeout_ms(id: &str) -> u32 {
    20_000 + of(id).map_or(0, Content::bytes_long) / MIB * 2_000
}

impl Content {
    /// Its length.
    pub fn bytes_long(self) -> u32 {
        match self {
            Self::Text(text) => text.len() as u32,
            Self::Pattern(length) => length,
            Self::Blocks(count) => count.saturating_mul(MIB),
        }
    }

    /// The bytes. Not for [`Content::Blocks`], which repeat [`Content::block`].
    pub fn bytes(self) -> Vec<u8> {
        match self {
            Self::Text(text) => text.as_bytes().to_vec(),
            Self::Pattern(length) => pattern(length),
            Self::Blocks(_) => Self::block(),
        }
    }

    /// One MiB of the pattern.
    pub fn block() -> Vec<u8> {
        pattern(MIB)
    }
}

/// A sequence that never repeats in any of these lengths (xorshift), so that lost, doubled and swapped parts show.
fn pattern(length: u32) -> Vec<u8> {
    let mut state = length | 1;
    let next = |_| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        (state >> 11) as u8
    };
    (0..length).map(next).collect()
}

/// Compares what comes, piece by piece.
pub struct Comparison {
    expected: Vec<u8>,
    at: usize,
    same: bool,
}

impl Comparison {
    /// With what was uploaded.
    pub fn with(content: Content) -> Comparison {
        Comparison { expected: content.bytes(), at: 0, same: true }
    }

    /// Takes the next piece.
    pub fn take(&mut self, piece: &[u8]) {
        let end = self.at + piece.len();
        self.same = self.same && self.expected.get(self.at..end) == Some(piece);
        self.at = end;
    }

    /// True when more came than was uploaded: it cannot become equal any more.
    pub fn is_over(&self) -> bool {
        self.at > self.expected.len()
    }

    /// True when everything came, and nothing else.
    pub fn is_equal(&self) -> bool {
        self.same && self.at == self.expected.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_equal_bytes_are_equal() {
        let bytes = Content::Pattern(5_000).bytes();
        let verdict = |pieces: &[&[u8]]| {
            let mut it = Comparison::with(Content::Pattern(5_000));
            pieces.iter().for_each(|piece| it.take(piece));
            it.is_equal()
        };
        assert!(verdict(&[&bytes]));
        assert!(verdict(&[&bytes[..17], &[], &bytes[17..]]));
        assert!(!verdict(&[&bytes[..4_999]]));
        assert!(!verdict(&[&bytes, &[0]]));
        assert!(!verdict(&[&bytes[17..], &bytes[..17]]));
        assert!((0..=255).all(|value| bytes.contains(&value)));
    }
}
