//! Names of questions that more than one file speaks of. A question that only one file asks is named there.

use super::Facts;
use crate::deployment::Host;
use crate::probe::Method;

/// Questions with a fixed name.
pub mod ask {
    /// A page of the page's own origin that exists.
    pub const CONTROL: &str = "page-control";
    /// The registry's open path, plainly.
    pub const OPEN: &str = "registry-open";
    /// The auth service's health path, plainly.
    pub const AUTH_OPEN: &str = "auth-health";
    /// MLflow's experiment search without a key.
    pub const SEARCH_NONE: &str = "mlflow-search-none";
    /// MLflow's experiment search with a made-up key.
    pub const SEARCH_FAKE: &str = "mlflow-search-fake";
    /// MLflow's experiment search with the user's key.
    pub const SEARCH_KEY: &str = "mlflow-search-key";
    /// The status class of MLflow's experiment search without a key.
    pub const SEARCH_STATUS: &str = "mlflow-search-status";
    /// MLflow's version.
    pub const VERSION: &str = "mlflow-version";
    /// MLflow's experiment search as the Python client sends it: by POST, with a JSON body.
    pub const SEARCH_POST: &str = "mlflow-search-post";
    /// A registered model that nobody has: MLflow's own error, which pages should be able to read.
    pub const MISSING: &str = "mlflow-missing-model";
    /// The status class of that error.
    pub const MISSING_STATUS: &str = "mlflow-missing-model-status";
    /// The root of MLflow's artifact proxy, listed.
    pub const ARTIFACTS: &str = "mlflow-artifacts";
    /// The registry's open path with the user's key.
    pub const OPEN_KEY: &str = "registry-open-key";
    /// MLflow's own health path.
    pub const HEALTH: &str = "mlflow-health";
    /// The newest run of an experiment.
    pub const RUNS: &str = "mlflow-runs";
    /// A registered model.
    pub const MODELS: &str = "mlflow-models";
    /// A version of a registered model.
    pub const MODEL_VERSIONS: &str = "mlflow-model-versions";
    /// A logged model, which MLflow 3 has.
    pub const LOGGED_MODELS: &str = "mlflow-logged-models";
    /// MLflow's GraphQL, which its web page uses.
    pub const GRAPHQL: &str = "mlflow-graphql";
    /// What MLflow says it is able to do.
    pub const SERVER_INFO: &str = "mlflow-server-info";
    /// MLflow's experiment search under the path that its web page uses (`ajax-api`).
    pub const SEARCH_AJAX: &str = "mlflow-search-ajax";
    /// MLflow's experiment search without a key, its path with a slash at the end.
    pub const SEARCH_SLASH: &str = "mlflow-search-slash";
    /// MLflow's experiment search with the path of the form twice.
    pub const SEARCH_DOUBLED: &str = "mlflow-search-doubled";
    /// The user's key at the auth service.
    pub const VALIDATE_KEY: &str = "auth-validate-key";
}

/// The reachability question of a host.
pub fn no_cors_id(host: Host) -> String {
    format!("{}-no-cors", Facts::open_id(host))
}

/// A socket to a host: silent where fetches hang for want of an answer, quick where the browser asks its user
/// something first.
pub fn socket_id(host: Host) -> String {
    format!("{}-socket", Facts::open_id(host))
}

/// The open path of a host without following redirects.
pub fn manual_id(host: Host) -> String {
    format!("{}-manual", Facts::open_id(host))
}

/// The open path of a host as an object in a page: shown also where other rules hide the answer from a fetch.
pub fn object_id(host: Host) -> String {
    format!("{}-object", Facts::open_id(host))
}

/// The open path of a host in a frame: a sign of life that no header of an answer hides.
pub fn frame_id(host: Host) -> String {
    format!("{}-frame", Facts::open_id(host))
}

/// The open path of a host with a made-up key: needs a preflight, and should be answered like the plain one.
pub fn open_fake_id(host: Host) -> String {
    format!("{}-fake", Facts::open_id(host))
}

/// The open path of a host with a JSON content type: needs a preflight without any key.
pub fn open_json_id(host: Host) -> String {
    format!("{}-json", Facts::open_id(host))
}

/// The status class of a host's open path.
pub fn open_status_id(host: Host) -> String {
    format!("{}-status", Facts::open_id(host))
}

/// The status class of a random path of a host.
pub fn random_status_id(host: Host) -> &'static str {
    match host {
        Host::Auth => "auth-random-status",
        _ => "registry-random-status",
    }
}

/// MLflow's experiment search without a key, and with the key's own header, empty: that needs the same permission, and
/// whoever judges keys finds none.
pub const EMPTY_HEADER: &str = "mlflow-search-empty-header";

/// The registry's open path at its bare address, where shared caches may answer.
pub const OPEN_SHARED: &str = "registry-open-shared";

/// The registry's open path with the cookies that this browser has for it.
pub const OPEN_COOKIES: &str = "registry-open-cookies";

/// The usual health path at the root of the registry, for a deployment whose own open path is not open.
pub const ROOT_HEALTH: &str = "registry-root-health";

/// PUT to a random path of the registry: a preflight for the method alone.
pub const RANDOM_PUT: &str = "registry-random-put";

/// POST with a JSON content type to a random path: a preflight for that header alone.
pub const RANDOM_POST: &str = "registry-random-post";

/// The methods besides GET that MLflow's REST API needs, each with the question that asks for it: to a random path,
/// since a request whose preflight passes really runs, without key and body.
pub const METHODS: [(Method, &str); 4] = [
    (Method::Post, RANDOM_POST),
    (Method::Put, RANDOM_PUT),
    (Method::Patch, "registry-random-patch"),
    (Method::Delete, "registry-random-delete"),
];

/// How the ids of questions about the deployment's further health paths begin; the number in the list follows.
pub const HEALTH_PATH: &str = "registry-health-path-";

/// Repeats of MLflow's experiment search without a key.
pub const SEARCH_REPEATS: [&str; 2] = ["mlflow-search-none-2", "mlflow-search-none-3"];

/// Repeats of the registry's open question.
pub const OPEN_REPEATS: [&str; 8] = [
    "registry-open-2",
    "registry-open-3",
    "registry-open-4",
    "registry-open-5",
    "registry-open-6",
    "registry-open-7",
    "registry-open-8",
    "registry-open-9",
];

/// A fetch to a port that no browser uses: shows what this browser's timing entries tell, without any traffic.
pub const BLOCKED_PORT: &str = "page-blocked-port";

/// The user's key at the auth service without naming a service: is it good for any?
pub const VALIDATE_ANY: &str = "auth-validate-any";

/// The same question at the auth service without any key: does it read the key at all?
pub const VALIDATE_NONE: &str = "auth-validate-none";

/// The user's key at the auth service in the body instead of the header.
pub const VALIDATE_BODY: &str = "auth-validate-body";

/// The user's key at the auth service about another service: does it tell services apart?
pub const VALIDATE_OTHER: &str = "auth-validate-other";

/// How the id of a question begins that presents the key in another scheme; its name follows.
pub const OTHER_SCHEME: &str = "other-scheme-";

/// How the id of a question begins that asks the auth service about another service; its name follows.
pub const OTHER_SERVICE: &str = "other-service-";

/// Paths under which deployments usually put MLflow.
pub const BASE_CANDIDATES: [&str; 3] = ["", "/mlflow", "/api/mlflow"];

/// The experiment search under another path.
pub fn base_id(path: &str) -> String {
    ["mlflow-search-at", &path.replace('/', "-")].concat()
}

/// The same by the path that MLflow's web page uses.
pub fn ajax_id(path: &str) -> String {
    ["mlflow-search-ajax-at", &path.replace('/', "-")].concat()
}
