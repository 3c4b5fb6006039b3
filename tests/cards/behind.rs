//! What stands behind the proxies: stand-ins for MLflow and for a registry's application, of which each knows no more than
//! the case needs, and nothing of CORS. The real MLflow has cases of its own (`mlflow.rs`).

use super::wire::read;
use super::world::{EXPERIMENTS, Fate, KEY, Reply, healthy_registry};
use preflight::deployment::credential::Presented;
use preflight::deployment::{Host, Origin, Target};
use preflight::probe::Probe;
use std::io::{BufReader, Write};
use std::net::{TcpListener, TcpStream};

/// What stands behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behind {
    /// The application of a healthy registry, which asks for a key.
    Registry,
    /// The same, over its limit for whoever shows a key.
    Limited,
    /// The same, and it wants a session instead of a key.
    Session,
    /// MLflow as it comes, at the root.
    Mlflow,
    /// The same, from before it had a health path.
    WithoutHealth,
    /// MLflow with `--static-prefix /api/mlflow`.
    Prefixed,
    /// MLflow 2 with it: its web page moved there, its API did not.
    PageOnly,
    /// MLflow that was told to accept the name `registry.example` and no other.
    HostCheck,
}

/// Flask's own words for a path that it does not have.
const FLASK_404: &str = "<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n<p>The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.</p>\n";

impl Behind {
    /// Starts it and gives its address; it goes on until the test program ends.
    pub fn start(self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                std::thread::spawn(move || self.answer(stream));
            }
        });
        address
    }

    fn answer(self, stream: TcpStream) {
        let Ok(mut out) = stream.try_clone() else { return };
        let Some((first, headers, body)) = read(&mut BufReader::new(stream)) else { return };
        let header =
            |name: &str| headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let path = first.split(' ').nth(1).unwrap_or("/");
        let presented = match header("authorization") {
            None => Presented::Nothing,
            Some(value) if value.ends_with(KEY) => Presented::Key,
            Some(_) => Presented::Fake,
        };
        let is_post = first.starts_with("POST ");
        let reply = match self {
            // The proxies ask here whether the key is good.
            Self::Registry if path.starts_with("/validate") && presented == Presented::Key => {
                Reply::json(200, "{}")
            }
            Self::Registry => registry(path, presented),
            Self::Limited if presented == Presented::Key => {
                let limited = Reply::json(429, "{\"detail\":\"Rate limit exceeded\"}");
                Reply { more: vec![("Retry-After".to_owned(), "30".to_owned())], ..limited }
            }
            Self::Limited => registry(path, presented),
            Self::Session if path.starts_with("/health") => registry(path, presented),
            Self::Session => Reply::json(401, "{\"detail\":\"Authentication required: please log in\"}"),
            Self::HostCheck if header("host") != Some("registry.example") && !path.starts_with("/health") => {
                Reply::text(403, "Invalid Host header - possible DNS rebinding attack detected")
            }
            Self::WithoutHealth if path == "/health" => Reply::html(404, FLASK_404),
            Self::Mlflow | Self::WithoutHealth | Self::HostCheck => mlflow(path, is_post && body.is_empty()),
            Self::Prefixed => match path.strip_prefix("/api/mlflow") {
                Some(path) => mlflow(path, false),
                None => Reply::html(404, FLASK_404),
            },
            Self::PageOnly => match path.strip_prefix("/api/mlflow/ajax-api/") {
                Some(path) => mlflow(&["/api/", path].concat(), false),
                None if path == "/api/mlflow/health" => mlflow("/health", false),
                None => Reply::html(404, FLASK_404),
            },
        };
        let more: String = reply.more.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let text = format!(
            "HTTP/1.1 {} Said\r\nContent-Type: {}\r\nContent-Length: {}\r\n{more}Connection: close\r\n\r\n{}",
            reply.status,
            reply.kind,
            reply.text.len(),
            reply.text
        );
        // Whoever asked may be gone.
        let _ = out.write_all(text.as_bytes());
    }
}

fn registry(path: &str, presented: Presented) -> Reply {
    // A route that takes the path off leads to MLflow itself.
    let path = if path.starts_with("/api/2.0/") { ["/api/mlflow", path].concat() } else { path.to_owned() };
    let origin = Origin { secure: true, host: "registry.example".into(), port: 443 };
    let probe = Probe::get("upstream", Host::Registry, Target { origin, path }, 1000).with(presented);
    match healthy_registry(&probe) {
        Fate::Reply(reply) => reply,
        _ => Reply::text(500, ""),
    }
}

fn mlflow(path: &str, lost_body: bool) -> Reply {
    let (path, _) = path.split_once('?').unwrap_or((path, ""));
    match path.strip_prefix("/api/2.0/mlflow") {
        Some("/experiments/search") if lost_body => Reply::json(
            400,
            "{\"error_code\":\"INVALID_PARAMETER_VALUE\",\"message\":\"Missing value for required parameter 'max_results'. See the API docs for more information about request parameters.\"}",
        ),
        Some("/experiments/search") => Reply::json(200, EXPERIMENTS),
        Some(rest) if rest.ends_with("/search") || rest.starts_with("-artifacts/") => Reply::json(200, "{}"),
        _ if path == "/health" => Reply::text(200, "OK"),
        _ if path == "/version" => Reply::html(200, "3.17.2"),
        _ => Reply::html(404, FLASK_404),
    }
}
