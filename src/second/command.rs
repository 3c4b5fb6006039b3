//! Reads a `curl` command line as it stands in a terminal, with whatever prompt is in front.

use super::secrets::Secrets;
use crate::deployment::redact::is_secret_header;

/// What a command line says of the questions that follow it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Command {
    /// The addresses, in order.
    pub urls: Vec<String>,
    /// The method, if it is named or follows from an option.
    pub method: Option<String>,
    /// `Origin`.
    pub origin: Option<String>,
    /// `Access-Control-Request-Method`.
    pub asks_method: Option<String>,
    /// A credential goes along.
    pub keyed: bool,
    /// Through a proxy.
    pub proxied: bool,
    /// Certificates are not judged.
    pub insecure: bool,
}

/// Short options of curl that take a value.
const SHORT_WITH_VALUE: &str = "XHudobAemTFwxcCEPQrtUYyzKD";
/// Long ones that do.
const LONG_WITH_VALUE: [&str; 26] = [
    "request",
    "header",
    "user",
    "data",
    "data-raw",
    "data-binary",
    "data-urlencode",
    "json",
    "output",
    "cookie",
    "user-agent",
    "referer",
    "max-time",
    "connect-timeout",
    "form",
    "upload-file",
    "write-out",
    "proxy",
    "resolve",
    "connect-to",
    "cacert",
    "cert",
    "key",
    "retry",
    "url",
    "oauth2-bearer",
];

/// Reads a line; `None` when it is no command that asks an address with curl.
pub fn read(line: &str, secrets: &mut Secrets) -> Option<Command> {
    let start = begin(line)?;
    let words = words(&line[start..]);
    let mut command = Command::default();
    let mut rest = words.into_iter().skip(1);
    while let Some(word) = rest.next() {
        if let Some(long) = word.strip_prefix("--") {
            let (name, own) = match long.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (long, None),
            };
            let value = match own {
                Some(value) => value,
                None if LONG_WITH_VALUE.contains(&name) => rest.next().unwrap_or_default(),
                None => String::new(),
            };
            command.option(name, &value, secrets);
        } else if let Some(short) = word.strip_prefix('-').filter(|short| !short.is_empty()) {
            for (at, letter) in short.char_indices() {
                let takes = SHORT_WITH_VALUE.contains(letter);
                let value = match (takes, short.get(at + letter.len_utf8()..)) {
                    (false, _) => String::new(),
                    (true, Some(own)) if !own.is_empty() => own.to_owned(),
                    _ => rest.next().unwrap_or_default(),
                };
                command.option(long_name(letter), &value, secrets);
                if takes {
                    break;
                }
            }
        } else if word.contains("://") {
            command.urls.push(word);
        } else if word == "|" || word == "&&" || word == ";" || word == "||" {
            break;
        }
    }
    (!command.urls.is_empty()).then_some(command)
}

fn long_name(letter: char) -> &'static str {
    match letter {
        'X' => "request",
        'H' => "header",
        'u' => "user",
        'd' => "data",
        'b' => "cookie",
        'I' => "head",
        'k' => "insecure",
        'x' => "proxy",
        'F' => "form",
        'T' => "upload-file",
        _ => "",
    }
}

impl Command {
    fn option(&mut self, name: &str, value: &str, secrets: &mut Secrets) {
        match name {
            "request" => self.method = Some(value.to_ascii_uppercase()),
            "head" => self.method = Some("HEAD".to_owned()),
            "data" | "data-raw" | "data-binary" | "data-urlencode" | "json" | "form" => {
                self.method.get_or_insert_with(|| "POST".to_owned());
            }
            "upload-file" => {
                self.method.get_or_insert_with(|| "PUT".to_owned());
            }
            "user" | "cookie" | "oauth2-bearer" => {
                self.keyed = true;
                value.split(':').for_each(|part| secrets.remember(part));
                secrets.remember(value);
            }
            "proxy" => {
                self.proxied = true;
                secrets.remember(value);
            }
            "insecure" => self.insecure = true,
            "url" => self.urls.push(value.to_owned()),
            "header" => {
                let (name, value) = value.split_once(':').unwrap_or_default();
                self.header(&name.trim().to_ascii_lowercase(), value.trim(), secrets);
            }
            _ => {}
        }
    }

    fn header(&mut self, name: &str, value: &str, secrets: &mut Secrets) {
        match name {
            "origin" => self.origin = Some(value.to_owned()),
            "access-control-request-method" => self.asks_method = Some(value.to_ascii_uppercase()),
            name if is_secret_header(name) => {
                self.keyed = true;
                secrets.remember(value);
            }
            _ => {}
        }
    }
}

/// True when a line goes on in the next one, for a shell.
pub fn goes_on(line: &str) -> bool {
    let line = line.trim_end();
    begin(line).is_some() && line.ends_with(['\\', '^', '`'])
}

/// A command over several lines as one; a terminal shows a sign in front of the further ones.
pub fn whole<'a>(first: &str, rest: &mut impl Iterator<Item = &'a str>) -> String {
    const ON: [char; 3] = ['\\', '^', '`'];
    let mut whole = first.trim_end().trim_end_matches(ON).to_owned();
    for line in rest.take(20) {
        let line = line.trim();
        let part = line.strip_prefix("> ").unwrap_or(line);
        whole.push(' ');
        whole.push_str(part.trim_end_matches(ON));
        if !line.ends_with(ON) {
            break;
        }
    }
    whole
}

/// Where `curl` begins, when the line is a command: at its start or behind a prompt.
fn begin(line: &str) -> Option<usize> {
    let mut from = 0;
    // A prompt is short; a line with many words of that name is none.
    for _ in 0..4 {
        let at = from + line.get(from..)?.find("curl")?;
        let after = &line[at + 4..];
        let after = after.strip_prefix(".exe").unwrap_or(after);
        let before = line[..at].trim_end();
        let prompt = before.is_empty()
            || at <= 160
                && (before.ends_with(['$', '#', '%', '>', '❯', '➜', ']', '&', ';', ')'])
                    || ["sudo", "time"].iter().any(|word| before.ends_with(word)));
        if prompt && after.starts_with(' ') {
            return Some(at);
        }
        from = at + 4;
    }
    None
}

/// The words of a line as a POSIX shell splits them. What a shell would put in for variables stays as it is.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut characters = line.chars();
    let mut quote = None;
    while let Some(c) = characters.next() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_with(String::new);
            }
            (Some('"') | None, '\\') => {
                if let Some(next) = characters.next() {
                    word.get_or_insert_with(String::new).push(next);
                }
            }
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (_, c) => word.get_or_insert_with(String::new).push(c),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(line: &str) -> Option<Command> {
        read(line, &mut Secrets::default())
    }

    #[test]
    fn commands_of_this_page_and_of_people() {
        let asked = of("me@host:~$ curl -sv -X OPTIONS https://r.example/a -H 'Origin: https://page.example' -H 'Access-Control-Request-Method: POST'").expect("a command");
        assert_eq!(asked.urls, ["https://r.example/a"]);
        assert_eq!(asked.method.as_deref(), Some("OPTIONS"));
        assert_eq!(asked.origin.as_deref(), Some("https://page.example"));
        assert_eq!(asked.asks_method.as_deref(), Some("POST"));
        assert!(!asked.keyed);
        let asked =
            of(r#"PS C:\Users\me> curl.exe -i "http://h/x" -H "Authorization: Bearer $PREFLIGHT_KEY" -d {}"#);
        let asked = asked.expect("a command");
        assert!(asked.keyed && asked.method.as_deref() == Some("POST"));
        assert!(of("curl -vkLsu user:made-up http://h/").expect("a command").insecure);
        assert!(of("% curl -XPUT http://h/").is_some_and(|asked| asked.method.as_deref() == Some("PUT")));
    }

    #[test]
    fn other_lines_with_the_word_are_none() {
        for line in [
            "> User-Agent: curl/7.88.1",
            "curl: (60) SSL certificate problem: unable to get local issuer certificate",
            "curl failed to verify the legitimacy of the server and therefore could not",
            "More details here: https://curl.se/docs/sslcerts.html",
            "* curl is here",
            "curl",
            "curl --version",
        ] {
            assert_eq!(of(line), None, "{line}");
        }
    }

    #[test]
    fn what_is_sent_as_a_credential_is_remembered_to_be_dropped() {
        let mut secrets = Secrets::default();
        read("curl http://h/ -H 'X-API-Key: made-up-key-1' -u me:made-up-pass", &mut secrets);
        assert_eq!(secrets.dropped_from("made-up-key-1 made-up-pass"), "[key] [key]");
    }
}
