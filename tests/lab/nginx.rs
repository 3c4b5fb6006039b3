//! A real nginx in front of a gateway of the lab. One process serves the rows of a stage, each on a port of its own.

use super::children::{Child, End, Scratch, find};
use super::gateway::Gateway;
use super::loopback::ReservedPort;
use super::tls::Certificate;
use std::fmt::Write;
use std::io;
use std::path::Path;
use std::process::Command;
use std::time::Duration;
use tokio::net::TcpStream;

const START_LIMIT: Duration = Duration::from_secs(10);

/// One `server` block of nginx with what stands behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nginx {
    /// What the block says besides `listen`. Filled in before nginx reads it: `{page}`, the page's origin;
    /// `{behind}`, what stands behind (an upstream group); `{direct}`, the same past nginx; `{auth}`, the auth service's origin; `{login}`, a sign-in
    /// page on another port, which never heard of CORS; `{dead}`, an origin that refuses connections. The zones
    /// `slowly` and `rarely` let 8 and 2 requests a second through: fewer than a registration sends on a slow machine.
    pub lines: &'static str,
    /// What stands behind.
    pub behind: Behind,
    /// The port speaks TLS, with a certificate that no browser accepts.
    pub tls: bool,
}

/// What stands behind nginx.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behind {
    /// Nothing: its port refuses.
    Nobody,
    /// Something that takes requests and never answers.
    Silence,
    /// A gateway of the lab.
    Gateway(Gateway),
    /// Three replicas in turn: two of the gateway, and one that answers only 502.
    OneBadReplicaOfThree(Gateway),
}

/// Where nginx finds things.
pub struct Surroundings<'a> {
    /// The page's origin.
    pub page: &'a str,
    /// `host:port` of each server behind, in the order in which they take turns.
    pub behind: Vec<String>,
    /// The auth service's origin.
    pub auth: &'a str,
    /// An origin that refuses connections.
    pub dead: &'a str,
}

/// The configuration of a process to come. Its ports are taken already.
pub struct Plan {
    login: ReservedPort,
    blocks: String,
    ports: Vec<ReservedPort>,
}

/// A running process.
pub struct Process {
    _child: Child,
    _plan: Plan,
    _folder: Scratch,
}

/// Whether nginx is on this machine. Debian keeps it where only root's path leads.
pub fn is_here() -> bool {
    program().is_some()
}

fn program() -> Option<std::path::PathBuf> {
    find("PREFLIGHT_NGINX", "nginx").or_else(|| find("", "/usr/sbin/nginx"))
}

impl Plan {
    /// A process that serves nothing but the sign-in page.
    pub fn new() -> io::Result<Self> {
        Ok(Self { login: ReservedPort::reserve()?, blocks: String::new(), ports: Vec::new() })
    }

    /// A port for one more block.
    pub fn port(&mut self) -> io::Result<String> {
        let port = ReservedPort::reserve()?;
        let address = port.address.to_string();
        self.ports.push(port);
        Ok(address)
    }

    /// Adds a block that listens on `address`, one of [`Plan::port`].
    pub fn add(&mut self, nginx: Nginx, address: &str, around: &Surroundings) {
        let group = format!("behind_{}", self.ports.len());
        let servers: String = around.behind.iter().map(|server| format!(" server {server};")).collect();
        let lines = nginx
            .lines
            .replace("{page}", around.page)
            .replace("{behind}", &format!("http://{group}"))
            .replace("{direct}", &format!("http://{}", around.behind[0]))
            .replace("{auth}", around.auth)
            .replace("{login}", &format!("http://{}", self.login.address))
            .replace("{dead}", around.dead);
        let tls = if nginx.tls { " ssl" } else { "" };
        // A replica that answers is no failure for nginx, whatever it answers, unless it is told otherwise.
        let block = format!(
            "upstream {group} {{{servers} }}\nserver {{\nlisten {address}{tls};\nserver_name _;\n{lines}\n}}\n"
        );
        self.blocks.push_str(&block);
    }

    /// Starts nginx, if there is anything for it to do.
    pub async fn start(self) -> io::Result<Option<Process>> {
        let Some(last) = self.ports.last().map(|port| port.address) else { return Ok(None) };
        let program = program().ok_or_else(|| io::Error::other("nginx is not on this machine"))?;
        let folder = Scratch::new("nginx")?;
        let certificate = Certificate::SelfSigned.make()?;
        std::fs::write(folder.path().join("certificate.pem"), certificate.pem())?;
        std::fs::write(folder.path().join("key.pem"), certificate.key_pem())?;
        let configuration = folder.path().join("nginx.conf");
        std::fs::write(&configuration, self.configuration(folder.path()))?;
        let mut command = Command::new(program);
        command.arg("-p").arg(folder.path()).arg("-c").arg(&configuration).args(["-e", "stderr"]);
        let mut child = Child::start("nginx", &command, folder.path().join("output.txt"), End::Killed)?;
        child.ready(START_LIMIT, |_| async { TcpStream::connect(last).await.ok() }).await?;
        Ok(Some(Process { _child: child, _plan: self, _folder: folder }))
    }

    /// One process in the foreground, as the user that started it, with all its files in `folder`.
    fn configuration(&self, folder: &Path) -> String {
        let mut text = format!(
            "daemon off;\nmaster_process off;\npid {0}/nginx.pid;\nerror_log stderr;\n\
             events {{ worker_connections 256; }}\nhttp {{\naccess_log off;\ndefault_type text/html;\n\
             limit_req_zone $server_port zone=slowly:64k rate=8r/s;\n\
             limit_req_zone $server_port zone=rarely:64k rate=2r/s;\n\
             ssl_certificate {0}/certificate.pem;\nssl_certificate_key {0}/key.pem;\n",
            folder.display()
        );
        for kind in ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"] {
            let _ = writeln!(text, "{kind}_temp_path {}/{kind};", folder.display());
        }
        let _ = writeln!(
            text,
            "server {{ listen {}; location / {{ return 200 '{SIGN_IN}'; }} }}\n{}}}",
            self.login.address, self.blocks
        );
        text
    }
}

const SIGN_IN: &str = "<!doctype html><html><head><title>Sign in</title></head><body><form method=\"post\">\
    <input name=\"user\"><input name=\"password\" type=\"password\"><button>Sign in</button></form></body></html>";
