//! What to give to other programs once this page gets through: lines to copy, the key always as a variable, and what
//! differs where another program does not get through.

use super::fix::Fix;
use super::words;
use crate::deployment::{AuthScheme, Base};
use crate::json::quote;
use crate::probe::curl::shell_quote;
use crate::run::Facts;

/// Lines for the Python client, curl and JavaScript.
pub fn lines(facts: &Facts) -> Vec<Fix> {
    let (mlflow, scheme) = (&facts.deployment.mlflow, &facts.deployment.scheme);
    let mut lines = python(mlflow, scheme);
    lines.extend(
        words::curl_for(facts, facts.search_id()).map(|curl| Fix::code("curl", "One question:", curl)),
    );
    lines.push(Fix::code("JavaScript", "In Node, or in a page that the server allows:", javascript(facts)));
    lines
}

/// Lines for the Python client: it sends `Bearer` or Basic by itself, anything else by a header provider.
pub fn python(mlflow: &Base, scheme: &AuthScheme) -> Vec<Fix> {
    let uri = ["export MLFLOW_TRACKING_URI=", &shell_quote(&mlflow.to_string())].concat();
    let more = match scheme {
        AuthScheme::None | AuthScheme::Cookies => "",
        AuthScheme::Basic => {
            "\nexport MLFLOW_TRACKING_USERNAME=\"${PREFLIGHT_KEY%%:*}\"\nexport MLFLOW_TRACKING_PASSWORD=\"${PREFLIGHT_KEY#*:}\""
        }
        _ => "\nexport MLFLOW_TRACKING_TOKEN=\"$PREFLIGHT_KEY\"",
    };
    if matches!(scheme, AuthScheme::None | AuthScheme::Basic | AuthScheme::Bearer | AuthScheme::Both) {
        let mut fixes = vec![Fix::code("Python client", "Before Python starts:", [&uri, more].concat())];
        if *scheme == AuthScheme::Both {
            fixes.push(provider("x-api-key", "key"));
        }
        return fixes;
    }
    let fixes = vec![Fix::code("Python client", "Before Python starts, and no MLFLOW_TRACKING_TOKEN:", uri)];
    let header = match scheme {
        AuthScheme::Raw => provider("authorization", "key"),
        AuthScheme::ApiKey => provider("authorization", "\"ApiKey \" + key"),
        AuthScheme::Custom(header) => provider(header, "key"),
        AuthScheme::XApiKey => provider("x-api-key", "key"),
        _ => return fixes,
    };
    fixes.into_iter().chain([header]).collect()
}

/// The Python client takes further headers from a class of its user's.
fn provider(header: &str, value: &str) -> Fix {
    let header = quote(header);
    Fix::code(
        "Python client",
        "The client itself sends only Bearer or Basic; this adds the header, before the first call:",
        format!(
            "import os\nfrom mlflow.tracking.request_header.abstract_request_header_provider import RequestHeaderProvider\nfrom mlflow.tracking.request_header.registry import _request_header_provider_registry\n\nclass Key(RequestHeaderProvider):\n    def in_context(self):\n        return True\n\n    def request_headers(self):\n        key = os.environ[\"PREFLIGHT_KEY\"]\n        return {{{header}: {value}}}\n\n_request_header_provider_registry.register(Key)"
        ),
    )
}

fn javascript(facts: &Facts) -> String {
    let quoted = |text: &str| quote(text);
    let key = "process.env.PREFLIGHT_KEY";
    let scheme = &facts.deployment.scheme;
    let headers: Vec<String> = match scheme {
        AuthScheme::Basic => vec![format!("authorization: \"Basic \" + btoa({key})")],
        _ => scheme
            .shell_headers()
            .iter()
            .filter_map(|line| {
                let (name, value) = line.split_once(": ")?;
                let word = value.strip_suffix("$PREFLIGHT_KEY")?;
                let word = if word.is_empty() { String::new() } else { quoted(word) + " + " };
                Some(format!("{}: {word}{key}", quoted(name)))
            })
            .collect(),
    };
    format!(
        "const answer = await fetch({}, {{ headers: {{ {} }} }});",
        quoted(&facts.search_target().to_string()),
        headers.join(", ")
    )
}

/// What differs where this page gets through and the Python client does not, each with what shows it.
pub const DIFFERENCES: [(&str, &str); 5] = [
    (
        "Another address. The client needs the base without /api/2.0, and the model registry may have a variable of its own:",
        "python -c \"import mlflow; print(mlflow.get_tracking_uri(), mlflow.get_registry_uri())\"",
    ),
    (
        "The key never arrives. A user name and password in MLFLOW_TRACKING_USERNAME or ~/.mlflow/credentials go before the token, and an entry for this host in ~/.netrc replaces it:",
        "env | grep ^MLFLOW_ | cut -d= -f1; ls -l ~/.netrc ~/.mlflow/credentials",
    ),
    ("A line end or a quote in the variable. This shows its length:", "echo ${#MLFLOW_TRACKING_TOKEN}"),
    (
        "A proxy. Python takes it from variables that browsers do not know:",
        "env | grep -i _proxy= | cut -d= -f1",
    ),
    (
        "Certificates. Python has its own list of authorities. Where curl works and Python fails with CERTIFICATE_VERIFY_FAILED, name the file of your company's:",
        "export MLFLOW_TRACKING_SERVER_CERT_PATH=/path/to/company-ca.pem",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deployment::Origin;

    fn base() -> Base {
        let origin = Origin { secure: true, host: "r.example".into(), port: 443 };
        Base { origin, path: "/api/mlflow".into() }
    }

    fn codes(scheme: AuthScheme) -> String {
        python(&base(), &scheme).into_iter().filter_map(|fix| fix.code).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn every_scheme_has_its_lines() {
        let bearer = codes(AuthScheme::Bearer);
        assert_eq!(
            bearer,
            "export MLFLOW_TRACKING_URI=https://r.example/api/mlflow\nexport MLFLOW_TRACKING_TOKEN=\"$PREFLIGHT_KEY\""
        );
        assert!(!codes(AuthScheme::None).contains("PREFLIGHT_KEY"));
        assert!(codes(AuthScheme::Basic).contains("MLFLOW_TRACKING_PASSWORD=\"${PREFLIGHT_KEY#*:}\""));
        for (scheme, header) in [
            (AuthScheme::XApiKey, "{\"x-api-key\": key}"),
            (AuthScheme::ApiKey, "{\"authorization\": \"ApiKey \" + key}"),
            (AuthScheme::Custom("x-own".into()), "{\"x-own\": key}"),
        ] {
            let lines = codes(scheme);
            assert!(lines.contains(header), "{lines}");
            assert!(!lines.contains("MLFLOW_TRACKING_TOKEN"), "{lines}");
        }
        assert!(codes(AuthScheme::Both).contains("MLFLOW_TRACKING_TOKEN"));
    }
}
