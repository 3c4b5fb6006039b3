//! The programs whose cards are tried, each started with a configuration of its own and ended with the test.

use std::net::{TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A program that people put before MLflow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    Nginx,
    Caddy,
    HaProxy,
    Starlette,
}

/// A running program; it and its folder go away with the value.
pub struct Running {
    child: Option<Child>,
    pub folder: PathBuf,
    /// Where it listens on loopback.
    pub port: u16,
}

const NGINX: &str = "daemon off; master_process off; pid {folder}/pid; error_log stderr;\nevents { }\nhttp { access_log off;
    client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c; uwsgi_temp_path {folder}/d;
    scgi_temp_path {folder}/e;\nserver { listen 127.0.0.1:{port};\n{lines}\n} }\n";
const CADDY: &str = "{\nadmin off\nauto_https off\n}\nhttp://:{port} {\nbind 127.0.0.1\n{lines}\n}\n";
const HAPROXY: &str = "defaults\n    mode http\n    timeout connect 2s\n    timeout client 9s\n    timeout server 9s\nbackend up\n    server up {up}\nfrontend page\n    bind 127.0.0.1:{port}\n{lines}\n";
/// A gateway as people write them: it asks for a key, and passes everything on.
const STARLETTE: &str = "import urllib.error, urllib.request
from starlette.applications import Starlette
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

def passed(request):
    return {name: request.headers[name] for name in ['authorization'] if name in request.headers}

def forward(request):
    to = urllib.request.Request('http://{up}' + request.url.path, method=request.method, headers=passed(request))
    try:
        came = urllib.request.urlopen(to)
    except urllib.error.HTTPError as error:
        came = error
    kept = {name: came.headers[name] for name in ['Retry-After'] if name in came.headers}
    return Response(came.read(), came.status, kept, media_type=came.headers['content-type'])

class Auth:
    def __init__(self, app, but=None):
        self.app, self.but = app, but

    async def __call__(self, scope, receive, send):
        named = any(name == b'authorization' for name, _ in scope.get('headers', []))
        if scope['type'] != 'http' or named or scope['path'] == '/health' or scope['method'] == self.but:
            return await self.app(scope, receive, send)
        await JSONResponse({'detail': 'API key required'}, 401)(scope, receive, send)

class Readable:
    '''Lets the page read every answer, and answers no permission question.'''
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        async def readable(message):
            if message['type'] == 'http.response.start':
                kept = [(k, v) for k, v in message['headers'] if k.lower() != b'access-control-allow-origin']
                message['headers'] = kept + [(b'access-control-allow-origin', b'https://page.example')]
            await send(message)
        await self.app(scope, receive, readable)

every = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']
app = Starlette(routes=[Route('/{path:path}', forward, methods=every)])
{lines}
";

impl Program {
    /// What cards call it.
    pub fn whom(self) -> &'static str {
        match self {
            Self::Nginx => "nginx",
            Self::Caddy => "Caddy",
            Self::HaProxy => "HAProxy",
            Self::Starlette => "FastAPI / Starlette",
        }
    }

    /// Where it is on this machine.
    fn find(self) -> Option<PathBuf> {
        let named =
            |variable: &str| std::env::var_os(variable).filter(|path| !path.is_empty()).map(PathBuf::from);
        let path = |name: &str| {
            let folders = std::env::var_os("PATH")?;
            let folders: Vec<PathBuf> = std::env::split_paths(&folders).chain(["/usr/sbin".into()]).collect();
            folders.iter().map(|folder| folder.join(name)).find(|path| path.is_file())
        };
        match self {
            Self::Nginx => named("PREFLIGHT_NGINX").or_else(|| path("nginx")),
            Self::Caddy => path("caddy"),
            Self::HaProxy => path("haproxy"),
            // MLflow stands on Starlette: its Python has it, and a server for it.
            Self::Starlette => {
                let mlflow = installed_mlflow("PREFLIGHT_MLFLOW", "mlflow-3")?;
                Some(mlflow.with_file_name("python")).filter(|python| python.is_file())
            }
        }
    }

    /// Starts it with `lines` in the place where people write their own; `None` when it is not on this machine.
    pub fn start(self, lines: &str, up: &str) -> Option<Running> {
        let Some(found) = self.find() else {
            assert!(std::env::var_os("CI").is_none(), "{} is not on this machine", self.whom());
            println!("Not run: {} is not on this machine.", self.whom());
            return None;
        };
        let running = Running::reserve("cards");
        let (port, folder) = (running.port, running.folder.clone());
        let (shape, file) = match self {
            Self::Nginx => (NGINX, "nginx.conf"),
            Self::Caddy => (CADDY, "Caddyfile"),
            Self::HaProxy => (HAPROXY, "haproxy.cfg"),
            Self::Starlette => (STARLETTE, "gateway.py"),
        };
        let text = shape
            .replace("{lines}", lines)
            .replace("{up}", up)
            .replace("{port}", &port.to_string())
            .replace("{folder}", &folder.to_string_lossy());
        let file = folder.join(file);
        std::fs::write(&file, text).expect("a file");
        Some(running.begin(self.command(&found, &folder, &file, port)))
    }

    fn command(self, found: &Path, folder: &Path, file: &Path, port: u16) -> Command {
        let mut command = Command::new(found);
        match self {
            Self::Nginx => command.arg("-p").arg(folder).arg("-c").arg(file).args(["-e", "stderr"]),
            Self::Caddy => command.args(["run", "--adapter", "caddyfile", "--config"]).arg(file),
            Self::HaProxy => command.arg("-db").arg("-f").arg(file),
            Self::Starlette => command
                .args(["-m", "uvicorn", "gateway:app", "--log-level", "critical", "--port"])
                .arg(port.to_string())
                .arg("--app-dir")
                .arg(folder),
        };
        command
    }
}

/// The program of MLflow: named by a variable, or installed by tools/setup.sh in a folder that begins so.
pub fn installed_mlflow(variable: &str, folder: &str) -> Option<PathBuf> {
    if let Some(named) = std::env::var_os(variable).filter(|path| !path.is_empty()) {
        return Some(named.into());
    }
    let tools = std::fs::read_dir(".tools").ok()?.filter_map(|entry| Some(entry.ok()?.path()));
    let folders =
        tools.filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(folder)));
    folders.map(|path| path.join("bin/mlflow")).filter(|program| program.is_file()).max()
}

/// The search path with a program's own folder first.
pub fn within(program: &Path) -> std::ffi::OsString {
    let own = program.parent().map(Path::to_path_buf);
    let others = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = own.into_iter().chain(std::env::split_paths(&others)).collect();
    std::env::join_paths(folders).expect("folders")
}

impl Running {
    /// A port and an empty folder for a program that is to be started.
    pub fn reserve(what: &str) -> Running {
        // Free now; nobody else asks for it in the moment until it is taken.
        let port = TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr()).expect("a port").port();
        let folder = std::env::temp_dir().join(format!("preflight-{what}-{}-{port}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        Running { child: None, folder, port }
    }

    /// Starts the program and waits until it listens.
    pub fn begin(mut self, mut command: Command) -> Running {
        let said = std::fs::File::create(self.folder.join("said")).expect("a file");
        let folder = &self.folder;
        command.env("HOME", folder).env("XDG_CONFIG_HOME", folder).env("XDG_DATA_HOME", folder);
        command.current_dir(folder).stdin(Stdio::null());
        command.stdout(said.try_clone().expect("a file")).stderr(said);
        // A group of its own: some start others, and all of them end with it.
        self.child = Some(command.process_group(0).spawn().expect("the program starts"));
        self.wait();
        self
    }

    /// What it has printed so far.
    pub fn said(&self) -> String {
        std::fs::read_to_string(self.folder.join("said")).unwrap_or_default()
    }

    fn wait(&mut self) {
        // A first start of MLflow on a busy machine with two cores takes longest.
        let deadline = Instant::now() + Duration::from_secs(240);
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            let ended = self.child.as_mut().is_some_and(|child| child.try_wait().ok().flatten().is_some());
            if ended || Instant::now() > deadline {
                panic!("the program does not listen: {}", self.said());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let group = format!("-{}", child.id());
            let _ = Command::new("kill").args(["-9", "--", &group]).stderr(Stdio::null()).status();
            let _ = child.kill();
            let _ = child.wait();
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
