//! The `curl` command that asks what a probe asks, for a terminal. The key is a shell variable, and every
//! value is quoted for the shell.

use super::{Probe, Way};
use crate::deployment::credential::{KEY_PLACE, Presented, fake_key};
use crate::deployment::{AuthScheme, KeyShape, Origin, Target};

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
        Presented::Nothing if !probe.has_cookies() => {}
        Presented::KeyInBody => {}
        // Double quotes, so that the shell puts the variable in.
        Presented::Key | Presented::Nothing => {
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
    words.extend(probe.headers.iter().map(|(name, value)| {
        // A header with nothing in it ends in a semicolon: with a colon, curl would leave it out.
        let header = if value.is_empty() { format!("{name};") } else { format!("{name}: {value}") };
        format!("-H {}", shell_quote(&header))
    }));
    // The shell puts the variable in where the key's place is: out of the single quotes, into double ones.
    let body = |body: &String| shell_quote(body).replace(KEY_PLACE, "'\"$PREFLIGHT_KEY\"'");
    words.extend(probe.body.iter().map(|text| format!("--data-raw {}", body(text))));
    words.join(" ")
}

/// What the output of a command begins its last line with, when [`MARKED`] was added to it.
pub const MARK: &str = "Asked for Preflight: ";
/// Makes the output of a command say which address was asked. With `-i`, which shows no request and so no key.
pub const MARKED: &str = " -m 20 -w '\\nAsked for Preflight: %{url_effective}\\n'";

/// The command that shows everything about asking these addresses, without a key: the output says what was asked.
/// It gives up after 20 seconds.
pub fn verbose(targets: &[Target], origin: &Origin) -> String {
    let targets: Vec<String> = targets.iter().map(|target| shell_quote(&target.to_string())).collect();
    format!("curl -v -m 20 {} -H {}", targets.join(" "), shell_quote(&format!("Origin: {origin}")))
}

/// The command that shows the browser's permission question (preflight) for a probe.
pub fn preflight_command(probe: &Probe, scheme: &AuthScheme, origin: &Origin) -> String {
    let mut names = match probe.presented {
        Presented::Nothing | Presented::KeyInBody => Vec::new(),
        _ => probe.scheme(scheme).header_names(),
    };
    for (name, _) in &probe.headers {
        names.insert(names.partition_point(|other| other < name), name.clone());
    }
    let mut command = format!(
        "curl -sv -m 20 -X OPTIONS {} -H {} -H {}",
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
    fn other_ways_to_present_a_key_are_commands_too() {
        let origin = page();
        let command = |probe: Probe| command(&probe, &AuthScheme::Bearer, None, &origin);
        let in_body =
            Probe { presented: Presented::KeyInBody, ..probe("/v").json("{\"api_key\":\"[key]\"}".into()) };
        assert_eq!(
            command(in_body),
            "curl -i -X POST https://r.example/v -H 'Origin: https://page.example' -H 'content-type: application/json' --data-raw '{\"api_key\":\"'\"$PREFLIGHT_KEY\"'\"}'"
        );
        assert!(command(probe("/v").header("authorization", "")).ends_with("-H 'authorization;'"));
        assert!(
            command(probe("/v").with(Presented::Key).in_scheme(AuthScheme::XApiKey))
                .ends_with("-H \"X-API-Key: $PREFLIGHT_KEY\"")
        );
        assert!(
            command(probe("/v").in_scheme(AuthScheme::Cookies))
                .ends_with("-H \"Cookie: $PREFLIGHT_COOKIES\"")
        );
    }

    #[test]
    fn preflight_commands_name_what_the_browser_asks() {
        let asked = probe("/a").with(Presented::Key).json("{}".into());
        assert_eq!(
            preflight_command(&asked, &AuthScheme::XApiKey, &page()),
            "curl -sv -m 20 -X OPTIONS https://r.example/a -H 'Origin: https://page.example' -H 'Access-Control-Request-Method: POST' -H 'Access-Control-Request-Headers: content-type,x-api-key'"
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
