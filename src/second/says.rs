//! What curl says in its own words, whichever TLS library it was built with.

use crate::probe::Came;

/// `curl: (7) …`, also behind a shell's own words.
pub(super) fn failure(line: &str) -> Option<(u16, &str)> {
    let rest = &line[line.find("curl: (").filter(|at| *at < 40)? + 7..];
    let (number, says) = rest.split_once(')')?;
    Some((number.parse().ok()?, says.trim()))
}

pub(super) fn is_status_line(line: &str) -> bool {
    let Some(rest) = line.strip_prefix("HTTP/") else { return false };
    let mut words = rest.split(' ');
    let version = words.next().unwrap_or_default();
    let status = words.next().unwrap_or_default();
    matches!(version, "1.0" | "1.1" | "2" | "2.0" | "3" | "3.0")
        && status.len() == 3
        && status.chars().all(|c| c.is_ascii_digit())
}

/// A header of HTTP/2 or HTTP/3 as curl tells of it: `h2h3 [name: value]`, `[HTTP/2] [1] [name: value]`.
pub(super) fn field(says: &str) -> Option<(&str, &str)> {
    let inner = says.strip_suffix(']')?;
    let (name, value) = inner[inner.rfind('[')? + 1..].split_once(": ")?;
    Some((name, value))
}

/// Why a connection could not be opened.
pub(super) fn refused(says: &str) -> Came {
    if says.to_ascii_lowercase().contains("timed out") { Came::Silent } else { Came::Refused }
}

/// What curl's words mean, whichever TLS library it was built with.
pub(super) fn trouble(says: &str) -> Option<Came> {
    let says = says.to_ascii_lowercase();
    let has = |marks: &[&str]| marks.iter().any(|mark| says.contains(mark));
    let came = if has(&["certificate has expired", "cert_expired", "certificate expired", "not yet valid"]) {
        Came::CertificateExpired
    } else if has(&[
        "no alternative certificate subject name",
        "does not match target",
        "certificate subject name",
        "wrong_principal",
        "certificate name mismatch",
    ]) {
        Came::CertificateName
    } else if has(&["self-signed certificate", "self signed certificate"]) && !has(&["in certificate chain"])
    {
        Came::CertificateSelfSigned
    } else if has(&[
        "ssl certificate problem",
        "untrusted_root",
        "certificate verification failed",
        "certificate verify failed",
    ]) {
        Came::CertificateIssuer
    } else if has(&["http/0.9 when not allowed", "unsupported http version", "weird server reply"]) {
        Came::NotHttp
    } else if has(&[
        "reset by peer",
        "ssl_error_syscall",
        "unexpected eof",
        "empty reply",
        "broken pipe",
        "not closed cleanly",
        "recv failure",
        "send failure",
        "connection died",
    ]) {
        Came::Broken
    } else if has(&[
        "wrong version number",
        "handshake fail",
        "alert",
        "packet length too long",
        "unsupported protocol",
        "no protocols available",
        "illegal_message",
        "sec_e_",
    ]) && has(&["ssl", "tls", "schannel", "error:"])
    {
        Came::Handshake
    } else if has(&["timed out after", "operation timed out"]) {
        Came::Silent
    } else {
        return None;
    };
    Some(came)
}
