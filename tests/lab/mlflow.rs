//! Real MLflow servers: SQLite, served artifacts, one worker, each with its own folder.

use super::children::{Child, End, Scratch, find};
use super::loopback::ReservedPort;
use super::web::Caller;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, UNIX_EPOCH};

/// A first start on a busy two-core machine took 17 s; a fresh virtual environment compiles its modules too.
const START_LIMIT: Duration = Duration::from_secs(180);

/// How a server is set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// For this page: its origin is allowed, and so is the lab's usual address, but not
    /// [`loopback::UNLISTED`].
    Healthy,
    /// As MLflow comes: neither the page nor [`loopback::UNLISTED`] is allowed.
    DefaultSecurity,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::DefaultSecurity => "default-security",
        }
    }

    fn arguments(self, page_origins: &[String]) -> Vec<String> {
        match self {
            Self::Healthy => vec![
                "--allowed-hosts".to_owned(),
                "127.0.0.1:*,localhost:*".to_owned(),
                "--cors-allowed-origins".to_owned(),
                page_origins.join(","),
            ],
            Self::DefaultSecurity => Vec::new(),
        }
    }
}

/// A running server. It and its folder go away with the value.
pub struct Mlflow {
    /// How it is set up.
    pub kind: Kind,
    /// Where it answers.
    pub origin: String,
    child: Child,
    _port: ReservedPort,
    _folder: Scratch,
}

impl Mlflow {
    /// Starts a server and waits until it answers.
    pub async fn start(kind: Kind, page_origins: &[String]) -> io::Result<Self> {
        let program = find("PREFLIGHT_MLFLOW", "mlflow").ok_or_else(|| {
            io::Error::other(
                "the lab needs MLflow: `pip install mlflow`, or name its program in PREFLIGHT_MLFLOW",
            )
        })?;
        let folder = Scratch::new(&format!("mlflow-{}", kind.name()))?;
        let database = folder.path().join("mlflow.db");
        let template = template_for(&program);
        // A copied database saves three of twelve seconds.
        let copied = std::fs::copy(&template, &database).is_ok();
        let port = ReservedPort::reserve()?;
        let mut command = Command::new(&program);
        command.args(["server", "--host", "127.0.0.1", "--workers", "1", "--serve-artifacts"]);
        command.arg("--port").arg(port.address.port().to_string());
        command.arg("--backend-store-uri").arg(format!("sqlite:///{}", database.display()));
        command.arg("--artifacts-destination").arg(folder.path().join("artifacts"));
        command.args(kind.arguments(page_origins)).current_dir(folder.path());
        command.env("MLFLOW_DISABLE_TELEMETRY", "true").env("DO_NOT_TRACK", "true");
        // Seven helper processes for jobs that nothing here uses.
        command.env("MLFLOW_SERVER_ENABLE_JOB_EXECUTION", "false");
        let name = format!("MLflow ({}, {})", kind.name(), program.display());
        let mut child = Child::start(&name, &command, folder.path().join("output.txt"), End::Killed)?;
        let origin = format!("http://{}", port.address);
        let (caller, health) = (Caller::new(), format!("{origin}/health"));
        let answers = |_| async {
            let answer = caller.get(&health, Duration::from_secs(2)).await.ok()?;
            (answer.status() == 200).then_some(())
        };
        child.ready(START_LIMIT, answers).await?;
        if !copied {
            keep_template(&database, &template);
        }
        Ok(Self { kind, origin, child, _port: port, _folder: folder })
    }

    /// Tells the server to end, without waiting.
    pub fn let_go(&mut self) {
        self.child.let_go();
    }
}

/// Where the empty database of this very installation is kept. A reinstalled MLflow has a newer executable and
/// so gets a new one.
fn template_for(program: &Path) -> PathBuf {
    let mut hasher = DefaultHasher::new();
    program.hash(&mut hasher);
    let changed = std::fs::metadata(program).and_then(|data| data.modified()).ok();
    changed.and_then(|time| time.duration_since(UNIX_EPOCH).ok()).hash(&mut hasher);
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from);
    target.join("lab").join(format!("mlflow-{:016x}.db", hasher.finish()))
}

/// Keeps a new database for later starts, complete or not at all. Failing costs only time.
fn keep_template(database: &Path, template: &Path) {
    let Some(folder) = template.parent() else { return };
    let partial = template.with_extension(format!("{}.partial", std::process::id()));
    let unfinished =
        database.with_extension("db-wal").exists() || database.with_extension("db-journal").exists();
    if !unfinished && std::fs::create_dir_all(folder).is_ok() && std::fs::copy(database, &partial).is_ok() {
        let _ = std::fs::rename(&partial, template);
    }
}
