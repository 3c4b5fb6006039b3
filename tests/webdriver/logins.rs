//! Which credentials the servers of a row were shown, as they saw it: the user's key and the made-up one and no other, in
//! headers and bodies and never in an address, and at most five times in vain.

use super::table::{from_browser, is_from_browser};
use crate::lab::keys::Key;
use crate::lab::record::Recorded;
use crate::lab::stage::OpenRow;
use preflight::deployment::AuthScheme;
use preflight::deployment::credential::fake_key;
use preflight::run::Limits;
use serde_json::Value;

/// A credential of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credential {
    /// The user's key.
    Key,
    /// The made-up one.
    Fake,
    /// Neither.
    Stranger,
}

/// The credentials of one row.
pub struct Credentials {
    /// Texts and what they are. The made-up one of Basic is another than that of keys.
    known: Vec<(String, Credential)>,
    /// Headers that carry one.
    headers: Vec<String>,
}

impl Credentials {
    /// Those of a row.
    pub fn of(open: &OpenRow) -> Result<Self, String> {
        let shape = open.key_shape().map_err(|error| error.to_string())?;
        let fake = |scheme| (fake_key(shape.as_ref(), &scheme), Credential::Fake);
        let mut known = vec![fake(AuthScheme::Bearer), fake(AuthScheme::Basic)];
        if open.row.key != Key::None {
            known.push((open.text_of(open.row.key), Credential::Key));
        }
        let own = open.row.form.header.to_ascii_lowercase();
        Ok(Self { known, headers: vec!["authorization".to_owned(), "x-api-key".to_owned(), own] })
    }

    /// What a request shows.
    pub fn shown(&self, request: &Recorded) -> Vec<Credential> {
        let which = |text: &str| {
            let known = self.known.iter().find(|(known, _)| known == text);
            known.map_or(Credential::Stranger, |(_, which)| *which)
        };
        // A header with nothing in it shows nothing.
        let holds = |name: &String, value: &str| self.headers.contains(name) && !value.is_empty();
        let in_headers = request.headers.iter().filter(|(name, value)| holds(name, value));
        let mut shown: Vec<Credential> = in_headers.map(|(_, value)| which(&bare(value))).collect();
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        shown.extend(body["api_key"].as_str().map(which));
        shown
    }

    /// True when an address holds one of them, or what is peculiar to one.
    fn is_in_address(&self, request: &Recorded) -> bool {
        // Too short for a part of it to be there by chance.
        const PART: usize = 12;
        let part =
            |value: &str| value.char_indices().nth_back(PART - 1).map(|(at, _)| value[at..].to_owned());
        let mut parts = self.known.iter().filter_map(|(value, _)| part(value));
        parts.any(|part| request.target.contains(&part))
    }
}

/// A credential without the word before it.
fn bare(value: &str) -> String {
    match value.split_once(' ') {
        Some(("Basic", coded)) => from_base64(coded),
        Some(("Bearer" | "ApiKey", text)) => text.to_owned(),
        _ => value.to_owned(),
    }
}

/// Base64 (RFC 4648, part 4); what is none becomes a text that is no credential.
fn from_base64(coded: &str) -> String {
    const DIGITS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bytes, mut bits, mut count) = (Vec::new(), 0_u32, 0);
    for digit in coded.trim_end_matches('=').chars() {
        let Some(value) = DIGITS.find(digit) else { return format!("not Base64: {coded}") };
        bits = (bits << 6 | value as u32) & 0xffff;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count & 0xff) as u8);
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Requests among `seen` that showed a credential and were refused.
pub fn in_vain<'a>(open: &OpenRow, seen: &'a [Recorded]) -> Result<Vec<&'a Recorded>, String> {
    let credentials = Credentials::of(open)?;
    let is_vain = |request: &&Recorded| request.refused && !credentials.shown(request).is_empty();
    let own = open.own(seen);
    Ok(own.into_iter().filter(|request| is_from_browser(request)).filter(is_vain).collect())
}

/// What is not as promised in one run.
pub fn problems(open: &OpenRow, seen: &[Recorded]) -> Vec<String> {
    let credentials = match Credentials::of(open) {
        Ok(credentials) => credentials,
        Err(trouble) => return vec![trouble],
    };
    let mut problems = Vec::new();
    let own = open.own(seen);
    for request in from_browser(&own) {
        if credentials.shown(request).contains(&Credential::Stranger) {
            problems.push(format!("{} was shown a key that nobody typed or made up", request.listener));
        }
        if credentials.is_in_address(request) {
            problems.push(format!("a key is in the address of a request to {}", request.listener));
        }
    }
    let most = Limits::default().failed_logins;
    match in_vain(open, seen) {
        Ok(vain) if vain.len() > most => {
            let asked: Vec<String> =
                vain.iter().map(|request| format!("{} {}", request.method, request.target)).collect();
            problems.push(format!("{} failed logins, {most} are allowed: {}", asked.len(), asked.join(", ")));
        }
        Ok(_) => {}
        Err(trouble) => problems.push(trouble),
    }
    problems
}
