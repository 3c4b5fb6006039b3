//! The `curl` command that asks what a probe asks, for a terminal. The key is a shell variable, and every
//! value is quoted for the shell.

use super::{Probe, Way};
use crate::deployment::credential::{Presented, fake_key};
use crate::deployment::{AuthScheme, KeyShape, Origin};

/// Quotes text for a POSIX shell.
pub fn shell_quote(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// The command for a probe. `origin` is the page's own: proxies and MLflow decide by it.
pub fn command(probe: &Probe, scheme: &AuthScheme, shape: Option<&KeyShape>, origin: &Origin) -> String {
    let mut words = vec!["curl -i".to_owned()];
    if probe.method.name() != "GET" {
        words.push(format!("-X {}", probe.method.name()));
    }
    let target = probe.target.to_string();
    words.push(shell_quote(&target));
    if probe.way == Way::Cors {
        words.push(format!("-H {}", shell_quote(&format!("Origin: {origin}"))));
    }
    let scheme = probe.scheme(scheme);
    match probe.presented {
        Presented::Nothing => {}
        // Double quotes, so that the shell puts the variable in.
        Presented::Key => {
            words.extend(scheme.shell_headers().iter().map(|header| format!("-H \"{header}\"")))
        }
        Presented::Fake => {
            let fake = fake_key(shape, scheme);
            let headers = scheme.shell_headers();
            words.extend(headers.iter().map(|header| match scheme {
                AuthScheme::Basic => format!("-u {}", shell_quote(&fake)),
                _ => format!("-H {}", shell_quote(&header.replace("$PREFLIGHT_KEY", &fake))),
            }));
        }
    }
    words.extend(
        probe.headers.iter().map(|(name, value)| format!("-H {}", shell_quote(&format!("{name}: {value}")))),
    );
    words.extend(probe.body.iter().map(|body| format!("--data-raw {}", shell_quote(body))));
    words.join(" ")
}

/// The command that shows the browser's permission question (preflight) for a probe.
pub fn preflight_command(probe: &Probe, scheme: &AuthScheme, origin: &Origin) -> String {
    let mut names = match probe.presented {
        Presented::Nothing => Vec::new(),
        _ => probe.scheme(scheme).header_names(),
    };
    for (name, _) in &probe.headers {
        names.insert(names.partition_point(|other| other < name), name.clone());
    }
    let mut command = format!(
        "curl -i -X OPTIONS {} -H {} -H {}",
        shell_quote(&probe.target.to_string()),
        shell_quote(&format!("Origin: {origin}")),
        shell_quote(&format!("Access-Control-Request-Method: {}", probe.method.name())),
    );
    if !names.is_empty() {
        command.push_str(&format!(
            " -H {}",
            shell_quote(&format!("Access-Control-Request-Headers: {}", names.join(",")))
        ));
    }
    command
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deployment::{Host, Target};

    fn probe(path: &str) -> Probe {
        let origin = Origin { secure: true, host: "r.example".into(), port: 443 };
        Probe::get("x", Host::Registry, Target { origin, path: path.into() }, 1000)
    }

    fn page() -> Origin {
        Origin { secure: true, host: "page.example".into(), port: 443 }
    }

    #[test]
    fn the_key_is_a_variable_and_values_are_quoted() {
        let asked = probe("/a?b=1&c='; rm -rf ~").with(Presented::Key);
        assert_eq!(
            command(&asked, &AuthScheme::Bearer, None, &page()),
            "curl -i 'https://r.example/a?b=1&c='\\''; rm -rf ~' -H 'Origin: https://page.example' -H \"Authorization: Bearer $PREFLIGHT_KEY\""
        );
    }

    #[test]
    fn preflight_commands_name_what_the_browser_asks() {
        let asked = probe("/a").with(Presented::Key).json("{}".into());
        assert_eq!(
            preflight_command(&asked, &AuthScheme::XApiKey, &page()),
            "curl -i -X OPTIONS https://r.example/a -H 'Origin: https://page.example' -H 'Access-Control-Request-Method: POST' -H 'Access-Control-Request-Headers: content-type,x-api-key'"
        );
    }

    proptest::proptest! {
        /// What the shell makes of the quoted text is the text again.
        #[test]
        fn quoting_round_trips(text in "[ -~]{0,30}") {
            let quoted = shell_quote(&text);
            let unquoted = if quoted.starts_with('\'') {
                quoted[1..quoted.len() - 1].replace("'\\''", "'")
            } else {
                quoted
            };
            proptest::prop_assert_eq!(unquoted, text);
        }
    }
}
