//! Asks the lab's building blocks, one by one, whether they misbehave exactly as they are called: a row may be made
//! of any of them.

use super::answers::Answer;
use super::auth_service::{AuthService, Condition, Looks};
use super::cors::{AllowOrigin, Allowed, Cors, On, Preflight};
use super::keys::Key;
use super::loopback;
use super::misbehaving::{Manner, Misbehaving};
use super::record::Log;
use super::web::{CallError, Caller, listen};
use hyper::body::Bytes;
use hyper::{Request, Response};
use std::io;
use std::time::{Duration, Instant};

const LIMIT: Duration = Duration::from_millis(400);
const DELAY_MS: u64 = 100;
const PAGE: &str = "http://page.example";

type Answered = Result<Response<Bytes>, CallError>;

/// Everything; gives what is wrong.
pub async fn all() -> io::Result<Vec<String>> {
    let mut problems = manners().await?;
    problems.extend(preflights().await?);
    problems.extend(headers().await?);
    problems.extend(auth_conditions().await?);
    Ok(problems)
}

fn status(answer: &Answered) -> Option<u16> {
    answer.as_ref().ok().map(|answer| answer.status().as_u16())
}

fn has(answer: &Answered, name: &str) -> usize {
    answer.as_ref().map_or(0, |answer| answer.headers().get_all(name).iter().count())
}

/// What a page's GET, or its preflight, gets from a misbehaving server.
async fn ask(server: Misbehaving, preflight: bool) -> io::Result<(Answered, Duration)> {
    let running = server.start("part", &Log::default()).await?;
    let request = match preflight {
        false => Request::get(format!("{}/any", running.origin)),
        true => Request::options(format!("{}/any", running.origin))
            .header("access-control-request-method", "PUT")
            .header("access-control-request-headers", "authorization"),
    };
    let request = request.header("origin", PAGE).body(Bytes::new()).map_err(io::Error::other)?;
    let begun = Instant::now();
    let answer = Caller::new().call(request, LIMIT).await;
    Ok((answer, begun.elapsed()))
}

async fn manners() -> io::Result<Vec<String>> {
    let mut problems = Vec::new();
    let broken = [
        Manner::Refused,
        Manner::ResetOnAccept,
        Manner::ResetAfterRequest,
        Manner::ClosedAfterRequest,
        Manner::CutOff,
        Manner::ResetInBody,
        Manner::Garbage,
    ];
    let late = [Manner::Silent, Manner::StalledBody];
    let slow = [Manner::SlowHeaders(DELAY_MS), Manner::SlowBody(DELAY_MS)];
    for manner in broken.into_iter().chain(late).chain(slow).chain([Manner::Proper, Manner::LengthTooShort]) {
        let (answer, took) = ask(Misbehaving::by(manner), false).await?;
        let whole = Misbehaving::by(manner).answer.body.len();
        let body = answer.as_ref().map_or(0, |answer| answer.body().len());
        let right = match manner {
            _ if broken.contains(&manner) => matches!(answer, Err(CallError::Broken)),
            _ if late.contains(&manner) => matches!(answer, Err(CallError::TooLate)),
            _ if slow.contains(&manner) => body == whole && took >= Duration::from_millis(DELAY_MS),
            Manner::LengthTooShort => body > 0 && body < whole,
            _ => body == whole && status(&answer) == Some(200),
        };
        if !right {
            problems.push(format!("{manner:?} gave {answer:?} after {took:?}"));
        }
    }
    Ok(problems)
}

async fn preflights() -> io::Result<Vec<String>> {
    let mut problems = Vec::new();
    let kinds = [
        (Preflight::Answered, Some(200), 1),
        (Preflight::Ordinary, Some(502), 1),
        (Preflight::Status(405), Some(405), 0),
        (Preflight::StatusWithCors(403), Some(403), 1),
        (Preflight::Redirect(302, "http://elsewhere.example/"), Some(302), 0),
        (Preflight::Hangs, None, 0),
    ];
    for (preflight, wanted, allowed) in kinds {
        let cors = Cors { preflight, ..Cors::EVERYWHERE };
        let (answer, _) = ask(Misbehaving { cors, ..Misbehaving::saying(Answer::NGINX_502) }, true).await?;
        if status(&answer) != wanted || has(&answer, "access-control-allow-origin") != allowed {
            problems.push(format!("{preflight:?} gave {answer:?}"));
        }
    }
    let lists =
        [(Allowed::AsAsked, "authorization"), (Allowed::List("x-other"), "x-other"), (Allowed::Missing, "")];
    for (allow_headers, wanted) in lists {
        let cors = Cors { allow_headers, ..Cors::EVERYWHERE };
        let (answer, _) = ask(Misbehaving { cors, ..Misbehaving::by(Manner::Proper) }, true).await?;
        let name = "access-control-allow-headers";
        let got = answer.as_ref().ok().and_then(|answer| answer.headers().get(name)?.to_str().ok());
        if got.unwrap_or_default() != wanted {
            problems.push(format!("{allow_headers:?} gave {got:?}"));
        }
    }
    Ok(problems)
}

async fn headers() -> io::Result<Vec<String>> {
    let mut problems = Vec::new();
    let cases = [
        (On::Everywhere, AllowOrigin::Asked, 200, 1),
        (On::Everywhere, AllowOrigin::Star, 200, 1),
        (On::Everywhere, AllowOrigin::Twice, 200, 2),
        (On::Everywhere, AllowOrigin::Asked, 503, 1),
        (On::NotOnErrors, AllowOrigin::Asked, 200, 1),
        (On::NotOnErrors, AllowOrigin::Asked, 503, 0),
        (On::Nowhere, AllowOrigin::Asked, 200, 0),
        (On::NowhereAndOwnSiteOnly, AllowOrigin::Asked, 200, 0),
    ];
    for (on, origin, code, wanted) in cases {
        let cors = Cors { on, origin, ..Cors::EVERYWHERE };
        let answer = Answer { status: code, ..Answer::WEBSITE };
        let (answer, _) = ask(Misbehaving { cors, ..Misbehaving::saying(answer) }, false).await?;
        if status(&answer) != Some(code) || has(&answer, "access-control-allow-origin") != wanted {
            problems.push(format!("{on:?} {origin:?} {code} gave {answer:?}"));
        }
        let own_site = usize::from(on == On::NowhereAndOwnSiteOnly);
        if has(&answer, "cross-origin-resource-policy") != own_site {
            problems.push(format!("{on:?} gave {answer:?}"));
        }
    }
    let (answer, _) = ask(Misbehaving::saying(Answer::redirect(302, "http://login.example/")), false).await?;
    if status(&answer) != Some(302) || has(&answer, "location") != 1 {
        problems.push(format!("a redirect gave {answer:?}"));
    }
    Ok(problems)
}

/// The auth service in every condition, asked about every key.
async fn auth_conditions() -> io::Result<Vec<String>> {
    let mut problems = Vec::new();
    let up = AuthService::UP;
    let cases = [
        (up, Key::Good, Some(200), "platform"),
        (up, Key::ReadOnly, Some(200), "model:read"),
        (up, Key::Unknown, Some(401), "Invalid or expired API key"),
        (up, Key::Expired, Some(401), "Invalid or expired API key"),
        (up, Key::OtherService, Some(401), "registered for 'website'"),
        (up, Key::None, Some(401), "API key required"),
        (up, Key::Test, Some(401), "Invalid or expired API key"),
        (up, Key::Token, Some(200), "is_valid"),
        (up, Key::OldToken, Some(401), "Invalid or expired API key"),
        (up, Key::Unpaid, Some(200), "\"has_sufficient_balance\":false"),
        (AuthService { says_expired: true, ..up }, Key::Expired, Some(401), "API key has expired"),
        (AuthService { says_expired: true, ..up }, Key::Unknown, Some(401), "Invalid or expired API key"),
        (AuthService { says_nothing: true, ..up }, Key::Unknown, Some(401), ""),
        (AuthService { wants_service: true, ..up }, Key::OtherService, Some(401), "Invalid or expired"),
        (AuthService { wants_service: true, ..up }, Key::Good, Some(200), "is_valid"),
        (AuthService { looks: Looks::InTheBody, ..up }, Key::Good, Some(401), "API key required"),
        (AuthService { condition: Condition::Limited, ..up }, Key::Good, Some(429), "Rate limit"),
        (AuthService { invalid_inside_200: true, ..up }, Key::Unknown, Some(200), "\"is_valid\":false"),
        (
            AuthService { condition: Condition::Failing(500), ..up },
            Key::Good,
            Some(500),
            "Internal server error",
        ),
        (
            AuthService { condition: Condition::Replaced(Answer::AWS_503), ..up },
            Key::Good,
            Some(503),
            "<html>",
        ),
        (AuthService { condition: Condition::Slow(DELAY_MS), ..up }, Key::Good, Some(200), "is_valid"),
        (AuthService { condition: Condition::Timeout, ..up }, Key::Good, None, ""),
    ];
    for (service, key, wanted, text) in cases {
        let running = listen(loopback::SERVERS, 0, "part", &Log::default(), service.handler()).await?;
        let mut request = Request::post(format!("{}/api/v1/keys/validate", running.origin));
        if key != Key::None {
            request = request.header("authorization", format!("Bearer {}", key.text()));
        }
        let body = Bytes::from_static(br#"{"service_id":"platform"}"#);
        let answer = Caller::new().call(request.body(body).map_err(io::Error::other)?, LIMIT).await;
        let body = answer
            .as_ref()
            .map_or_else(|_| String::new(), |a| String::from_utf8_lossy(a.body()).into_owned());
        if status(&answer) != wanted || !body.contains(text) {
            problems.push(format!("{:?} asked about the {key:?} key gave {answer:?}", service.condition));
        }
    }
    Ok(problems)
}
