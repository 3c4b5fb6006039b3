//! What a second opinion settles. A browser shows a page the same for several causes; `curl` and DevTools see what it
//! withholds. Per symptom: the one command whose output tells, and which cause that output proves.
//!
//! What an answer itself says (a refusal, a server error) is judged by the causes' own rules, as if the page had been
//! allowed to read it ([`super::opinion`]).

use super::Confidence;
use super::symptoms::{Kind, Symptom};
use crate::deployment::{Host, Origin};
use crate::probe::{Answer, Came, Sighting, Who};
use crate::run::facts::{StatusClass, ask, random_status_id};
use crate::run::{Facts, Reach, Refusal};
use Confidence::{Certain, Likely, Possible};

/// What a second opinion makes of a symptom.
#[derive(Default)]
pub(super) struct Settled<'a> {
    /// The causes, and how sure they are now. Every other one is set aside. Empty when [`Settled::behind`] is set.
    pub named: Vec<(&'static str, Confidence)>,
    /// What the answer itself says explains the symptom.
    pub behind: bool,
    /// What it rests on.
    pub by: Vec<&'a Sighting>,
    /// It does not agree with what the browser met: something stands between the browser and the host.
    pub contradicts: bool,
}

/// What a second opinion makes of a symptom; `None` when there is none, or when it decides nothing.
pub(super) fn settle<'a>(symptom: &Symptom, facts: &Facts<'a>) -> Option<Settled<'a>> {
    let host = symptom.host;
    match symptom.kind {
        Kind::NoAnswer => no_answer(facts, host, facts.sighting(Facts::open_id(host), false)?),
        Kind::Unreadable => unreadable(facts, host),
        Kind::Preflight => {
            // Of the decisive request: other paths, and other headers than the key's, may be allowed.
            let search = [ask::SEARCH_NONE, ask::SEARCH_FAKE, ask::SEARCH_KEY];
            let seen = search.iter().filter_map(|id| facts.sighting(id, true)).next_back()?;
            preflight(facts, seen)
        }
        Kind::MethodRefused => {
            let refused = facts.refused_methods();
            let asked = |method: &&'static str| {
                let mut heard =
                    facts.second_opinion.iter().filter(|seen| seen.preflight && seen.host == host);
                heard.rfind(|seen| seen.method == *method)
            };
            let seen = refused.iter().find_map(asked)?;
            method(facts, seen)
        }
        Kind::HiddenErrors => withheld(facts, facts.sighting(ask::SEARCH_NONE, false)?),
        Kind::HiddenRefusal => withheld(facts, facts.sighting(ask::SEARCH_KEY, false)?),
        Kind::HiddenHeaders => {
            let seen = facts.put_off(host).find_map(|seen| facts.sighting(&seen.probe.id, false))?;
            let answer = seen.answer.as_ref().filter(|answer| answer.status == 429)?;
            // Without one there is nothing to show, and the refusal itself is all there is.
            let code = match answer.header("retry-after") {
                Some(_) => "cors-headers-not-exposed",
                None => "rate-limited",
            };
            one(code, Certain, seen)
        }
        Kind::AuthTrouble => auth_trouble(facts, facts.sighting(ask::AUTH_OPEN, false)?),
        _ => None,
    }
}

fn one<'a>(code: &'static str, confidence: Confidence, by: &'a Sighting) -> Option<Settled<'a>> {
    several(&[(code, confidence)], by)
}

fn several<'a>(named: &[(&'static str, Confidence)], by: &'a Sighting) -> Option<Settled<'a>> {
    Some(Settled { named: named.to_vec(), by: vec![by], ..Settled::default() })
}

/// Nothing came back to the browser.
fn no_answer<'a>(facts: &Facts, host: Host, seen: &'a Sighting) -> Option<Settled<'a>> {
    let silent = facts.reach(host) == Reach::Silent;
    match seen.came {
        // A browser may go through a proxy that another program does not know. To http such a proxy answers itself; a
        // tunnel for https that it refuses looks like a host that is not there.
        Came::NameUnknown | Came::Refused => {
            let base = facts.deployment.base(host).filter(|_| seen.by == "curl");
            let proxied = base.is_some_and(|base| base.origin.secure && !base.origin.is_private());
            one("host-unreachable", if silent || proxied { Likely } else { Certain }, seen)
        }
        Came::Silent if silent => one("timeout", Certain, seen),
        // The browser failed at once, and not for want of an answer.
        Came::Silent => several(&[("timeout", Likely), ("extension-blocked", Possible)], seen),
        Came::CertificateExpired | Came::CertificateName | Came::CertificateSelfSigned | Came::Handshake => {
            one("tls-failure", Certain, seen)
        }
        // The browser may know authorities that curl does not, and fail for another reason.
        Came::CertificateIssuer => several(&[("tls-failure", Likely), ("extension-blocked", Possible)], seen),
        Came::Broken | Came::NotHttp => one("connection-broken", Certain, seen),
        Came::BlockedByClient => one("extension-blocked", Certain, seen),
        Came::BlockedLocally => one("local-network-permission", Certain, seen),
        Came::BlockedByResponse => one("cors-not-allowed", Certain, seen),
        Came::Answered => {
            let answer = seen.answer.as_ref()?;
            if let Some(settled) = redirected(facts, answer, seen) {
                return Some(settled);
            }
            // Chromium shows such an answer to no page at all (browser-observability.md, fact 6).
            if !allows(answer, facts) && answer.header("cross-origin-resource-policy").is_some() {
                return one("cors-not-allowed", Certain, seen);
            }
            let mut named = Vec::new();
            if facts.local_network_in_doubt(host) && facts.is_asked_for_local_network(host) {
                named.push(("local-network-permission", Likely));
            }
            named.push(("extension-blocked", if named.is_empty() { Likely } else { Possible }));
            if facts.deployment.base(host).is_some_and(|base| base.origin.secure) {
                named.push(("tls-failure", Possible));
            }
            Some(Settled { named, by: vec![seen], contradicts: true, behind: false })
        }
    }
}

/// The browser keeps every answer back.
fn unreadable<'a>(facts: &Facts<'a>, host: Host) -> Option<Settled<'a>> {
    let open = facts.sighting(Facts::open_id(host), false);
    let search = facts.sighting(ask::SEARCH_NONE, false).filter(|_| host == Host::Registry);
    let seen = open.or(search)?;
    match seen.came {
        // Firefox takes such bytes for an answer (browser-observability.md 2b).
        Came::Broken | Came::NotHttp => return one("connection-broken", Certain, seen),
        Came::BlockedByClient => return one("extension-blocked", Certain, seen),
        Came::BlockedByResponse => return one("cors-not-allowed", Certain, seen),
        _ => {}
    }
    let answer = seen.answer.as_ref()?;
    let second = search.and_then(|search| search.answer.as_ref());
    let mut settled = answered(facts, answer, second, seen)?;
    // Its health path is exempt from MLflow's host check.
    if second.and_then(Refusal::of) == Some(Refusal::HostCheck)
        && !settled.named.iter().any(|(code, _)| *code == "mlflow-host-not-allowed")
    {
        settled.named.push(("mlflow-host-not-allowed", Certain));
    }
    settled.by.extend(search.filter(|search| !std::ptr::eq(*search, seen)));
    Some(settled)
}

fn answered<'a>(
    facts: &Facts,
    answer: &Answer,
    search: Option<&Answer>,
    seen: &'a Sighting,
) -> Option<Settled<'a>> {
    if let Some(settled) = redirected(facts, answer, seen) {
        return Some(settled);
    }
    let who = Who::of(answer);
    let is_json = answer.media_type() == "application/json";
    let is_page = |answer: &Answer| answer.ok() && Who::of(answer) == Who::WebPage;
    let random_is_success = facts.status_class(random_status_id(seen.host)) == Some(StatusClass::Success);
    match (answer.status, who) {
        (_, Who::MlflowHostCheck) => one("mlflow-host-not-allowed", Certain, seen),
        (_, Who::MlflowOriginCheck) => one("mlflow-origin-not-allowed", Certain, seen),
        (400, _)
            if answer.body.text.to_ascii_lowercase().contains("plain http request was sent to https") =>
        {
            one("wrong-base-url", Certain, seen)
        }
        (502..=504, Who::GatewayPage) => one("gateway-without-backend", Certain, seen),
        (502..=504, Who::WebPage | Who::Nobody) if !is_json => one("gateway-without-backend", Likely, seen),
        (500.., _) => several(&[("server-error", Likely), ("cors-missing-on-errors", Possible)], seen),
        (_, Who::LoginPage) if asks_password(answer) => one("login-wall", Certain, seen),
        (_, Who::LoginPage) => one("login-wall", Likely, seen),
        (404 | 405 | 410, _) if search.is_some_and(|search| search.ok() && Facts::is_mlflow(search)) => {
            one("cors-not-allowed", Certain, seen)
        }
        // The same “not found” for the health path and for the API: nothing of the deployment answers here. Where the
        // address is the one of the page's configuration, whoever stands in front has lost the way to it (I29).
        (404 | 410, _) if search.is_some_and(|search| same(search, answer)) => {
            if facts.deployment.path_is_listed {
                one("route-missing", Certain, seen)
            } else {
                several(&[("wrong-base-url", Likely), ("route-missing", Possible)], seen)
            }
        }
        (404 | 405 | 410, _) => several(&[("wrong-base-url", Likely), ("cors-not-allowed", Possible)], seen),
        (400.., _) => several(
            &[("cors-missing-on-errors", Likely), ("cors-not-allowed", Possible), ("login-wall", Possible)],
            seen,
        ),
        _ if allows(answer, facts) => {
            Some(Settled { named: Vec::new(), by: vec![seen], contradicts: true, behind: false })
        }
        // DevTools did not see the text either: it may be a sign-in page.
        _ if is_unread(answer) && !is_json => {
            several(&[("cors-not-allowed", Likely), ("login-wall", Possible), ("not-mlflow", Possible)], seen)
        }
        _ if is_page(answer) && (search.is_some_and(is_page) || random_is_success) => {
            one("not-mlflow", Certain, seen)
        }
        (_, Who::WebPage) => several(&[("not-mlflow", Likely), ("cors-not-allowed", Possible)], seen),
        (_, Who::MlflowHealth | Who::Mlflow) if is_mlflow_itself(answer) => {
            one("mlflow-origin-not-allowed", Certain, seen)
        }
        _ => one("cors-not-allowed", Certain, seen),
    }
}

/// True when two answers say the same.
fn same(one: &Answer, other: &Answer) -> bool {
    (one.status, one.body.text.trim()) == (other.status, other.body.text.trim())
}

/// True when only the head of an answer is known.
pub(super) fn is_unread(answer: &Answer) -> bool {
    answer.body.text.is_empty() && !answer.body.complete
}

/// Its own security layer answers: it says so in headers even where it allows no origin (facts/mlflow.md, part 7).
fn is_mlflow_itself(answer: &Answer) -> bool {
    let server = answer.header("server").unwrap_or_default();
    ["uvicorn", "gunicorn"].iter().any(|name| server.starts_with(name))
        && answer.header("x-frame-options").is_some()
        && answer.header("access-control-allow-credentials").is_some()
}

/// Requests that need permission first fail.
fn preflight<'a>(facts: &Facts, seen: &'a Sighting) -> Option<Settled<'a>> {
    if matches!(seen.came, Came::Silent | Came::Broken) {
        return one("cors-preflight-failing", Certain, seen);
    }
    let answer = seen.answer.as_ref()?;
    let about_key = || {
        answer.header("www-authenticate").is_some()
            || matches!(Refusal::of(answer), Some(Refusal::KeyRequired | Refusal::KeyInvalid))
    };
    // What a request without a key is refused with: then the question is refused by the same check.
    let refused_alike = || facts.answer(ask::SEARCH_NONE).is_none_or(|plain| plain.status == answer.status);
    match answer.status {
        300..=399 => one("cors-preflight-redirected", Certain, seen),
        401 => one("cors-preflight-unauthorized", Certain, seen),
        403 if about_key() => one("cors-preflight-unauthorized", Certain, seen),
        403 if refused_alike() => {
            several(&[("cors-preflight-unauthorized", Likely), ("cors-preflight-failing", Possible)], seen)
        }
        400.. => one("cors-preflight-failing", Certain, seen),
        _ if !allows(answer, facts) => one("cors-preflight-failing", Certain, seen),
        _ => {
            let lacks = |name: &str| !lists(answer, "access-control-allow-headers", name);
            let names = facts.deployment.scheme.header_names();
            if names.iter().any(|name| lacks(name)) {
                // By the standard a star does not stand for Authorization; Chromium and Firefox let it
                // (browser-observability.md 2a).
                let star = lists(answer, "access-control-allow-headers", "*");
                return one("cors-header-not-allowed", if star { Likely } else { Certain }, seen);
            }
            Some(Settled { by: vec![seen], contradicts: true, ..Settled::default() })
        }
    }
}

/// One method fails.
fn method<'a>(facts: &Facts, seen: &'a Sighting) -> Option<Settled<'a>> {
    let answer = seen.answer.as_ref().filter(|answer| answer.ok() && allows(answer, facts))?;
    if lists(answer, "access-control-allow-methods", &seen.method) {
        return None;
    }
    one("cors-method-not-allowed", Certain, seen)
}

/// A single answer is kept back, while others of the host are readable.
fn withheld<'a>(facts: &Facts, seen: &'a Sighting) -> Option<Settled<'a>> {
    if seen.came == Came::BlockedByClient {
        return one("extension-blocked", Certain, seen);
    }
    let answer = seen.answer.as_ref()?;
    if let Some(settled) = redirected(facts, answer, seen) {
        return Some(settled);
    }
    let contradicts = Some(Settled { by: vec![seen], contradicts: true, ..Settled::default() });
    match (answer.status, Who::of(answer)) {
        (_, Who::MlflowHostCheck) => one("mlflow-host-not-allowed", Certain, seen),
        (_, Who::MlflowOriginCheck) => one("mlflow-origin-not-allowed", Certain, seen),
        // Such an answer lacks the headers because nobody made it on purpose: what is missing is the server behind.
        (502..=504, Who::GatewayPage | Who::WebPage | Who::Nobody) => {
            Some(Settled { by: vec![seen], behind: true, ..Settled::default() })
        }
        _ if allows(answer, facts) => contradicts,
        (400.., _) => {
            let settled = one("cors-missing-on-errors", Certain, seen)?;
            Some(Settled { behind: true, ..settled })
        }
        _ => one("cors-not-allowed", Certain, seen),
    }
}

/// The auth service answers with an error.
fn auth_trouble<'a>(facts: &Facts, seen: &'a Sighting) -> Option<Settled<'a>> {
    match seen.status()? {
        500.. => {
            let judges = facts.key_is_judged_good() || facts.auth_says().is_some();
            one("auth-service-down", if judges { Likely } else { Certain }, seen)
        }
        404 | 405 | 410 => one("wrong-base-url", Likely, seen),
        _ => None,
    }
}

/// What an answer that leads elsewhere means. To another host people are sent to sign in, whatever its paths are called.
fn redirected<'a>(facts: &Facts, answer: &Answer, seen: &'a Sighting) -> Option<Settled<'a>> {
    if !matches!(answer.status, 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let to = answer.header("location")?.to_ascii_lowercase();
    if SIGN_IN.iter().any(|sign| to.contains(sign)) {
        return one("login-wall", Certain, seen);
    }
    let rest = to.split_once("://").map_or("", |(_, rest)| rest);
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let own = facts.deployment.base(seen.host).map_or("", |base| base.origin.host.as_str());
    // To the same path of another host leads who has moved, not who asks for a name.
    let asked = facts.saw(&seen.question).map_or("", |seen| seen.probe.target.path_only());
    let is_same = asked.strip_prefix('/').is_some_and(|asked| asked.eq_ignore_ascii_case(path));
    if !host.is_empty() && host.split(':').next() != Some(own) && !is_same {
        let by_name = ["auth.", "sso."].iter().any(|name| host.starts_with(name));
        let (first, second) = if by_name {
            ("login-wall", "redirect-without-cors")
        } else {
            ("redirect-without-cors", "login-wall")
        };
        return several(&[(first, Likely), (second, Possible)], seen);
    }
    one("redirect-without-cors", Certain, seen)
}

/// Parts of addresses where people sign in, in lower case.
const SIGN_IN: [&str; 13] = [
    "/oauth2/",
    "login",
    "sign-in",
    "signin",
    "sign_in",
    "/sso",
    "saml",
    "/authorize",
    "/auth/realms",
    "openid-connect",
    "/dex/auth",
    "authentik",
    "authelia",
];

fn asks_password(answer: &Answer) -> bool {
    answer.body.text.to_ascii_lowercase().replace('\'', "\"").contains("type=\"password\"")
}

/// True when an answer lets this page read it: one header, with this page's origin or a star.
fn allows(answer: &Answer, facts: &Facts) -> bool {
    let page: &Origin = &facts.environment.page_origin;
    let mut values = answer.headers.iter().filter(|(name, _)| name == "access-control-allow-origin");
    let Some((_, value)) = values.next() else { return false };
    values.next().is_none() && (value.trim() == "*" || value.trim() == page.to_string())
}

/// True when a list header names something. A star stands for every name but `Authorization`.
fn lists(answer: &Answer, header: &str, wanted: &str) -> bool {
    let values = answer.headers.iter().filter(|(name, _)| name == header);
    let mut names = values.flat_map(|(_, value)| value.split(',')).map(str::trim);
    names.any(|name| name.eq_ignore_ascii_case(wanted) || name == "*" && wanted != "authorization")
}
