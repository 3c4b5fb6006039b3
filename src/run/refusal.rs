//! What a refusal is about, by its words. Gateways have said "401" for outages and "403" for wrong hosts, so the
//! status alone is not believed (facts/incidents.md, I36 and the look-alike table).

use crate::json::Value;
use crate::probe::{Answer, Said, Who};

/// What a refusal is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No credential was seen.
    KeyRequired,
    /// A credential was seen and not accepted.
    KeyInvalid,
    /// A credential was seen that was good once.
    KeyExpired,
    /// The one who judges credentials could not be asked.
    AuthOutage,
    /// The credential is good, and not allowed to do this.
    Permission,
    /// Something is not allowed, in words that leave open to whom: firewalls speak so, and lists of addresses.
    Forbidden,
    /// MLflow, or an application in front of it, does not answer to this host name.
    HostCheck,
    /// MLflow does not take writing requests from this page's origin.
    OriginCheck,
    /// Too many requests.
    RateLimit,
    /// No money.
    Balance,
    /// 401 or 403 in words that are not known.
    Other,
}

/// Words for what shows who somebody is, in lower case.
const CREDENTIALS: [&str; 10] =
    ["key", "token", "credential", "auth", "jwt", "signature", "password", "log in", "login", "session"];

/// What else may be required, missing, unknown or expired.
const OTHER_GROUNDS: [&str; 9] =
    ["role", "subscription", "trial", "licen", "-factor", "mfa", "tenant", "ip address", "certificate"];

/// A judgement on a key, inside words about an error.
const JUDGED_KEYS: [&str; 11] = [
    "invalid api key",
    "invalid key",
    "invalid token",
    "key not found",
    "401 client error",
    "403 client error",
    "unauthorized",
    "revoked",
    "rejected",
    "signature",
    "validation failed",
];

/// What somebody may have, or a token may hold, besides being good.
const RIGHTS: [&str; 5] = ["scope", "claim", "audience", "admin", "permission"];

/// Words for what was not shown.
const WANTED: [&str; 7] =
    ["required", "missing", "not provided", "no api key", "no token", "not authenticated", "log in"];

/// Words for "no" that name no ground.
const FORBIDDEN: [&str; 3] = ["not allowed", "access denied", "forbidden"];

impl Refusal {
    /// True for nginx's own page with the status that it gives to what comes too fast for it (`limit_req`), unless it is
    /// told otherwise, and for Envoy's words where more is asked at once than it passes on (`circuit_breakers`).
    pub fn may_be_limit(answer: &Answer) -> bool {
        answer.status == 503
            && Who::of(answer) == Who::GatewayPage
            && ["nginx", "overflow"].iter().any(|mark| answer.body.text.contains(mark))
    }

    /// True for what may be said to somebody who shows no key.
    pub fn may_want_a_key(self) -> bool {
        use Refusal::{Forbidden, KeyExpired, KeyInvalid, KeyRequired, Other, Permission};
        matches!(self, KeyRequired | KeyInvalid | KeyExpired | Permission | Forbidden | Other)
    }

    /// Reads an answer; `None` when it is no refusal.
    pub fn of(answer: &Answer) -> Option<Refusal> {
        if answer.ok() {
            return Self::inside(answer);
        }
        if answer.status < 400 {
            return None;
        }
        match Said::of(answer) {
            Some(Said::HostCheck) => return Some(Self::HostCheck),
            Some(Said::OriginCheck) => return Some(Self::OriginCheck),
            Some(Said::NotAuthenticated) => return Some(Self::KeyRequired),
            Some(Said::Denied) => return Some(Self::Permission),
            _ => {}
        }
        // Whom to turn to is not who was refused.
        let text = answer.error_text().to_ascii_lowercase();
        let text = ["administrator", "your admin", "load balancer"]
            .iter()
            .fold(text.replace("subscription key", "key"), |text, other| text.replace(other, ""));
        let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
        let judged = has(&["invalid", "not found", "unknown", "revoked", "not valid", "incorrect"]);
        let expired = has(&["expired"]);
        if has(&["authentication service", "auth service", "authorization service", "identity provider"])
            && (has(&["timeout", "timed out", "unavailable", "down", "unreachable"])
                || has(&["error", "failed"]) && !has(&JUDGED_KEYS))
        {
            return Some(Self::AuthOutage);
        }
        let elsewhere = has(&OTHER_GROUNDS);
        let about_a_key = has(&CREDENTIALS) && (!elsewhere || has(&["api key"]));
        match answer.status {
            402 => Some(Self::Balance),
            429 => Some(Self::RateLimit),
            401 | 403 if has(&["rate limit", "too many requests"]) => Some(Self::RateLimit),
            403 if has(&["balance", "payment", "credits", "funds"]) => Some(Self::Balance),
            403 if has(&["quota", "plan limit"]) => Some(Self::Forbidden),
            403 if has(&[
                "permission",
                "scope",
                "admin",
                "insufficient",
                "required role",
                "role required",
            ]) =>
            {
                Some(Self::Permission)
            }
            403 if has(&FORBIDDEN) => Some(if about_a_key { Self::Permission } else { Self::Forbidden }),
            // Amazon's API Gateway says so of a path that it does not have, whatever came with the request.
            403 if has(&["missing authentication token", "equal-sign"]) => Some(Self::Other),
            // "Invalid or expired" leaves open which.
            401 | 403 if about_a_key && expired && !judged => Some(Self::KeyExpired),
            401 | 403 if (expired || judged) && (about_a_key || answer.status == 401 && !elsewhere) => {
                Some(Self::KeyInvalid)
            }
            401 | 403 if has(&["does not have access"]) => {
                Some(if about_a_key { Self::KeyInvalid } else { Self::Forbidden })
            }
            401 | 403 if about_a_key && has(&WANTED) && !has(&RIGHTS) => Some(Self::KeyRequired),
            401 | 403 => Some(Self::Other),
            // A proxy that wraps the refusal of the server behind it (facts/incidents.md, I22).
            500..=599 if has(&["key required"]) => Some(Self::KeyRequired),
            _ => None,
        }
    }
}

impl Refusal {
    /// A refusal inside a success: an object that holds little but an error, about keys and in words that are known.
    fn inside(answer: &Answer) -> Option<Refusal> {
        let Some(Value::Object(object)) = answer.json() else { return None };
        let names_an_error =
            ["error", "detail", "message", "msg"].iter().any(|name| object.contains_key(name));
        let text = answer.error_text().to_ascii_lowercase();
        let is_about_keys =
            ["key", "token", "auth", "credential", "log in"].iter().any(|word| text.contains(word));
        if !names_an_error || !is_about_keys || object.len() > 3 {
            return None;
        }
        let refused = Answer { status: 401, ..answer.clone() };
        Self::of(&refused).filter(|refusal| *refusal != Self::Other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe::Body;

    #[test]
    fn refusals_seen_on_real_servers() {
        for (status, text, refusal) in [
            (401, "{\"detail\":\"API key required\"}", Some(Refusal::KeyRequired)),
            (401, "{\"detail\":\"Invalid or expired API key\"}", Some(Refusal::KeyInvalid)),
            (401, "{\"detail\":\"API key not found or invalid\"}", Some(Refusal::KeyInvalid)),
            (401, "{\"detail\":\"Authentication service timeout\"}", Some(Refusal::AuthOutage)),
            (401, "{\"detail\":\"Authentication service error\"}", Some(Refusal::AuthOutage)),
            (503, "{\"detail\":\"Authentication service unavailable\"}", Some(Refusal::AuthOutage)),
            (401, "{\"detail\":\"Rate limit exceeded\"}", Some(Refusal::RateLimit)),
            (429, "", Some(Refusal::RateLimit)),
            (402, "{\"detail\":\"Insufficient balance\"}", Some(Refusal::Balance)),
            (
                403,
                "{\"detail\":\"Admin access required for the model registry\",\"error\":\"REGISTRY_ADMIN_REQUIRED\"}",
                Some(Refusal::Permission),
            ),
            (403, "Invalid Host header - possible DNS rebinding attack detected", Some(Refusal::HostCheck)),
            (403, "Cross-origin request blocked", Some(Refusal::OriginCheck)),
            (403, "Permission denied", Some(Refusal::Permission)),
            (401, "{\"detail\":\"API key has expired\"}", Some(Refusal::KeyExpired)),
            (401, "{\"detail\":\"Signature has expired\"}", Some(Refusal::KeyExpired)),
            (401, "{\"detail\":\"Token is invalid or has expired\"}", Some(Refusal::KeyInvalid)),
            (
                401,
                "{\"detail\":\"API key does not have access to service 'ml-platform'\"}",
                Some(Refusal::KeyInvalid),
            ),
            (401, "{\"detail\":[{\"msg\":\"API key required\"}]}", Some(Refusal::KeyRequired)),
            (401, "{\"detail\":{\"error\":\"invalid_token\"}}", Some(Refusal::KeyInvalid)),
            (500, "{\"detail\":\"MLflow said 401: API key required\"}", Some(Refusal::KeyRequired)),
            (500, "{\"detail\":\"Internal server error\"}", None),
            (401, "", Some(Refusal::Other)),
            (404, "{\"detail\":\"Not Found\"}", None),
            (502, "<html>502 Bad Gateway nginx", None),
            (200, "{}", None),
            // A refusal inside a success, and what only looks a little like one.
            (200, "{\"error\":\"Invalid or expired API key\"}", Some(Refusal::KeyInvalid)),
            (200, "{\"is_valid\":false,\"error\":\"API key required\"}", Some(Refusal::KeyRequired)),
            (200, "{\"detail\":\"Authentication service unavailable\"}", Some(Refusal::AuthOutage)),
            (200, "{\"code\":401,\"msg\":\"token invalid\"}", Some(Refusal::KeyInvalid)),
            (200, "{\"success\":false,\"message\":\"Invalid API key\"}", Some(Refusal::KeyInvalid)),
            (200, "{\"message\":\"Welcome to the key service\"}", None),
            (200, "{\"error\":\"database is locked\"}", None),
            (200, "{\"is_valid\":true,\"error\":null}", None),
            (200, "{\"experiments\":[{\"name\":\"API key required\"}]}", None),
            (200, "{\"id\":1,\"detail\":\"an invalid run\",\"state\":\"x\",\"time\":2}", None),
            (200, "<h1>API key required</h1>", None),
            (200, "{\"detail\":\"Maintenance required\"}", None),
            // What sounds like a word about the key and is about something else.
            (403, "{\"detail\":\"Missing required role: registry-writer\"}", Some(Refusal::Permission)),
            (403, "{\"detail\":\"X-Tenant-Id header required\"}", Some(Refusal::Other)),
            (403, "{\"detail\":\"Two-factor authentication required\"}", Some(Refusal::Other)),
            (401, "{\"detail\":\"Subscription required\"}", Some(Refusal::Other)),
            (401, "{\"detail\":\"Subscription expired\"}", Some(Refusal::Other)),
            (403, "{\"detail\":\"Unknown tenant\"}", Some(Refusal::Other)),
            (403, "{\"message\":\"Missing Authentication Token\"}", Some(Refusal::Other)),
            (403, "{\"message\":\"IP address not allowed: 192.0.2.1\"}", Some(Refusal::Forbidden)),
            (403, "RBAC: access denied", Some(Refusal::Forbidden)),
            (403, "{\"message\":\"Forbidden\"}", Some(Refusal::Forbidden)),
            (403, "Access denied. Ask your administrator.", Some(Refusal::Forbidden)),
            (403, "{\"detail\":\"API key is not allowed to use this service\"}", Some(Refusal::Permission)),
            (403, "{\"detail\":\"Insufficient balance\"}", Some(Refusal::Balance)),
            (401, "{\"detail\":\"Auth service error: invalid API key\"}", Some(Refusal::KeyInvalid)),
            (401, "{\"detail\":\"Auth service unavailable: invalid response\"}", Some(Refusal::AuthOutage)),
            (401, "{\"detail\":\"Token expired\"}", Some(Refusal::KeyExpired)),
            (
                401,
                "{\"detail\":\"Authentication service error: 404 Client Error: Not Found for url http://auth/api/v1/keys\"}",
                Some(Refusal::AuthOutage),
            ),
            (
                401,
                "{\"detail\":\"Authentication service error: unknown host auth\"}",
                Some(Refusal::AuthOutage),
            ),
            (401, "{\"detail\":\"Auth service error: invalid JSON\"}", Some(Refusal::AuthOutage)),
            (
                401,
                "{\"detail\":\"Authentication service error: certificate has expired\"}",
                Some(Refusal::AuthOutage),
            ),
            (
                401,
                "{\"message\":\"Access denied due to missing subscription key\"}",
                Some(Refusal::KeyRequired),
            ),
            (401, "{\"detail\":\"Invalid API key for tenant x\"}", Some(Refusal::KeyInvalid)),
            (403, "{\"detail\":\"Client certificate authentication required\"}", Some(Refusal::Other)),
            (
                403,
                "{\"message\":\"Invalid key=value pair (missing equal-sign) in Authorization header\"}",
                Some(Refusal::Other),
            ),
            (403, "{\"detail\":\"Not authenticated\"}", Some(Refusal::KeyRequired)),
            // Who judged it said so, whatever the one who asked calls that.
            (
                401,
                "{\"detail\":\"Authentication service error: 401 Client Error: Unauthorized for url http://auth/\"}",
                Some(Refusal::Other),
            ),
            (
                401,
                "{\"detail\":\"Token rejected by identity provider: validation failed\"}",
                Some(Refusal::Other),
            ),
            // Rights, money and amounts are no keys.
            (401, "{\"detail\":\"Token is missing required scope\"}", Some(Refusal::Other)),
            (401, "{\"detail\":\"Admin API key required\"}", Some(Refusal::Other)),
            (403, "{\"detail\":\"Insufficient credits\"}", Some(Refusal::Balance)),
            (403, "{\"detail\":\"Insufficient quota\"}", Some(Refusal::Forbidden)),
            (403, "{\"detail\":\"Plan limit reached, contact your admin\"}", Some(Refusal::Forbidden)),
            (403, "{\"detail\":\"Forbidden by the load balancer\"}", Some(Refusal::Forbidden)),
            // Starlette's list of hosts, which is none of MLflow's.
            (400, "Invalid host header", Some(Refusal::HostCheck)),
            (400, "{\"detail\":\"Invalid host header\"}", None),
        ] {
            let answer = Answer {
                status,
                landed: None,
                queued_ms: None,
                headers: Vec::new(),
                body: Body { text: text.into(), ..Body::default() },
            };
            assert_eq!(Refusal::of(&answer), refusal, "{status} {text}");
        }
    }
}
