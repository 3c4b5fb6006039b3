//! Reads the output of `curl`: with `-v` (lines with `*`, `>` and `<`), with `-i` (headers, then the body), or both;
//! several runs after each other; HTTP/1.1, HTTP/2 and HTTP/3; redirects; answers of 1xx; progress in between.

use super::command::{self, Command};
use super::paste::without_progress;
use super::says::{failure, field, is_status_line, refused, trouble};
use super::secrets::Secrets;
use super::wire::{Address, KEPT, VALUE, host_and_port, leading_number, tidy, tidy_host};
use super::{EXCHANGES, Exchange};
use crate::deployment::redact::is_secret_header;
use crate::probe::curl::MARK;
use crate::probe::{Answer, Body, Came};

/// Characters that are kept of what curl says.
const SAYS: usize = 200;

/// Every exchange in these lines, in their order.
pub fn read(lines: &[String]) -> Vec<Exchange> {
    let mut reader = Reader::default();
    let mut lines = lines.iter().map(String::as_str);
    while let Some(line) = lines.next() {
        match command::goes_on(line) {
            true => reader.line(&command::whole(line, &mut lines)),
            false => reader.line(line),
        }
    }
    reader.end();
    reader.done
}

/// Where in an exchange the next line stands.
#[derive(Clone, Copy, Default, PartialEq)]
enum At {
    /// Between exchanges, or before the answer.
    #[default]
    Before,
    /// In the request (`>`).
    Request,
    /// In the headers of an answer (`<`).
    Marked,
    /// In the headers of an answer without marks (`-i`).
    Plain,
    /// In the body.
    Body,
}

#[derive(Default)]
struct Reader {
    done: Vec<Exchange>,
    secrets: Secrets,
    command: Option<Command>,
    /// How many exchanges of the command have begun.
    begun: usize,
    secure: Option<bool>,
    host: Option<String>,
    port: Option<u16>,
    proxied: bool,
    /// Why the last address that was tried could not be connected to.
    reason: Option<String>,
    now: Option<Exchange>,
    at: At,
    seen_verbose: bool,
}

impl Reader {
    fn line(&mut self, line: &str) {
        let line = without_progress(line);
        if let Some(command) = command::read(line, &mut self.secrets) {
            self.end();
            self.forget_connection();
            (self.command, self.begun) = (Some(command), 0);
            return;
        }
        let plain = line.trim_end();
        if let Some(says) = line.strip_prefix("* ") {
            return self.says(says.trim());
        }
        if plain == ">" || line.starts_with("> ") {
            return self.request(plain.get(2..).unwrap_or_default().trim());
        }
        if self.at != At::Body && (plain == "<" || line.starts_with("< ")) {
            return self.answer(plain.get(2..).unwrap_or_default().trim(), At::Marked);
        }
        if ["{ [", "} ["].iter().any(|mark| line.starts_with(mark)) || plain.contains("% Received % Xferd") {
            return;
        }
        if let Some((number, says)) = failure(line) {
            return self.failed(number, says);
        }
        if let Some(address) = plain.strip_prefix(MARK) {
            return self.marked(address.trim());
        }
        // With both -i and -v the headers stand there twice.
        let again = self.at == At::Marked || self.at == At::Body && self.seen_verbose && self.is_fresh();
        if is_status_line(plain) && !again {
            return self.answer(plain, At::Plain);
        }
        match self.at {
            At::Plain => self.answer(plain, At::Plain),
            At::Body => self.body(line),
            At::Before | At::Request | At::Marked => {}
        }
    }

    /// A line of curl's own, without its mark.
    fn says(&mut self, says: &str) {
        let after = |words: &str| says.strip_prefix(words).map(str::trim);
        if let Some(rest) = after("Host ").filter(|rest| rest.ends_with("was resolved.")) {
            self.begin_connection();
            let name = rest.split_whitespace().next().unwrap_or_default();
            (self.host, self.port) = host_and_port(name);
        } else if let Some(rest) = after("Trying ") {
            let (_, port) = host_and_port(rest.trim_end_matches('.'));
            if self.at != At::Before || self.now.as_ref().is_some_and(|now| now.came.is_some()) {
                self.begin_connection();
            }
            self.port = port.or(self.port);
        } else if let Some(rest) = after("Connected to ").or(after("Established connection to ")) {
            self.host = rest.split_whitespace().next().map(tidy_host);
            let port = rest.split("port ").nth(1).map(|rest| rest.trim_start_matches(' '));
            self.port = port.and_then(leading_number).or(self.port);
            self.now();
        } else if says.starts_with("Uses proxy env variable") && !says.contains("no_proxy")
            || says.starts_with("CONNECT tunnel")
            || says.starts_with("Establish HTTP proxy tunnel")
            || says.starts_with("Could not resolve proxy")
        {
            self.proxied = true;
            self.now().proxied = true;
        } else if let Some(name) = after("Could not resolve host: ") {
            self.host = Some(tidy_host(name.trim_end_matches('.')));
            self.came(Came::NameUnknown, says);
        } else if let Some(rest) = after("Failed to connect to ") {
            self.host = rest.split_whitespace().next().map(tidy_host);
            self.port = rest.split("port ").nth(1).and_then(leading_number).or(self.port);
            // The reason stands with the last address that was tried.
            let reason = self.reason.take().unwrap_or_else(|| says.to_owned());
            self.came(refused(&reason), &reason);
        } else if says.starts_with("connect to ") && says.contains(" failed: ") {
            self.port = says.split("port ").nth(1).and_then(leading_number).or(self.port);
            self.reason = says.rsplit(" failed: ").next().map(str::to_owned);
        } else if says.starts_with("SSL certificate verify result:") {
            self.secure = Some(true);
            let now = self.now();
            now.insecure = true;
            now.secure = Some(true);
        } else if ["TLSv", "SSL connection", "ALPN", "Server certificate", "CAfile", "(304)"]
            .iter()
            .any(|mark| says.starts_with(mark))
            || says.contains("OPENED stream for https://")
        {
            self.secure = Some(true);
        } else if let Some(came) = trouble(says) {
            self.came(came, says);
        } else if says.starts_with("schannel") {
            self.secure = Some(true);
        } else if let Some((_, value)) = field(says).filter(|(name, _)| is_secret_header(name)) {
            self.secrets.remember(value);
            self.now().keyed = true;
        } else if says.starts_with("Re-using existing") || says.starts_with("Issue another request") {
            self.end();
        }
    }

    /// A line of the request, without its mark.
    fn request(&mut self, line: &str) {
        let mut words = line.split_whitespace();
        let method = words.next().unwrap_or_default();
        let (path, version) = (words.next(), words.next());
        if let (Some(path), Some(version)) = (path, version)
            && version.starts_with("HTTP/")
            && method.chars().all(|c| c.is_ascii_uppercase())
        {
            if method == "CONNECT" {
                self.proxied = true;
                return;
            }
            if self.at != At::Before || self.now.as_ref().is_some_and(|now| now.came.is_some()) {
                self.end();
            }
            self.at = At::Request;
            self.seen_verbose = true;
            let (secure, path, method) = (self.secure, path.to_owned(), method.to_owned());
            let now = self.now();
            // Without a word of TLS before the request there was none.
            now.secure = Some(secure == Some(true));
            (now.path, now.method, now.shows_headers) = (Some(path), Some(method), true);
            return;
        }
        if self.at != At::Request {
            return;
        }
        let Some((name, value)) = line.split_once(':') else { return };
        let (name, value) = (name.trim().to_ascii_lowercase(), value.trim());
        let is_secret = is_secret_header(&name);
        if is_secret {
            self.secrets.remember(value);
        }
        let now = self.now();
        match name.as_str() {
            "host" => (now.host, now.port) = host_and_port(value),
            "origin" => now.origin = Some(value.to_owned()),
            "access-control-request-method" => now.asks_method = Some(value.to_ascii_uppercase()),
            _ => now.keyed |= is_secret,
        }
    }

    /// A line of an answer's head, without its mark.
    fn answer(&mut self, line: &str, at: At) {
        if is_status_line(line) {
            let status = line.split_whitespace().nth(1).and_then(leading_number).unwrap_or_default();
            // The answer of a proxy to CONNECT is none of the server's.
            if line.to_ascii_lowercase().ends_with("connection established") {
                self.proxied = true;
                self.now().proxied = true;
                self.at = At::Request;
                return;
            }
            let is_new = self.now.as_ref().is_some_and(|now| {
                now.answer.as_ref().is_some_and(|answer| answer.status >= 200) || now.came.is_some()
            });
            if is_new {
                self.end();
            }
            self.at = at;
            let now = self.now();
            let empty =
                Answer { status, landed: None, queued_ms: None, headers: Vec::new(), body: Body::default() };
            now.answer = Some(empty);
            if status >= 200 {
                now.came = Some(Came::Answered);
            }
            return;
        }
        if line.is_empty() {
            let is_interim = self
                .now
                .as_ref()
                .and_then(|now| now.answer.as_ref())
                .is_some_and(|answer| answer.status < 200);
            self.at = if is_interim { At::Request } else { At::Body };
            return;
        }
        let Some((name, value)) = line.split_once(':') else { return };
        let (name, value) = (name.trim().to_ascii_lowercase(), value.trim());
        if is_secret_header(&name) {
            return self.secrets.remember(value);
        }
        if let Some(answer) = self.now().answer.as_mut().filter(|_| KEPT.contains(&name.as_str())) {
            answer.headers.push((name, value.chars().take(VALUE).collect()));
        }
    }

    /// A line of the body.
    fn body(&mut self, line: &str) {
        // Output and messages share the terminal: a body that ends without a line end is followed by one of these.
        let ends = [
            "* Connection #",
            "* Closing connection",
            "* shutting down connection",
            "* Hostname ",
            "curl: (",
        ];
        let cut = ends.iter().filter_map(|mark| line.find(mark)).min();
        let text = &line[..cut.unwrap_or(line.len())];
        if let Some(answer) = self.now.as_mut().and_then(|now| now.answer.as_mut()) {
            let body = &mut answer.body;
            if body.text.len() < Body::KEPT * 4 {
                if !body.text.is_empty() {
                    body.text.push('\n');
                }
                body.text.push_str(text);
            }
        }
        if let Some((number, says)) = cut.and_then(|cut| failure(&line[cut..])) {
            self.failed(number, says);
        }
    }

    /// The last line of curl, with its number: the same in every language.
    fn failed(&mut self, number: u16, says: &str) {
        let lower = says.to_ascii_lowercase();
        let reason = self.reason.take().filter(|_| number == 7);
        let says = reason.as_deref().unwrap_or(says);
        let came = match number {
            6 => Came::NameUnknown,
            7 => refused(&[&lower, says].concat()),
            28 => Came::Silent,
            35 => trouble(says).unwrap_or(Came::Handshake),
            51 | 60 => trouble(says).unwrap_or(Came::CertificateIssuer),
            52 | 55 | 56 | 92 | 16 | 95 => Came::Broken,
            1 if says.contains("HTTP/0.9") => Came::NotHttp,
            8 => Came::NotHttp,
            18 => return self.broke(),
            5 | 97 => {
                self.now().proxied = true;
                Came::Refused
            }
            // Something is wrong with the command or with curl, and nothing was asked.
            _ => return,
        };
        if let Some(rest) = says.strip_prefix("Could not resolve host: ") {
            self.host = Some(tidy_host(rest));
        }
        if let Some(rest) = says.strip_prefix("Failed to connect to ") {
            self.host = rest.split_whitespace().next().map(tidy_host);
            self.port = rest.split("port ").nth(1).and_then(leading_number).or(self.port);
        }
        let answered = self.now.as_ref().is_some_and(|now| now.came == Some(Came::Answered));
        match (answered, self.now().came) {
            (true, _) => self.broke(),
            (false, None) => self.came(came, says),
            (false, Some(_)) => {}
        }
        self.end();
    }

    /// The connection failed inside the body.
    fn broke(&mut self) {
        if let Some(answer) = self.now.as_mut().and_then(|now| now.answer.as_mut()) {
            answer.body.broken = true;
        }
        self.end();
    }

    fn came(&mut self, came: Came, says: &str) {
        let says: String = self.secrets.dropped_from(says).chars().take(SAYS).collect();
        let now = self.now();
        if now.came != Some(Came::Answered) {
            (now.came, now.says) = (Some(came), says);
        }
    }

    /// What `-w` printed.
    fn marked(&mut self, address: &str) {
        let parts = Address::of(address);
        let origin = self.command.as_ref().is_none().then_some(());
        let now = self.now();
        parts.into_exchange(now);
        now.shows_headers = true;
        // Without the command line, it is this page's own command, which names the page.
        if origin.is_some() {
            now.origin = Some(OWN_COMMAND.to_owned());
            now.keyed = true;
        }
        self.end();
    }

    /// The exchange that goes on, or a new one with what is known of its connection.
    fn now(&mut self) -> &mut Exchange {
        let begun = &mut self.begun;
        let command = &self.command;
        let proxied = self.proxied;
        self.now.get_or_insert_with(|| {
            let mut new = Exchange { by: "curl".to_owned(), proxied, ..Exchange::default() };
            if let Some(command) = command {
                let url = command.urls.get(*begun).or(command.urls.last());
                if let Some(url) = url.filter(|_| *begun < command.urls.len()) {
                    Address::of(url).into_exchange(&mut new);
                }
                new.method = Some(command.method.clone().unwrap_or_else(|| "GET".to_owned()));
                new.shows_headers = true;
                new.origin.clone_from(&command.origin);
                new.asks_method.clone_from(&command.asks_method);
                new.keyed = command.keyed;
                new.proxied |= command.proxied;
                new.insecure = command.insecure;
            }
            *begun += 1;
            new
        })
    }

    /// True while nothing of the body was seen.
    fn is_fresh(&self) -> bool {
        self.now
            .as_ref()
            .and_then(|now| now.answer.as_ref())
            .is_some_and(|answer| answer.body.text.is_empty())
    }

    fn forget_connection(&mut self) {
        (self.secure, self.host, self.port, self.proxied) = (None, None, None, false);
    }

    fn begin_connection(&mut self) {
        self.end();
        self.forget_connection();
    }

    /// Ends the exchange that goes on; its connection may be used again.
    fn end(&mut self) {
        self.at = At::Before;
        self.seen_verbose = false;
        let Some(mut now) = self.now.take() else { return };
        now.host = now.host.or_else(|| self.host.clone());
        now.port = now.port.or(self.port);
        now.secure = now.secure.or(self.secure);
        if let Some(answer) = &mut now.answer {
            tidy(answer, &self.secrets);
        }
        let is_something = now.came.is_some() || now.path.is_some();
        if is_something && self.done.len() < EXCHANGES {
            self.done.push(now);
        }
    }
}

/// Stands for the origin of a request that this page's own command made.
pub const OWN_COMMAND: &str = "own";
