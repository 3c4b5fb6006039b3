//! Certificates and schemes: what goes wrong before the first byte of HTTP.

use super::super::gateway::Gateway;
use super::super::tls::Certificate;
use super::{Expect, HEALTHY, Row, Station, by_curl};

/// What Chromium cannot tell apart when nothing comes back over https.
const NO_TLS: Expect =
    Expect::shortlist(&["host-unreachable", "tls-failure", "connection-broken", "extension-blocked"]);
/// Firefox closes a socket with a code of its own.
const REFUSED: Option<Expect> = Some(Expect::certain(&["tls-failure"]));

/// The rows.
pub const ROWS: &[Row] = &[
    Row {
        id: "healthy-tls",
        sentence: "All is well over https, with a certificate of an authority that this browser was told to trust.",
        look_alikes: &["tls-self-signed"],
        ..tls(Certificate::Good)
    },
    Row {
        id: "tls-self-signed",
        sentence: "The registry's certificate is signed by itself.",
        expect: NO_TLS,
        firefox: REFUSED,
        settled: by_curl(&["tls-failure"]),
        look_alikes: &["tls-expired", "tls-wrong-name", "tls-on-plain-port"],
        ..tls(Certificate::SelfSigned)
    },
    Row {
        id: "tls-expired",
        sentence: "The registry's certificate has expired.",
        expect: NO_TLS,
        firefox: REFUSED,
        settled: by_curl(&["tls-failure"]),
        look_alikes: &["tls-self-signed", "tls-wrong-name"],
        ..tls(Certificate::Expired)
    },
    Row {
        id: "tls-wrong-name",
        sentence: "The registry's certificate is for another name.",
        expect: NO_TLS,
        firefox: REFUSED,
        settled: by_curl(&["tls-failure"]),
        look_alikes: &["tls-self-signed", "tls-expired"],
        ..tls(Certificate::WrongName)
    },
    Row {
        id: "tls-on-plain-port",
        sentence: "The address was typed with https, and the port speaks plain http.",
        registry: Station::WrongScheme(None, Gateway::HEALTHY),
        expect: NO_TLS,
        // Firefox tells a broken handshake from a bad certificate by luck, so nothing is built on it here.
        settled: by_curl(&["tls-failure"]),
        look_alikes: &["tls-self-signed", "plain-on-tls-port"],
        ..HEALTHY
    },
    Row {
        id: "plain-on-tls-port",
        sentence: "The address was typed with http, and the port speaks TLS.",
        registry: Station::WrongScheme(Some(Certificate::SelfSigned), Gateway::HEALTHY),
        expect: Expect::shortlist(&[
            "host-unreachable",
            "connection-broken",
            "extension-blocked",
            "redirect-without-cors",
        ]),
        firefox: Some(Expect::shortlist(&[
            "cors-not-allowed",
            "login-wall",
            "not-mlflow",
            "connection-broken",
        ])),
        settled: by_curl(&["connection-broken"]),
        look_alikes: &["host-unreachable", "nginx-plain-on-tls-port"],
        ..HEALTHY
    },
];

/// A healthy deployment but for its gateway's certificate.
const fn tls(certificate: Certificate) -> Row {
    Row { registry: Station::Tls(certificate, Gateway::HEALTHY), ..HEALTHY }
}
