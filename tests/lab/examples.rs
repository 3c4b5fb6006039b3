//! The recorded examples: incidents that really happened (facts/incidents.md), as the lab shows them to a real browser.
//! Which rows are recorded, what people believed at the time and what was true; and how a report becomes an example that
//! speaks of no machine but the one in its story.

use serde_json::{Value, json};

/// One incident.
pub struct Example {
    /// The row of the scenario table that shows it; also the file's name.
    pub row: &'static str,
    /// A short name.
    pub title: &'static str,
    /// What people believed, a sentence.
    pub believed: &'static str,
    /// What was true, a sentence.
    pub truth: &'static str,
    /// The causes that were true: all of them have to be named.
    pub causes: &'static [&'static str],
}

/// Where they lie.
pub const FOLDER: &str = "src/assets/examples";

/// All examples, in the order of the list.
pub const ALL: &[Example] = &[
    Example {
        row: "i02-key-in-the-body",
        title: "A good key is called expired",
        believed: "The key had expired, or the repaired code was not deployed yet.",
        truth: "The gateway handed the key on in the request's body, and the auth service reads the Authorization header.",
        causes: &["auth-contract-mismatch"],
    },
    Example {
        row: "i03-service-id",
        title: "A key for another service",
        believed: "The key had expired, and a new one was asked for.",
        truth: "The key is for the service platform, and the gateway asked about ml-platform.",
        causes: &["service-id-mismatch"],
    },
    Example {
        row: "i08-shared-load-balancer",
        title: "The gateway cannot reach its auth service",
        believed: "The key is bad, or the auth service is slow.",
        truth: "Both stand behind one load balancer, whose rules led the gateway's own questions nowhere.",
        causes: &["auth-service-unreachable", "outage-reported-as-401"],
    },
    Example {
        row: "i09-auth-service-gone",
        title: "An outage under the status of a bad key",
        believed: "The key is invalid: the registry answers 401.",
        truth: "The auth service was down, and the gateway reported that as 401.",
        causes: &["auth-service-down", "outage-reported-as-401"],
    },
    Example {
        row: "i15-after-the-migration",
        title: "After the move",
        believed: "Requests should go straight to MLflow, past the gateway.",
        truth: "The auth service did not come up, and the load balancer had no rule for MLflow's path.",
        causes: &["auth-service-down", "route-missing"],
    },
    Example {
        row: "i17-mount-deleted",
        title: "The repair that deleted the route",
        believed: "The load balancer's rules are wrong, or MLflow is down.",
        truth: "A change that was meant to mend 404 answers had removed the application's route to MLflow.",
        causes: &["route-missing"],
    },
    Example {
        row: "i22-key-stripped",
        title: "The key is lost behind the gateway",
        believed: "The key is invalid, or the client sends none.",
        truth: "The gateway checked the key and did not pass it on to MLflow, which wanted one too.",
        causes: &["auth-header-stripped"],
    },
    Example {
        row: "i24-read-only-key",
        title: "Reading works, writing does not",
        believed: "The gateway filters writes, or MLflow's own permissions are wrong.",
        truth: "The key's scopes did not cover writing.",
        causes: &["key-lacks-permission"],
    },
    Example {
        row: "i30-preflight-refused",
        title: "It works in a terminal and not in a browser",
        believed: "The key is bad in the browser, since the same key works with curl.",
        truth: "The gateway wanted a key from the browser's permission question (OPTIONS), which never carries one.",
        causes: &["cors-preflight-unauthorized"],
    },
    Example {
        row: "i33-host-check",
        title: "403 after an upgrade",
        believed: "The key lost its permission.",
        truth: "The newer MLflow checks the Host header, and did not know the registry's public name.",
        causes: &["mlflow-host-not-allowed"],
    },
    Example {
        row: "i36-limit-as-401",
        title: "A limit under the status of a bad key",
        believed: "The key is invalid: it worked a minute ago.",
        truth: "The auth service limited the gateway's questions, and the gateway reported that as 401.",
        causes: &["rate-limited", "outage-reported-as-401"],
    },
    Example {
        row: "i38-admins-only",
        title: "A registry for admins",
        believed: "Something is broken: a good key is refused everywhere.",
        truth: "Nothing is: by intention the registry is for admins, and this key's owner is none.",
        causes: &["key-lacks-permission"],
    },
    Example {
        row: "i39-no-balance",
        title: "Nothing left on the account",
        believed: "The service is broken for this user.",
        truth: "The account behind the key could not pay.",
        causes: &["balance-exhausted"],
    },
];

/// What the page reads to list them.
pub fn index() -> String {
    let entries = ALL.iter().map(|example| {
        json!({
            "id": example.row,
            "title": example.title,
            "believed": example.believed,
            "true": example.truth,
        })
    });
    lines(&Value::Array(entries.collect()), 1)
}

/// A report with other names for the hosts, given as origins with a name each; everything is said to be https. The first
/// one is the page's, which has its address for itself: a run also asks another port of it. Refused if a place on this
/// machine is left.
pub fn renamed(report: &str, names: &[(&str, &str)]) -> Result<String, String> {
    let mut report: Value = serde_json::from_str(report).map_err(|error| error.to_string())?;
    rename(&mut report, names);
    if let Some((page, name)) = names.first() {
        let host = page.rsplit('/').next().and_then(|place| place.split(':').next()).unwrap_or_default();
        rename_host(&mut report, host, name);
    }
    match machine_in(&report) {
        Some(place) => Err(format!("the example still speaks of {place}")),
        None => Ok(lines(&report, 2)),
    }
}

/// A place on this machine that a report speaks of. Fix cards are words of the catalogue, whose MLflow is a local one.
pub fn machine_in(report: &Value) -> Option<String> {
    let mut seen = report.clone();
    for sentence in seen["sentences"].as_array_mut().into_iter().flatten() {
        sentence["fixes"] = Value::Null;
    }
    let text = seen.to_string();
    let at = ["127.0.0.", "localhost", "[::1]"].into_iter().find_map(|place| text.find(place))?;
    Some(text.chars().skip(at.saturating_sub(40)).take(100).collect())
}

fn rename(value: &mut Value, names: &[(&str, &str)]) {
    match value {
        Value::String(text) => {
            for (origin, name) in names {
                let bare = origin.rsplit('/').next().unwrap_or_default();
                *text = text.replace(origin, &format!("https://{name}")).replace(bare, name);
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|value| rename(value, names)),
        Value::Object(object) => {
            if let (Some(host), Some(port)) = (object.get("host"), object.get("port")) {
                let here = format!("{}:{port}", host.as_str().unwrap_or_default());
                let named = names.iter().find(|(origin, _)| origin.ends_with(&format!("/{here}")));
                if let Some((_, name)) = named {
                    *value = json!({ "secure": true, "host": name, "port": 443 });
                    return;
                }
            }
            object.values_mut().for_each(|value| rename(value, names));
        }
        _ => {}
    }
}

/// The same for a host at whatever port, which it keeps.
fn rename_host(value: &mut Value, host: &str, name: &str) {
    match value {
        Value::String(text) if !host.is_empty() => {
            *text = text.replace(&format!("http://{host}"), &format!("https://{name}")).replace(host, name);
        }
        Value::Array(list) => list.iter_mut().for_each(|value| rename_host(value, host, name)),
        Value::Object(object) => {
            if object.get("host").and_then(Value::as_str) == Some(host) && object.contains_key("port") {
                object.insert("secure".to_owned(), json!(true));
            }
            object.values_mut().for_each(|value| rename_host(value, host, name));
        }
        _ => {}
    }
}

/// JSON with one line for each member, and down to `depth` for each value of a list: changes can be read, and it is short.
fn lines(value: &Value, depth: usize) -> String {
    let inside = |inner: &Value| if depth > 1 { lines(inner, depth - 1) } else { inner.to_string() };
    let (open, parts, close) = match value {
        Value::Array(list) if depth > 0 && list.len() > 1 => {
            ('[', list.iter().map(inside).collect::<Vec<_>>(), "]")
        }
        Value::Object(object) if depth > 1 => {
            let members = object.iter().map(|(name, inner)| format!("{}:{}", json!(name), inside(inner)));
            ('{', members.collect(), "}")
        }
        _ => return value.to_string(),
    };
    let end = if depth > 1 || close == "]" { "\n" } else { "" };
    format!("{open}\n{}{end}{close}", parts.join(",\n")) + if close == "}" { "\n" } else { "" }
}
