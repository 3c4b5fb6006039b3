//! The result link's fragment: `r=`, the version of the format, a point, and in base64url the length and checksum of
//! what follows and the compressed report ([`super::wire`]). Compression is the browser's own and stands outside.
//!
//! Length and checksum come first, so that a cut link is known as cut, and what a chat program puts behind a link
//! (a bracket, a full stop) changes nothing.

use super::wire;
use crate::deployment::jwt::base64url;
use std::fmt;

/// A link with more characters than this is not made: mail and chat programs cut longer ones.
pub const LONGEST: usize = 2_000;
/// Characters of a fragment that are read at the most.
const READ: usize = 40_000;
/// Bytes of a report's text at the most, however small it was compressed.
pub const UNPACKED: u32 = 1_000_000;

const MARK: &str = "r=";
const HEAD: usize = 6;
const TABLE: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Why a link shows no report. Each renders as a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkProblem {
    /// It says that it holds a report, and does not.
    NotOurs,
    /// Its end is missing.
    Cut,
    /// Something in it was changed.
    Changed,
    /// A later version made it.
    Newer,
    /// Longer than any link of this page.
    TooLong,
    /// This browser cannot unpack it.
    NoUnpacking,
}

impl fmt::Display for LinkProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotOurs => "This link looks like a report of Preflight and holds none.",
            Self::Cut => {
                "The end of this link is missing, so the report in it cannot be shown. Copy the link again as a whole, or ask for the report as a file."
            }
            Self::Changed => {
                "Something changed this link on its way, so the report in it cannot be shown. Ask for it again, or for the report as a file."
            }
            Self::Newer => {
                "A later version of Preflight made this report, and this one cannot read it. Load this page again; if that does not help, open the link where it was made."
            }
            Self::TooLong => "This link is longer than any that Preflight makes, so it was not read.",
            Self::NoUnpacking => {
                "This browser cannot unpack the report in this link. A current version of any browser can."
            }
        })
    }
}

impl From<wire::Problem> for LinkProblem {
    fn from(problem: wire::Problem) -> LinkProblem {
        match problem {
            wire::Problem::Corrupt => Self::NotOurs,
            wire::Problem::Newer => Self::Newer,
        }
    }
}

/// The fragment for a compressed report, without `#`; `None` when it is too much for any link.
pub fn write(packed: &[u8]) -> Option<String> {
    let length = u16::try_from(packed.len()).ok()?;
    let head = [length.to_be_bytes().as_slice(), &checksum(packed).to_be_bytes()].concat();
    let mut fragment = [MARK, &wire::FORMAT.to_string(), "."].concat();
    for chunk in [head.as_slice(), packed].concat().chunks(3) {
        let byte = |place: usize| u32::from(chunk.get(place).copied().unwrap_or(0));
        let word = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..=chunk.len() {
            fragment.push(char::from(TABLE[(word >> (18 - 6 * place) & 63) as usize]));
        }
    }
    Some(fragment)
}

/// True for a fragment that says it holds a report.
pub fn is_one(fragment: &str) -> bool {
    fragment.trim_start_matches('#').starts_with(MARK)
}

/// The compressed report in a fragment.
pub fn read(fragment: &str) -> Result<Vec<u8>, LinkProblem> {
    if fragment.len() > READ {
        return Err(LinkProblem::TooLong);
    }
    let rest = fragment.trim_start_matches('#').strip_prefix(MARK).ok_or(LinkProblem::NotOurs)?;
    let (version, text) = rest.split_once('.').ok_or(LinkProblem::NotOurs)?;
    match version.parse::<u32>() {
        Ok(wire::FORMAT) => {}
        Ok(version) if version > wire::FORMAT => return Err(LinkProblem::Newer),
        _ => return Err(LinkProblem::NotOurs),
    }
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_').unwrap_or(text.len());
    let bytes = base64url(&text[..end]).ok_or(LinkProblem::Changed)?;
    let Some((head, packed)) = bytes.split_at_checked(HEAD) else { return Err(LinkProblem::Cut) };
    let length = usize::from(u16::from_be_bytes([head[0], head[1]]));
    let packed = packed.get(..length).ok_or(LinkProblem::Cut)?;
    if checksum(packed).to_be_bytes() != head[2..] {
        return Err(LinkProblem::Changed);
    }
    Ok(packed.to_vec())
}

/// FNV-1a: every change of a single byte changes it.
fn checksum(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}
