//! Real requests, and what a browser would show a page of the answers: only the part of the Fetch standard that the
//! cases need. One thread, one server at a time.

use super::world::{Fate, KEY, Reply};
use preflight::deployment::credential::Presented;
use preflight::deployment::{Host, Origin, Target};
use preflight::probe::Probe;
use std::cell::Cell;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

const PAGE: &str = "https://page.example";
const LIMIT: Duration = Duration::from_secs(10);

thread_local! {
    /// Where the server under test listens: [`super::world::World`] takes plain functions.
    pub static PORT: Cell<u16> = const { Cell::new(0) };
}

/// An answer as it came.
struct Came {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

impl Came {
    fn all(&self, name: &str) -> Vec<&str> {
        self.headers.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str()).collect()
    }

    /// The check of the Fetch standard, for a request without credentials.
    fn is_readable(&self) -> bool {
        matches!(self.all("access-control-allow-origin")[..], ["*" | PAGE])
    }

    fn lists(&self, name: &str, wanted: &str) -> bool {
        self.all(name).iter().flat_map(|list| list.split(',')).any(|listed| {
            let listed = listed.trim();
            listed.eq_ignore_ascii_case(wanted) || (listed == "*" && wanted != "authorization")
        })
    }
}

/// What comes of a question to the server under test.
pub fn ask(probe: &Probe) -> Fate {
    match send(probe.method.name(), probe, &[]) {
        None => Fate::Refused,
        Some(came) => {
            let kind = match came.all("content-type").first() {
                Some(kind) if kind.starts_with("application/json") => "application/json",
                Some(kind) if kind.starts_with("text/html") => "text/html",
                _ => "text/plain",
            };
            let readable = came.is_readable();
            let reply = Reply { kind, ..Reply::text(came.status, &came.body) };
            Fate::Reply(if readable { reply } else { reply.bare() })
        }
    }
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
    let Some(came) = send("OPTIONS", &bare, &question) else { return false };
    let method = probe.method.name();
    (200..300).contains(&came.status)
        && came.is_readable()
        && (matches!(method, "GET" | "POST") || came.lists("access-control-allow-methods", method))
        && names.iter().all(|name| came.lists("access-control-allow-headers", name))
}

fn send(method: &str, probe: &Probe, more: &[(&str, String)]) -> Option<Came> {
    let mut stream = TcpStream::connect(("127.0.0.1", PORT.get())).ok()?;
    stream.set_read_timeout(Some(LIMIT)).ok()?;
    let body = probe.body.clone().unwrap_or_default();
    let mut text =
        format!("{method} {} HTTP/1.0\r\nHost: registry.example\r\nOrigin: {PAGE}\r\n", probe.target.path);
    match probe.presented {
        Presented::Nothing => {}
        Presented::Key => text.push_str(&format!("Authorization: Bearer {KEY}\r\n")),
        _ => text.push_str("Authorization: Bearer pf_live_NOBODYISSUEDTHISKEYNOBODYISSUED\r\n"),
    }
    let own = probe.headers.iter().map(|(name, value)| (name.as_str(), value.clone()));
    for (name, value) in own.chain(more.iter().map(|(name, value)| (*name, value.clone()))) {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
    // A server that refuses a body need not read it to its end.
    let _ = stream.write_all(text.as_bytes());
    let (status, headers, body) = read(&mut BufReader::new(stream))?;
    let status = status.split(' ').nth(1)?.parse().ok()?;
    Some(Came { status, headers, body })
}

/// The status of an upload of that many bytes.
pub fn upload(bytes: usize) -> Option<u16> {
    let origin = Origin { secure: true, host: "registry.example".into(), port: 443 };
    let path = "/api/2.0/mlflow-artifacts/artifacts/file".to_owned();
    let probe = Probe::get("upload", Host::Registry, Target { origin, path }, 1000).with(Presented::Key);
    send("PUT", &Probe { body: Some("x".repeat(bytes)), ..probe }, &[]).map(|came| came.status)
}

type Message = (String, Vec<(String, String)>, String);

/// A message of HTTP whose body has a length, or ends with the connection.
fn read(stream: &mut BufReader<TcpStream>) -> Option<Message> {
    let mut line = || {
        let mut line = String::new();
        stream.read_line(&mut line).ok().filter(|read| *read > 0)?;
        Some(line.trim_end().to_owned())
    };
    let first = line()?;
    let mut headers = Vec::new();
    while let Some((name, value)) = line()?.split_once(':') {
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let mut body = Vec::new();
    match length.and_then(|(_, length)| length.parse().ok()) {
        Some(length) => {
            body.resize(length, 0);
            stream.read_exact(&mut body).ok()?;
        }
        // Only an answer ends with its connection.
        None if first.starts_with("HTTP/") => drop(stream.read_to_end(&mut body)),
        None => {}
    }
    Some((first, headers, String::from_utf8_lossy(&body).into_owned()))
}

/// What stands behind the proxies: the healthy registry, which knows nothing of CORS. Gives its address; it goes on
/// until the test program ends.
pub fn upstream() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || answer(stream));
        }
    });
    address
}

fn answer(stream: TcpStream) {
    let Ok(mut out) = stream.try_clone() else { return };
    let Some((first, headers, _)) = read(&mut BufReader::new(stream)) else { return };
    let path = first.split(' ').nth(1).unwrap_or("/").to_owned();
    let presented = match headers.iter().find(|(name, _)| name == "authorization") {
        None => Presented::Nothing,
        Some((_, value)) if value.ends_with(KEY) => Presented::Key,
        Some(_) => Presented::Fake,
    };
    let path_is_validate = path.starts_with("/validate");
    // A route that takes the path off leads to MLflow itself.
    let path = if path.starts_with("/api/2.0/") { ["/api/mlflow", &path].concat() } else { path };
    let origin = Origin { secure: true, host: "registry.example".into(), port: 443 };
    let probe = Probe::get("upstream", Host::Registry, Target { origin, path }, 1000).with(presented);
    let reply = match super::world::healthy_registry(&probe) {
        // The proxies ask here whether the key is good.
        _ if path_is_validate && presented == Presented::Key => Reply::json(200, "{}"),
        Fate::Reply(reply) => reply,
        _ => Reply::text(500, ""),
    };
    let text = format!(
        "HTTP/1.1 {} Said\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{}",
        reply.status,
        reply.kind,
        reply.text.len(),
        reply.text
    );
    // Whoever asked may be gone.
    let _ = out.write_all(text.as_bytes());
}
