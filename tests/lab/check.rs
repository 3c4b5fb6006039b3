//! Asks every row over plain HTTP whether its servers answer as the row declares. No browser takes part, so a
//! surprise in a browser test is the page's or the browser's.

use super::cors::{On, Preflight};
use super::gateway::{Gateway, Outage, Upstream};
use super::keys::Key;
use super::misbehaving::Manner;
use super::nginx::{Behind, Nginx};
use super::scenarios::{Expect, Station};
use super::source::{Api, Source};
use super::stage::{OpenRow, Stage};
use super::tls::{self, Certificate};
use super::web::{Ask, CallError, Caller};
use hyper::body::Bytes;
use hyper::{Request, Response};
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(5);
/// Long enough for loopback, short enough to ask a silent server several times.
const SILENCE: Duration = Duration::from_millis(300);
const SEARCH: &str = "/api/2.0/mlflow/experiments/search?max_results=1";

type Answered = Result<Response<Bytes>, CallError>;

/// What a row answered, and what of it is not as declared.
pub struct Checked {
    /// One line for a table.
    pub line: String,
    /// What is wrong; empty if nothing is.
    pub problems: Vec<String>,
}

/// Asks one row.
pub async fn row(stage: &Stage, open: &OpenRow) -> Checked {
    let asker = Asker { caller: Caller::new(), stage, open };
    let api = format!("{}{}{SEARCH}", open.registry_url, open.row.form.mlflow_path);
    let health = format!("{}{}", open.registry_url, open.row.form.open_path.unwrap_or("/health"));
    let (health, preflight, bare, keyed) = tokio::join!(
        asker.get(&health, Key::None),
        asker.preflight(&api),
        asker.get(&api, Key::None),
        asker.get(&api, open.row.key),
    );
    let validate = asker.validate().await;
    let answers = [
        ("open", &health),
        ("preflight", &preflight),
        ("no key", &bare),
        ("key", &keyed),
        ("auth", &validate),
    ];
    let words: Vec<String> =
        answers.iter().map(|(name, answer)| format!("{name} {}", describe(answer))).collect();
    let line = format!("{:<42} {}", open.row.id, words.join(" · "));
    let mut problems = problems(open, &health, &preflight, &bare, &keyed);
    problems.extend(tls_problems(open).await);
    Checked { line, problems }
}

struct Asker<'a> {
    caller: Caller,
    stage: &'a Stage,
    open: &'a OpenRow,
}

impl Asker<'_> {
    fn limit(&self) -> Duration {
        match self.open.row.registry {
            Station::Misbehaving(server) if server.manner == Manner::Silent => SILENCE,
            Station::Source(source) if source.api == Api::Silent => SILENCE,
            _ => LIMIT,
        }
    }

    async fn send(&self, request: hyper::http::request::Builder, key: Key, body: &'static str) -> Answered {
        let mut request = request.header("origin", &self.stage.page.origin);
        if key != Key::None {
            request = request.header("authorization", format!("Bearer {}", self.open.text_of(key)));
        }
        let ask: Ask = request.body(Bytes::from_static(body.as_bytes())).map_err(|_| CallError::Broken)?;
        self.caller.call(ask, self.limit()).await
    }

    async fn get(&self, url: &str, key: Key) -> Answered {
        self.send(Request::get(url), key, "").await
    }

    async fn preflight(&self, url: &str) -> Answered {
        let request = Request::options(url)
            .header("access-control-request-method", "GET")
            .header("access-control-request-headers", "authorization");
        self.send(request, Key::None, "").await
    }

    async fn validate(&self) -> Answered {
        let Some(origin) = &self.open.auth_origin else { return Err(CallError::Broken) };
        let request = Request::post(format!("{origin}/api/v1/keys/validate"));
        self.send(request, self.open.row.key, r#"{"service_id":"platform"}"#).await
    }
}

fn readable(answer: &Answered) -> bool {
    answer.as_ref().is_ok_and(|answer| answer.headers().contains_key("access-control-allow-origin"))
}

fn status(answer: &Answered) -> u16 {
    answer.as_ref().map_or(0, |answer| answer.status().as_u16())
}

fn describe(answer: &Answered) -> String {
    match answer {
        Ok(answer) => {
            let cors = answer.headers().get_all("access-control-allow-origin").iter().count();
            format!("{}{}", answer.status().as_u16(), ["", "+cors", "+cors+cors"][cors.min(2)])
        }
        Err(CallError::Broken) => "-".to_owned(),
        Err(CallError::TooLate) => "late".to_owned(),
    }
}

fn problems(
    open: &OpenRow,
    health: &Answered,
    preflight: &Answered,
    bare: &Answered,
    keyed: &Answered,
) -> Vec<String> {
    let mut problems = Vec::new();
    let mut claim = |holds: bool, text: &str| {
        if !holds {
            problems.push(format!("{}: {text}", open.row.id));
        }
    };
    let all = [health, preflight, bare, keyed];
    match open.row.registry {
        Station::UnknownName => claim(all.iter().all(|a| a.is_err()), "an unknown name must not answer"),
        Station::BadPort => {}
        Station::Nginx(nginx) => nginx_problems(&nginx, open, all, &mut claim),
        // No certificate is trusted by the plain client that asks here: see `tls_problems`.
        Station::Tls(..) | Station::WrongScheme(..) => {
            claim(all.iter().all(|a| matches!(a, Err(CallError::Broken))), "plain HTTP must break");
        }
        Station::Auth(_) => claim(false, "an auth service is no registry"),
        Station::Misbehaving(server) => match server.manner {
            Manner::Silent => {
                claim(
                    all.iter().all(|a| matches!(a, Err(CallError::TooLate))),
                    "a silent server must not answer",
                );
            }
            Manner::Proper => {
                claim(status(health) == server.answer.status, "every path must get the declared status");
                claim(readable(bare) == (server.cors.on == On::Everywhere), "CORS must be as declared");
            }
            Manner::Refused
            | Manner::ResetOnAccept
            | Manner::ResetAfterRequest
            | Manner::ClosedAfterRequest => {
                claim(all.iter().all(|a| matches!(a, Err(CallError::Broken))), "the connection must break");
            }
            _ => {}
        },
        Station::Gateway(gateway) => gateway_problems(&gateway, open, all, &mut claim),
        Station::Source(source) => source_problems(&source, open, all, &mut claim),
    }
    problems
}

/// A row that expects a healthy verdict must be healthy.
fn healthy_problems(open: &OpenRow, all: [&Answered; 4], claim: &mut impl FnMut(bool, &str)) {
    let [_, preflight, _, keyed] = all;
    let healthy = open.row.expect == Expect::HEALTHY && open.row.browser == super::scenarios::Browser::Usual;
    if healthy {
        claim(status(keyed) == 200 && readable(keyed), "the API must answer this page");
        let passes = (200..300).contains(&status(preflight)) && readable(preflight);
        claim(passes, "preflights must pass");
    }
}

/// The API's host, by its proxy or past it.
fn source_problems(source: &Source, open: &OpenRow, all: [&Answered; 4], claim: &mut impl FnMut(bool, &str)) {
    let direct = open.row.form.mlflow_path == "/mlflow";
    match source.api {
        Api::Up if direct => gateway_problems(&source.direct, open, all, claim),
        Api::Up => gateway_problems(&source.proxy, open, all, claim),
        Api::Replaced(page) => {
            claim(all.iter().all(|a| status(a) == page.status), "every path must get the declared status");
        }
        Api::Silent => {
            claim(all.iter().all(|a| matches!(a, Err(CallError::TooLate))), "the API must not answer");
        }
    }
}

fn nginx_problems(nginx: &Nginx, open: &OpenRow, all: [&Answered; 4], claim: &mut impl FnMut(bool, &str)) {
    let speaks = |answer: &Answered| {
        let server = answer.as_ref().ok().and_then(|answer| answer.headers().get("server"));
        server.is_some_and(|name| name.as_bytes().starts_with(b"nginx"))
    };
    claim(all.iter().all(|answer| speaks(answer)), "nginx itself must answer everything");
    let bad = all.iter().filter(|answer| status(answer) == 502).count();
    match nginx.behind {
        Behind::OneBadReplicaOfThree(_) => claim((1..=2).contains(&bad), "one in three must be a 502"),
        Behind::Gateway(gateway) => {
            claim(
                (bad == 0) != (gateway.upstream == Upstream::Dead),
                "what stands behind must be as declared",
            );
        }
        Behind::Nobody | Behind::Silence => {}
    }
    claim(!nginx.tls || all.iter().all(|a| status(a) == 400), "plain http on a TLS port must be a 400");
    healthy_problems(open, all, claim);
}

/// What is wrong with the certificate of a row that shows one.
async fn tls_problems(open: &OpenRow) -> Vec<String> {
    let (certificate, address) = match open.row.registry {
        Station::Tls(certificate, _) => (certificate, open.registry_url.strip_prefix("https://")),
        Station::WrongScheme(Some(certificate), _) => {
            (certificate, open.registry_url.strip_prefix("http://"))
        }
        _ => return Vec::new(),
    };
    let complaint = tls::complaint(address.unwrap_or_default()).await;
    let wanted = match certificate {
        Certificate::Good => None,
        Certificate::Expired => Some("expired"),
        Certificate::WrongName => Some("not valid for name"),
        Certificate::SelfSigned => Some("UnknownIssuer"),
    };
    let right = match (&complaint, wanted) {
        (Ok(None), None) => true,
        (Ok(Some(said)), Some(wanted)) => said.contains(wanted),
        _ => false,
    };
    if right { Vec::new() } else { vec![format!("{}: the certificate gets {complaint:?}", open.row.id)] }
}

fn gateway_problems(
    gateway: &Gateway,
    open: &OpenRow,
    all: [&Answered; 4],
    claim: &mut impl FnMut(bool, &str),
) {
    let [health, preflight, bare, keyed] = all;
    let hangs = gateway.cors.preflight == Preflight::Hangs;
    // A gateway that waits for its auth service answers nothing that has a key.
    let waits = gateway.auth.is_some_and(|guard| guard.outage == Outage::Waits);
    let answered = [health, bare].iter().all(|a| a.is_ok()) && keyed.is_ok() != waits;
    claim(answered, "a gateway must answer everything, but for keys where it waits");
    claim(preflight.is_ok() != hangs, "preflights must hang exactly where that is declared");
    healthy_problems(open, all, claim);
    if !gateway.open.is_empty() {
        claim(status(health) == 200, "the open path must be open");
    }
    match gateway.cors.on {
        On::Nowhere | On::NowhereAndOwnSiteOnly | On::NowhereAndOwnSiteFramed => {
            claim(!all.iter().any(|a| readable(a)), "nothing may be readable")
        }
        On::Everywhere => {
            let keyed = waits || readable(keyed);
            claim(readable(health) && readable(bare) && keyed, "all must be readable")
        }
        On::NotOnAuthRefusals | On::NotOnErrors => {
            claim(readable(health) && !readable(bare), "only refusals must be unreadable");
        }
        On::AsUpstream => {}
    }
    let guarded = gateway.auth.is_some();
    claim(!guarded || status(bare) == 401, "without a key there must be a 401");
    let talks_to_mlflow = matches!(gateway.upstream, Upstream::Mlflow(_));
    if talks_to_mlflow && gateway.keeps_host && gateway.on_unlisted_address {
        claim(status(keyed) == 403, "MLflow must refuse this host name");
    }
}
