//! Real requests, and what a browser would show a page of the answers: only the part of the Fetch standard that the
//! cases need. One thread, one server at a time.

use super::world::{Fate, KEY, Reply};
use preflight::deployment::credential::Presented;
use preflight::deployment::{Host, Origin, Target};
use preflight::probe::{Probe, Way};
use preflight::registration::content::{self, Content};
use std::cell::Cell;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

const PAGE: &str = "https://page.example";
/// A page that a cache in between has seen before.
const OTHER: &str = "https://other.example";
/// The first request of a server that has just started takes longest.
const LIMIT: Duration = Duration::from_secs(60);

thread_local! {
    /// Where the server under test listens: [`super::world::World`] takes plain functions.
    pub static PORT: Cell<u16> = const { Cell::new(0) };
    /// Whether something in between cuts bodies into chunks, as HTTP/1.1 allows.
    pub static CHUNKED: Cell<bool> = const { Cell::new(false) };
    /// User and password in Base64, where they are asked for.
    pub static USER: Cell<&'static str> = const { Cell::new("") };
}

/// An answer as it came.
struct Came {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Came {
    fn all(&self, name: &str) -> Vec<&str> {
        self.headers.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str()).collect()
    }

    /// The check of the Fetch standard; with cookies no star will do.
    fn is_readable(&self, cookies: bool) -> bool {
        let allowed = self.all("access-control-allow-origin");
        match cookies {
            false => matches!(allowed[..], ["*" | PAGE]),
            true => allowed == [PAGE] && self.all("access-control-allow-credentials") == ["true"],
        }
    }

    fn lists(&self, name: &str, wanted: &str) -> bool {
        self.all(name).iter().flat_map(|list| list.split(',')).any(|listed| {
            let listed = listed.trim();
            listed.eq_ignore_ascii_case(wanted) || (listed == "*" && wanted != "authorization")
        })
    }

    /// The headers that are shown to a page besides the content type. The time of day is left out: runs here are made at
    /// one that stands still.
    fn exposed(&self) -> Vec<(String, String)> {
        let is_exposed = |name: &str| name != "date" && self.lists("access-control-expose-headers", name);
        self.headers.iter().filter(|(name, _)| is_exposed(name)).cloned().collect()
    }
}

/// What comes of a question to the server under test.
pub fn ask(probe: &Probe) -> Fate {
    shown(probe, send(probe.method.name(), probe, PAGE, &[]))
}

/// The same where a cache stands in between, which holds what it gave to another page; what varies by the page it asks
/// for anew (RFC 9111, 4.1).
pub fn ask_a_cache(probe: &Probe) -> Fate {
    let own = || send(probe.method.name(), probe, PAGE, &[]);
    if probe.way != Way::Shared {
        return shown(probe, own());
    }
    let stored = send(probe.method.name(), probe, OTHER, &[]);
    shown(
        probe,
        if stored.as_ref().is_some_and(|came| came.lists("vary", "origin")) { own() } else { stored },
    )
}

fn shown(probe: &Probe, came: Option<Came>) -> Fate {
    let Some(came) = came else { return Fate::Refused };
    let kind = match came.all("content-type").first() {
        Some(kind) if kind.starts_with("application/json") => "application/json",
        Some(kind) if kind.starts_with("text/html") => "text/html",
        _ => "text/plain",
    };
    let readable = came.is_readable(probe.has_cookies());
    let matches = content::comes_back(&probe.id).then(|| {
        content::of(&probe.id).map(Content::bytes).as_deref() == Some(came.body.as_slice())
            && came.status == 200
    });
    // A file that is compared is not kept.
    let text =
        if matches.is_some() { String::new() } else { String::from_utf8_lossy(&came.body).into_owned() };
    let reply = Reply { kind, matches, more: came.exposed(), ..Reply::text(came.status, &text) };
    Fate::Reply(if readable { reply } else { reply.bare() })
}

/// Whether the server under test lets a question through that needs permission first.
pub fn permits(probe: &Probe) -> bool {
    let mut names: Vec<&str> = probe.headers.iter().map(|(name, _)| name.as_str()).collect();
    if probe.presented != Presented::Nothing {
        names.push("authorization");
    }
    let question = [
        ("Access-Control-Request-Method", probe.method.name().to_owned()),
        ("Access-Control-Request-Headers", names.join(",")),
    ];
    let bare = Probe { presented: Presented::Nothing, headers: Vec::new(), body: None, ..probe.clone() };
    let Some(came) = send("OPTIONS", &bare, PAGE, &question) else { return false };
    let method = probe.method.name();
    (200..300).contains(&came.status)
        && came.is_readable(false)
        && (matches!(method, "GET" | "POST") || came.lists("access-control-allow-methods", method))
        && names.iter().all(|name| came.lists("access-control-allow-headers", name))
}

fn send(method: &str, probe: &Probe, origin: &str, more: &[(&str, String)]) -> Option<Came> {
    let mut stream = TcpStream::connect(("127.0.0.1", PORT.get())).ok()?;
    stream.set_read_timeout(Some(LIMIT)).ok()?;
    let file = content::of(&probe.id).filter(|_| method == "PUT").map(Content::bytes);
    let body = file.unwrap_or_else(|| probe.body.clone().unwrap_or_default().into_bytes());
    let chunked = CHUNKED.get() && !body.is_empty();
    let version = if chunked { "1.1" } else { "1.0" };
    let mut text = format!(
        "{method} {} HTTP/{version}\r\nHost: registry.example\r\nOrigin: {origin}\r\nConnection: close\r\n",
        probe.target.path
    );
    let key = match (probe.presented, USER.get()) {
        (Presented::Nothing, _) => String::new(),
        (Presented::Key, "") => format!("Bearer {KEY}"),
        (_, "") => "Bearer pf_live_NOBODYISSUEDTHISKEYNOBODYISSUED".to_owned(),
        (Presented::Key, user) => format!("Basic {user}"),
        // nobody:made-up
        _ => "Basic bm9ib2R5Om1hZGUtdXA=".to_owned(),
    };
    if !key.is_empty() {
        text.push_str(&format!("Authorization: {key}\r\n"));
    }
    let own = probe.headers.iter().map(|(name, value)| (name.as_str(), value.clone()));
    for (name, value) in own.chain(more.iter().map(|(name, value)| (*name, value.clone()))) {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    let (before, after) = if chunked {
        (format!("Transfer-Encoding: chunked\r\n\r\n{:x}\r\n", body.len()), "\r\n0\r\n\r\n")
    } else {
        (format!("Content-Length: {}\r\n\r\n", body.len()), "")
    };
    let whole = [text.as_bytes(), before.as_bytes(), &body, after.as_bytes()].concat();
    // A server that refuses a body need not read it to its end.
    let _ = stream.write_all(&whole);
    let (status, headers, body) = read(&mut BufReader::new(stream))?;
    let status = status.split(' ').nth(1)?.parse().ok()?;
    Some(Came { status, headers, body })
}

/// The status of an upload of that many bytes.
pub fn upload(bytes: usize) -> Option<u16> {
    let origin = Origin { secure: true, host: "registry.example".into(), port: 443 };
    let path = "/api/2.0/mlflow-artifacts/artifacts/file".to_owned();
    let probe = Probe::get("upload", Host::Registry, Target { origin, path }, 1000).with(Presented::Key);
    send("PUT", &Probe { body: Some("x".repeat(bytes)), ..probe }, PAGE, &[]).map(|came| came.status)
}

pub type Message = (String, Vec<(String, String)>, Vec<u8>);

/// A message of HTTP whose body has a length, comes in chunks, or ends with the connection.
pub fn read(stream: &mut BufReader<TcpStream>) -> Option<Message> {
    let first = line(stream)?;
    let mut headers = Vec::new();
    while let Some((name, value)) = line(stream)?.split_once(':') {
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let header =
        |name: &str| headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let mut body = Vec::new();
    if header("transfer-encoding") == Some("chunked") {
        loop {
            let length = usize::from_str_radix(line(stream)?.split(';').next()?, 16).ok()?;
            let begun = body.len();
            body.resize(begun + length, 0);
            stream.read_exact(&mut body[begun..]).ok()?;
            line(stream)?;
            if length == 0 {
                break;
            }
        }
    } else if let Some(length) = header("content-length").and_then(|length| length.parse().ok()) {
        body.resize(length, 0);
        stream.read_exact(&mut body).ok()?;
    } else if first.starts_with("HTTP/") {
        // Only an answer ends with its connection.
        let _ = stream.read_to_end(&mut body);
    }
    Some((first, headers, body))
}

fn line(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut line = String::new();
    stream.read_line(&mut line).ok().filter(|read| *read > 0)?;
    Some(line.trim_end().to_owned())
}
