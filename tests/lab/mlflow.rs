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
const START_LIMIT: Duration = Duration::from_secs(300);

/// How a server is set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// For this page: its origin is allowed, and so is the lab's usual address, but not
    /// [`loopback::UNLISTED`].
    Healthy,
    /// As MLflow comes: neither the page nor [`loopback::UNLISTED`] is allowed.
    DefaultSecurity,
    /// Healthy, below [`PREFIX`].
    Prefixed,
    /// Healthy, and clients are told to write files to a folder themselves.
    FolderRoot,
    /// Healthy, and clients are told to write files through a proxy that is switched off.
    ArtifactsOff,
    /// Healthy but for its database, which lost its tables.
    StoreBroken,
    /// Healthy but for its database, which may only be read.
    StoreReadOnly,
    /// Healthy but for its files: where their folder should be stands a file.
    FilesFail,
    /// Healthy but for its files: they belong into a bucket, and the library that reaches it is not installed.
    BucketFails,
    /// Healthy, and clients are told to write files to a bucket themselves.
    BucketRoot,
    /// Healthy, and asks for [`USER`] and a password.
    BasicAuth,
    /// Healthy, on gunicorn, without MLflow's newer layer.
    Gunicorn,
    /// MLflow 2, which knows no CORS and no host check.
    Old,
    /// The same below [`PREFIX`]: its web page moved there, its API did not.
    OldPrefixed,
}

/// `--static-prefix`.
pub const PREFIX: &str = "/mlflow";
/// Who may use the server that asks for a password, as it is typed into the key's field.
pub const USER: &str = "admin:made-up-password-of-the-lab";
/// The same as browsers send it.
pub const USER_HEADER: &str = "Basic YWRtaW46bWFkZS11cC1wYXNzd29yZC1vZi10aGUtbGFi";

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::DefaultSecurity => "default-security",
            Self::Prefixed => "prefixed",
            Self::FolderRoot => "folder-root",
            Self::ArtifactsOff => "artifacts-off",
            Self::StoreBroken => "store-broken",
            Self::StoreReadOnly => "store-read-only",
            Self::FilesFail => "files-fail",
            Self::BucketFails => "bucket-fails",
            Self::BucketRoot => "bucket-root",
            Self::BasicAuth => "basic-auth",
            Self::Gunicorn => "gunicorn",
            Self::Old => "old",
            Self::OldPrefixed => "old-prefixed",
        }
    }

    /// Where its API moved.
    pub fn prefix(self) -> &'static str {
        if self == Self::Prefixed { PREFIX } else { "" }
    }

    /// True for MLflow 2.
    pub fn is_old(self) -> bool {
        matches!(self, Self::Old | Self::OldPrefixed)
    }

    fn arguments(self, page_origins: &[String], folder: &Path) -> Vec<String> {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let served = ["--serve-artifacts", "--artifacts-destination"];
        let mut arguments = match self {
            Self::FolderRoot => words(&["--no-serve-artifacts"]),
            Self::BucketRoot => words(&["--no-serve-artifacts", "--default-artifact-root", BUCKET]),
            Self::BucketFails => words(&["--serve-artifacts", "--artifacts-destination", BUCKET]),
            Self::ArtifactsOff => {
                words(&["--no-serve-artifacts", "--default-artifact-root", "mlflow-artifacts:/"])
            }
            _ => {
                let mut served = words(&served);
                served.push(folder.join("artifacts").display().to_string());
                served
            }
        };
        match self {
            Self::Prefixed | Self::OldPrefixed => arguments.extend(words(&["--static-prefix", PREFIX])),
            Self::BasicAuth => arguments.extend(words(&["--app-name", "basic-auth"])),
            Self::Gunicorn => arguments.extend(words(&["--gunicorn-opts", "--timeout 60"])),
            _ => {}
        }
        if !matches!(self, Self::DefaultSecurity | Self::Gunicorn) && !self.is_old() {
            arguments.extend(words(&["--allowed-hosts", ALLOWED_HOSTS, "--cors-allowed-origins"]));
            arguments.push(page_origins.join(","));
        }
        arguments
    }

    /// The database, as MLflow is told of it.
    fn store(self, database: &Path) -> String {
        let path = database.display();
        match self {
            // SQLite's own way to say so: file permissions mean nothing to root.
            Self::StoreReadOnly => format!("sqlite:///file:{path}?mode=ro&uri=true"),
            _ => format!("sqlite:///{path}"),
        }
    }

    /// True when clients are sent past MLflow with their files: then the experiments of the usual database lie wrong.
    fn has_own_root(self) -> bool {
        matches!(self, Self::FolderRoot | Self::BucketRoot)
    }

    /// Variables for what flags cannot say.
    fn variables(self, page_origins: &[String], folder: &Path) -> Vec<(&'static str, String)> {
        match self {
            // The command line refuses these flags together with gunicorn's.
            Self::Gunicorn => vec![
                ("MLFLOW_SERVER_ALLOWED_HOSTS", ALLOWED_HOSTS.to_owned()),
                ("MLFLOW_SERVER_CORS_ALLOWED_ORIGINS", page_origins.join(",")),
            ],
            Self::BasicAuth => vec![
                ("MLFLOW_FLASK_SERVER_SECRET_KEY", "made-up".to_owned()),
                ("MLFLOW_AUTH_CONFIG_PATH", folder.join("basic_auth.ini").display().to_string()),
            ],
            _ => Vec::new(),
        }
    }

    fn program(self) -> Option<PathBuf> {
        if self.is_old() {
            find("PREFLIGHT_MLFLOW_2", "mlflow-2")
        } else {
            find("PREFLIGHT_MLFLOW", "mlflow")
        }
    }

    /// Whether this server can be started on this machine.
    pub fn is_here(self) -> bool {
        self.program().is_some()
    }
}

/// A bucket that nobody made.
const BUCKET: &str = "s3://made-up-bucket-of-the-lab/mlflow";
const ALLOWED_HOSTS: &str = "127.0.0.1:*,localhost:*";

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
        let program = kind.program().ok_or_else(|| {
            io::Error::other(
                "the lab needs MLflow: `pip install mlflow`, or name its program in PREFLIGHT_MLFLOW",
            )
        })?;
        let folder = Scratch::new(&format!("mlflow-{}", kind.name()))?;
        let database = folder.path().join("mlflow.db");
        let template = template_for(&program);
        // A copied database saves three of twelve seconds.
        let copied = !kind.has_own_root() && std::fs::copy(&template, &database).is_ok();
        if kind == Kind::StoreReadOnly && !copied {
            make_store(&program, &database)?;
        }
        if kind == Kind::FilesFail {
            std::fs::write(folder.path().join("artifacts"), "in the way")?;
        }
        let port = ReservedPort::reserve()?;
        let mut command = Command::new(&program);
        command.args(["server", "--host", "127.0.0.1", "--workers", "1"]);
        command.arg("--port").arg(port.address.port().to_string());
        command.arg("--backend-store-uri").arg(kind.store(&database));
        command.args(kind.arguments(page_origins, folder.path())).current_dir(folder.path());
        command.envs(kind.variables(page_origins, folder.path()));
        if kind == Kind::BasicAuth {
            std::fs::write(folder.path().join("basic_auth.ini"), basic_auth(folder.path()))?;
        }
        command.env("MLFLOW_DISABLE_TELEMETRY", "true").env("DO_NOT_TRACK", "true");
        // Seven helper processes for jobs that nothing here uses.
        command.env("MLFLOW_SERVER_ENABLE_JOB_EXECUTION", "false");
        let name = format!("MLflow ({}, {})", kind.name(), program.display());
        let mut child = Child::start(&name, &command, folder.path().join("output.txt"), End::Killed)?;
        let origin = format!("http://{}", port.address);
        let prefix = kind.prefix();
        let (caller, health) = (Caller::new(), format!("{origin}{prefix}/health"));
        let answers = |_| async {
            let answer = caller.get(&health, Duration::from_secs(2)).await.ok()?;
            (answer.status() == 200).then_some(())
        };
        child.ready(START_LIMIT, answers).await?;
        // The first search loads what the others use; a run that starts with it would measure that.
        for _ in 0..2 {
            let search = format!("{origin}{prefix}/api/2.0/mlflow/experiments/search?max_results=1");
            drop(caller.get(&search, START_LIMIT).await);
        }
        // Locations of experiments are in it.
        if !copied && !kind.has_own_root() {
            keep_template(&database, &template);
        }
        if kind == Kind::StoreBroken {
            break_store(&program, &database)?;
        }
        Ok(Self { kind, origin, child, _port: port, _folder: folder })
    }

    /// Tells the server to end, without waiting.
    pub fn let_go(&mut self) {
        self.child.let_go();
    }
}

/// The configuration of MLflow's own password check. A password is hashed once a minute: on a busy machine that takes as
/// long as a probe may.
fn basic_auth(folder: &Path) -> String {
    let (user, password) = USER.split_once(':').expect("a user and a password");
    format!(
        "[mlflow]\ndefault_permission = READ\ndatabase_uri = sqlite:///{}\nadmin_username = {user}\n\
         admin_password = {password}\nauthorization_function = mlflow.server.auth:authenticate_request_basic_auth\n\
         auth_cache_ttl_seconds = 60\n",
        folder.join("basic_auth.db").display()
    )
}

/// Makes an empty database as a first start would.
fn make_store(program: &Path, database: &Path) -> io::Result<()> {
    let script = "import sys\nfrom mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore\n\
                  SqlAlchemyStore('sqlite:///' + sys.argv[1], 'mlflow-artifacts:/')\n";
    python(program, script, database)
}

/// Takes a table away from under a running server.
fn break_store(program: &Path, database: &Path) -> io::Result<()> {
    let script = "import sqlite3, sys\nstore = sqlite3.connect(sys.argv[1], timeout=30)\n\
                  store.execute('ALTER TABLE experiments RENAME TO lost')\nstore.commit()\n";
    python(program, script, database)
}

/// Runs a script about a database with the Python that the server runs on.
fn python(program: &Path, script: &str, database: &Path) -> io::Result<()> {
    let python = program.with_file_name("python3");
    let done = Command::new(python)
        .args(["-c", script])
        .arg(database)
        .env("MLFLOW_DISABLE_TELEMETRY", "true")
        .output()?;
    match done.status.success() {
        true => Ok(()),
        false => Err(io::Error::other(String::from_utf8_lossy(&done.stderr).into_owned())),
    }
}

/// Where the empty database of this very installation is kept. A reinstalled MLflow has a newer executable and
/// so gets a new one.
fn template_for(program: &Path) -> PathBuf {
    let mut hasher = DefaultHasher::new();
    // The same installation may be reached by several paths.
    std::fs::canonicalize(program).unwrap_or_else(|_| program.to_owned()).hash(&mut hasher);
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
