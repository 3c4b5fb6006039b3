//! The cards for MLflow itself, as commands that a shell runs with the real MLflow 3 and MLflow 2: what the card says is
//! what is started, with an address and a database behind it.

use super::nginx;
use super::programs::{Program, Running, installed_mlflow, within};
use super::world::{Outcome, World};
use super::{card, catalogue, gone, keyed, open, whole, wire};
use preflight::catalogue::Catalogue;
use preflight::deployment::AuthScheme;
use preflight::engine;
use preflight::run::{Mode, Phase, Registration, Run};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The cards that are tried here: their causes and whom they are for.
pub const PROVEN: [(&str, &str); 20] = [
    ("artifact-root-direct", "MLflow"),
    ("artifact-store-failing", "MLflow"),
    ("artifacts-not-served", "MLflow"),
    ("artifacts-not-served", "MLflow in a container"),
    ("auth-not-enforced", "MLflow"),
    ("backend-store-failing", "MLflow"),
    ("backend-store-failing", "MLflow's log"),
    ("cors-credentials-wildcard", "MLflow 3.5 and later"),
    ("cors-not-allowed", "MLflow 3.5 and later"),
    ("cors-preflight-unauthorized", "MLflow with basic-auth"),
    ("key-missing", "MLflow client with basic-auth"),
    ("mlflow-down", "MLflow"),
    ("mlflow-host-not-allowed", "MLflow 3.5 and later"),
    ("mlflow-host-not-allowed", "MLflow under gunicorn or waitress"),
    ("mlflow-origin-not-allowed", "MLflow 3.5 and later"),
    ("mlflow-origin-not-allowed", "MLflow before 3.5"),
    ("mlflow-origin-not-allowed", "MLflow under gunicorn or waitress"),
    ("path-prefix-mismatch", "MLflow"),
    ("path-translation-missing", "MLflow"),
    ("request-body-dropped", "MLflow"),
];

const NEW: &str = "MLflow 3.5 and later";
const GUNICORN: &str = "MLflow under gunicorn or waitress";
/// What makes a server one that this page may ask.
const ALLOWED: &str =
    "--allowed-hosts registry.example,'localhost:*' --cors-allowed-origins https://page.example";
/// A proxy that passes everything on as it is, and sees to CORS itself.
const PASSES_ON: &str =
    "{everywhere} location /api/mlflow/ { proxy_set_header Origin ''; proxy_pass http://{up}; }
    location = /health { return 200 OK; }";
/// MLflow's own first user, in Base64: admin:made-up-password.
const ADMIN: &str = "YWRtaW46bWFkZS11cC1wYXNzd29yZA==";
/// Without these MLflow 3 does not start with passwords, as the card says.
const SECRET: &str =
    "export MLFLOW_FLASK_SERVER_SECRET_KEY=made-up MLFLOW_AUTH_ADMIN_PASSWORD=made-up-password\n";

/// An installation of MLflow; `None` when it is not on this machine.
pub fn mlflow(generation: u8) -> Option<PathBuf> {
    let found = match generation {
        2 => installed_mlflow("PREFLIGHT_MLFLOW_2", "mlflow-2"),
        _ => installed_mlflow("PREFLIGHT_MLFLOW", "mlflow-3"),
    };
    if found.is_none() {
        assert!(std::env::var_os("CI").is_none(), "MLflow {generation} is not on this machine");
        println!("Not run: MLflow {generation} is not on this machine.");
    }
    found
}

/// Runs the lines of a shell, of which the last one starts the server, in a folder of its own.
pub fn serve(program: &Path, lines: &str) -> Running {
    let running = Running::reserve("mlflow");
    let (before, last) = lines.trim_end().rsplit_once('\n').unwrap_or(("", lines));
    let database = running.folder.join("mlflow.db");
    let lines = format!(
        "{before}\n{last} --host 127.0.0.1 --port {} --workers 1 --backend-store-uri sqlite:///{}",
        running.port,
        database.display()
    );
    let lines = lines.replace("s3://BUCKET/PATH", &running.folder.join("files").to_string_lossy());
    // Making a database takes a quarter of the start. Where files go stands in it, and is sometimes what is tried.
    let empty = empty_database(program).filter(|_| !lines.contains("artifact"));
    let copied = empty.as_ref().is_some_and(|empty| std::fs::copy(empty, &database).is_ok());
    let running = running.begin(shell(program, &lines));
    if let Some(empty) = empty.filter(|_| !copied) {
        let partial = running.folder.join("copy.db");
        let _ = std::fs::copy(&database, &partial).and_then(|_| std::fs::rename(&partial, &empty));
    }
    running
}

/// Where the empty database of this very installation is kept.
fn empty_database(program: &Path) -> Option<PathBuf> {
    let changed = std::fs::metadata(program).and_then(|data| data.modified()).ok()?;
    let seconds = changed.duration_since(std::time::UNIX_EPOCH).ok()?.as_secs();
    let folder = Path::new("target/cards");
    std::fs::create_dir_all(folder).ok()?;
    let name = program.to_string_lossy().replace(|c: char| !c.is_ascii_alphanumeric(), "-");
    Some(folder.join(format!("{name}-{seconds}.db")))
}

/// A shell that finds this MLflow first.
fn shell(program: &Path, lines: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", lines]).env("PATH", within(program));
    command.env("MLFLOW_DISABLE_TELEMETRY", "true").env("DO_NOT_TRACK", "true");
    // Helper processes for jobs that nothing here uses.
    command.env("MLFLOW_SERVER_ENABLE_JOB_EXECUTION", "false");
    command
}

/// A run against a server with MLflow at its root.
fn look(server: &Running, world: &World) -> Outcome {
    look_below(server, world, "")
}

fn look_below(server: &Running, world: &World, path: &str) -> Outcome {
    wire::PORT.set(server.port);
    let mut run = world.start();
    path.clone_into(&mut run.deployment.mlflow.path);
    world.go_on(run)
}

/// A proxy that takes `/api/mlflow` off, and sees to CORS itself.
fn below_nginx(server: &Running) -> Option<Running> {
    let lines = "{everywhere} client_max_body_size 0; location = /health { return 200 OK; }
        location /api/mlflow/ { proxy_set_header Origin ''; proxy_pass http://{up}/; }";
    Program::Nginx.start(&whole(Program::Nginx, lines), &format!("127.0.0.1:{}", server.port))
}

/// The same, with a registration.
fn register(server: &Running) -> Outcome {
    wire::PORT.set(server.port);
    let world = open();
    let mut run = world.start();
    run.registration = Some(Registration {
        id: "abcdefgh2345".into(),
        made_at: "2026-01-01T00:00:00.123Z".into(),
        made_ms: 1_767_225_600_123,
        mode: Mode::Register,
        refused: None,
    });
    let outcome = world.go_on(run);
    assert_eq!(outcome.run.phase, Phase::Finished);
    outcome
}

/// A world in which user and password are asked for.
fn with_password() -> World {
    World { scheme: AuthScheme::Basic, key: "admin:made-up-password", service_id: None, ..keyed() }
}

/// The command of a card, as a run shows it.
fn told(run: &Run, code: &str, whom: &str) -> String {
    let text = card(run, code, whom, &catalogue());
    assert!(!text.is_empty(), "{code}: {whom} has nothing to copy");
    text
}

/// The words of a card with nothing to copy, for a cause that a run has named.
fn advice(run: &Run, code: &str, whom: &str) -> String {
    assert_eq!(card(run, code, whom, &catalogue()), "", "{code}: {whom}");
    plain(&catalogue(), code, whom).0
}

/// A card as it stands in the catalogue: its words, and what is to be copied.
fn plain(catalogue: &Catalogue, code: &str, whom: &str) -> (String, String) {
    let cards = catalogue.cause(code).expect("words").cards;
    let card = cards.into_iter().find(|card| card.whom == whom).expect("the card");
    (card.text, card.code.map(|(_, text)| text).unwrap_or_default())
}

/// The flags of a card that starts a server.
fn flags(card: &str) -> &str {
    card.trim().strip_prefix("mlflow server").expect("a command of MLflow")
}

/// What MLflow's own client says when it lists models, after these lines of a shell and with that as `PREFLIGHT_KEY`.
fn client(program: &Path, server: &Running, lines: &str, key: &str) -> Result<(), String> {
    let lines = [lines, "\npython -c 'import mlflow; mlflow.search_registered_models()'"].concat();
    let mut shell = shell(program, &lines);
    shell.env("PREFLIGHT_KEY", key).env("MLFLOW_TRACKING_URI", format!("http://localhost:{}", server.port));
    let done = shell.output().expect("sh");
    if done.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&done.stderr).into_owned()) }
}

#[test]
fn hosts_origins_and_passwords() {
    let Some(program) = mlflow(3) else { return };
    let server = serve(&program, "mlflow server");
    let host = told(&look(&server, &open()).run, "mlflow-host-not-allowed", NEW);
    drop(server);
    let server = serve(&program, &host);
    let outcome = look(&server, &open());
    assert!(!names(&outcome).contains(&"mlflow-host-not-allowed".to_owned()), "{:?}", names(&outcome));
    let origin = told(&outcome.run, "mlflow-origin-not-allowed", NEW);
    // Where MLflow itself is the host, it is the same command.
    assert_eq!(told(&outcome.run, "cors-not-allowed", NEW), origin);
    drop(server);
    let server = serve(&program, &[&host, flags(&origin)].concat());
    for code in ["mlflow-host-not-allowed", "mlflow-origin-not-allowed", "cors-not-allowed"] {
        gone(NEW, code, &[], &look(&server, &open()));
    }
    // Everybody gets in, where a key should be needed.
    let enforced = told(&look(&server, &keyed()).run, "auth-not-enforced", "MLflow");
    drop(server);
    let (words, _) = plain(&catalogue(), "auth-not-enforced", "MLflow");
    assert!(
        SECRET.split([' ', '=']).filter(|word| word.starts_with("MLFLOW_")).all(|name| words.contains(name))
    );

    let server = serve(&program, &format!("{SECRET}{enforced} {ALLOWED}"));
    wire::USER.set(ADMIN);
    gone("MLflow", "auth-not-enforced", &[], &look(&server, &with_password()));
    let keyless = look(&server, &World { key: "", ..with_password() });
    let variables = told(&keyless.run, "key-missing", "MLflow client with basic-auth");
    assert_eq!(client(&program, &server, &variables, "admin:made-up-password"), Ok(()));
    drop(server);
    // A star for origins turns sessions off; the card names the page.
    let starred = ALLOWED.replace("https://page.example", "'*'");
    let server = serve(&program, &format!("{SECRET}{enforced} {starred}"));
    let outcome = look(&server, &open());
    let named = told(&outcome.run, "cors-credentials-wildcard", NEW);
    drop(server);
    let hosts = ALLOWED.split(" --cors").next().unwrap_or_default();
    let server = serve(&program, &format!("{SECRET}{enforced} {hosts}{}", flags(&named)));
    let after = names(&look(&server, &open()));
    assert!(!after.contains(&"cors-credentials-wildcard".to_owned()), "{after:?}");
    wire::USER.set("");
}

#[test]
fn gunicorn() {
    let Some(program) = mlflow(3) else { return };
    let server = serve(&program, &format!("mlflow server {ALLOWED}"));
    gone("MLflow", "", &[], &look(&server, &open()));
    // Something on the way cuts bodies into chunks.
    wire::CHUNKED.set(true);
    let command = told(&look(&server, &open()).run, "request-body-dropped", "MLflow");
    wire::CHUNKED.set(false);
    drop(server);
    let server = serve(&program, &command);
    let host = told(&look(&server, &open()).run, "mlflow-host-not-allowed", GUNICORN);
    drop(server);
    let server = serve(&program, &[&host, "\n", &command].concat());
    let origin = told(&look(&server, &open()).run, "mlflow-origin-not-allowed", GUNICORN);
    drop(server);
    let variables = [&host, "\n", &origin, "\n"].concat();
    let server = serve(&program, &[variables.as_str(), &command].concat());
    for code in ["mlflow-host-not-allowed", "mlflow-origin-not-allowed"] {
        gone(GUNICORN, code, &[], &look(&server, &open()));
    }
    wire::CHUNKED.set(true);
    gone("MLflow", "request-body-dropped", &[], &look(&server, &open()));
    wire::CHUNKED.set(false);
    drop(server);
    // With passwords it asks for them before it answers OPTIONS, and the default server does not.
    let server = serve(&program, &[SECRET, &variables, &command, " --app-name basic-auth"].concat());
    wire::USER.set(ADMIN);
    let outcome = look(&server, &with_password());
    let words = advice(&outcome.run, "cors-preflight-unauthorized", "MLflow with basic-auth");
    assert!(words.contains("Run it with its default server"), "{words}");
    drop(server);
    let server = serve(&program, &format!("{SECRET}mlflow server --app-name basic-auth {ALLOWED}"));
    gone("MLflow with basic-auth", "cors-preflight-unauthorized", &[], &look(&server, &with_password()));
    wire::USER.set("");
}

#[test]
fn prefixes_and_what_is_older() {
    let (Some(old), Some(new)) = (mlflow(2), mlflow(3)) else { return };
    let server = serve(&old, "mlflow server");
    let outcome = look(&server, &open());
    let words = advice(&outcome.run, "mlflow-origin-not-allowed", "MLflow before 3.5");
    assert!(words.contains("put a proxy in front that adds them, as for `cors-not-allowed`"), "{words}");
    let text =
        plain(&catalogue(), "cors-not-allowed", "nginx").1.replace("{page-origin}", "https://page.example");
    let text = text.replace("{allowed-headers}", "'authorization, content-type'");
    let up = format!("127.0.0.1:{}", server.port);
    let lines = format!("location / {{ {text} proxy_pass http://{{up}}; }}");
    let Some(proxy) = Program::Nginx.start(&lines, &up) else { return };
    gone("MLflow before 3.5", "mlflow-origin-not-allowed", &[], &look(&proxy, &open()));
    drop((proxy, server));

    // Its web page moves with a prefix, and its API does not.
    let prefixed = "mlflow server --static-prefix /api/mlflow";
    let server = serve(&old, prefixed);
    let up = format!("127.0.0.1:{}", server.port);
    let Some(proxy) = Program::Nginx.start(&whole(Program::Nginx, PASSES_ON), &up) else { return };
    let outcome = look_below(&proxy, &open(), "/api/mlflow");
    let words = advice(&outcome.run, "path-translation-missing", "MLflow");
    assert!(words.contains("Newer servers") && words.contains("below `--static-prefix`"), "{words}");
    drop((proxy, server));
    // One without a prefix, to which the proxy passes it on.
    let server = serve(&new, "mlflow server");
    let up = format!("127.0.0.1:{}", server.port);
    let Some(proxy) = Program::Nginx.start(&whole(Program::Nginx, PASSES_ON), &up) else { return };
    let outcome = look_below(&proxy, &open(), "/api/mlflow");
    let command = told(&outcome.run, "path-prefix-mismatch", "MLflow");
    drop((proxy, server));
    assert_eq!(command.replace('\'', ""), prefixed);
    let server = serve(&new, &command);
    let up = format!("127.0.0.1:{}", server.port);
    let Some(proxy) = Program::Nginx.start(&whole(Program::Nginx, PASSES_ON), &up) else { return };
    for code in ["path-prefix-mismatch", "path-translation-missing"] {
        gone("MLflow", code, &[], &look_below(&proxy, &open(), "/api/mlflow"));
    }
    // Or without a prefix, and the proxy cuts it off.
    assert!(words.contains("let the proxy cut it off"), "{words}");
    assert!(nginx::CASES.iter().any(|case| case.code == "path-prefix-mismatch" && case.whom.is_none()));
}

#[test]
fn files_of_models() {
    let Some(program) = mlflow(3) else { return };
    let server = serve(&program, &format!("mlflow server --no-serve-artifacts {ALLOWED}"));
    let root = told(&look(&server, &open()).run, "artifact-root-direct", "MLflow");
    drop(server);
    let server = serve(&program, &format!("{root} {ALLOWED}"));
    gone("MLflow", "artifact-root-direct", &[], &look(&server, &open()));
    drop(server);

    let off =
        format!("mlflow server --no-serve-artifacts --default-artifact-root mlflow-artifacts:/ {ALLOWED}");
    let server = serve(&program, &off);
    let outcome = look(&server, &open());
    let serves = told(&outcome.run, "artifacts-not-served", "MLflow");
    let variable = told(&outcome.run, "artifacts-not-served", "MLflow in a container");
    drop(server);
    let server = serve(&program, &format!("export {variable}\n{}", off.replace("--no-serve-artifacts ", "")));
    gone("MLflow in a container", "artifacts-not-served", &[], &look(&server, &open()));
    drop(server);

    let server = serve(&program, &format!("{serves} {ALLOWED}"));
    gone("MLflow", "artifacts-not-served", &[], &look(&server, &open()));
    drop(server);

    // A store where nothing can be written: below a file. MLflow's errors over files lack CORS headers, so only behind a
    // proxy that adds them a page sees them.
    let server = serve(&program, &serves.replace("s3://BUCKET/PATH", "./mlflow.db/below"));
    let Some(proxy) = below_nginx(&server) else { return };
    let store = told(&register(&proxy).run, "artifact-store-failing", "MLflow");
    drop((proxy, server));
    assert_eq!(store, serves);
    let server = serve(&program, &store);
    let Some(proxy) = below_nginx(&server) else { return };
    gone("MLflow", "artifact-store-failing", &[], &register(&proxy));
}

#[test]
fn the_database_after_an_upgrade() {
    let (Some(old), Some(new)) = (mlflow(2), mlflow(3)) else { return };
    // Whoever asks on the server itself sees whether it is up.
    let (_, health) = plain(&catalogue(), "mlflow-down", "MLflow");
    let server = serve(&old, "mlflow server");
    let health = health.replace(":5000", &format!(":{}", server.port)).replace("localhost", "127.0.0.1");
    let asked = |line: &str| Command::new("sh").args(["-c", line]).output().expect("sh");
    assert!(String::from_utf8_lossy(&asked(&health).stdout).contains(" 200 OK"));
    let older = server.folder.join("mlflow.db");
    let older = std::fs::read(older).expect("a database");
    drop(server);
    assert!(!asked(&health).status.success(), "nobody answers, and the command says so");

    let server = serve(&new, &format!("mlflow server {ALLOWED}"));
    gone("MLflow", "", &[], &look(&server, &open()));
    // The database is that of an older server, and it was not brought up to date.
    let database = server.folder.join("mlflow.db");
    std::fs::write(&database, older).expect("a file");
    let outcome = look(&server, &open());
    let upgrade = told(&outcome.run, "backend-store-failing", "MLflow");
    let words = advice(&outcome.run, "backend-store-failing", "MLflow's log");
    let said = server.said();
    assert!(words.contains("the database's own error stands there in full"), "{words}");
    assert!(said.contains("sqlite3.OperationalError") && said.contains("[SQL:"), "{said}");
    let mut shell = shell(&new, &upgrade);
    shell.env("MLFLOW_BACKEND_STORE_URI", format!("sqlite:///{}", database.display()));
    let done = shell.output().expect("sh");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    gone("MLflow", "backend-store-failing", &[], &look(&server, &open()));
}

fn names(outcome: &Outcome) -> Vec<String> {
    engine::judge(&outcome.run).verdict.causes.into_iter().map(|named| named.code).collect()
}
