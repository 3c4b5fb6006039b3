//! What the five Python scripts that this page replaces ask of a deployment in which all is well, in their order
//! (facts/source-scripts.md, parts 1 to 5), without what the first one writes.

use hyper::Method;
use serde_json::{Value, json};

const SEARCH: &str = "/api/2.0/mlflow/experiments/search";

/// How a question shows the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum With {
    Nothing,
    Bearer,
    Raw,
    Header(&'static str),
    Both,
}

/// One question: what is asked of which host, and how the key is shown.
#[derive(Debug)]
pub struct Question {
    pub method: Method,
    pub url: String,
    pub with: With,
    pub body: Option<Value>,
}

/// All of them.
pub fn questions(registry: &str, auth: &str, key: &str) -> Vec<Question> {
    let get = |path: &str, with| Question {
        method: Method::GET,
        url: format!("{registry}{path}"),
        with,
        body: None,
    };
    let search = |base: &str, with| get(&format!("{base}{SEARCH}"), with);
    let client = || Question {
        method: Method::POST,
        body: Some(json!({ "max_results": 1 })),
        ..search("/api/mlflow", With::Bearer)
    };
    let validate = |with, body| Question {
        method: Method::POST,
        url: format!("{auth}/api/v1/keys/validate"),
        with,
        body: Some(body),
    };
    let in_body = |service: Option<&str>| {
        let mut body = json!({ "api_key": key, "client_ip": "127.0.0.1" });
        if let Some(service) = service {
            body["service_id"] = json!(service);
        }
        validate(With::Nothing, body)
    };
    let at_auth = |path: &str| Question { url: format!("{auth}{path}"), ..get("", With::Nothing) };
    use With::{Bearer, Both, Header, Nothing, Raw};
    let mut list = vec![
        // test_real_registration.py, before it writes.
        get("/api/mlflow/health/mlflow", Bearer),
        search("/api/mlflow", Bearer),
        search("/mlflow", Nothing),
        client(),
        // verify_api_proxy.py
        get("/health", Nothing),
        get("/api/health", Nothing),
        get("/api/models", Bearer),
        get("/api/mlflow/health/mlflow", Bearer),
        search("/api/mlflow", Bearer),
        search("/mlflow", Nothing),
        // test_bearer_auth.py
        search("/api/mlflow", Bearer),
        client(),
        search("/mlflow", Nothing),
        // test_auth_service.py
        in_body(Some("ml-platform")),
        in_body(Some("ml-platform")),
        in_body(Some("api")),
        in_body(Some("mlflow")),
        in_body(Some("hokusai")),
        in_body(None),
        validate(Bearer, json!({ "service_id": "ml-platform" })),
        at_auth("/health"),
        at_auth("/"),
    ];
    // investigate_mlflow.py
    let ajax = "/ajax-api/2.0/mlflow/experiments/search";
    list.extend(["/mlflow", "/mlflow/", "/api/mlflow"].map(|path| get(path, Nothing)));
    list.extend(["/mlflow", "/api/mlflow"].map(|base| search(base, Nothing)));
    list.extend(["/mlflow", "", "/api/mlflow"].map(|base| get(&format!("{base}{ajax}"), Nothing)));
    list.extend(
        [Bearer, Raw, Header("x-api-key"), Header("x-hokusai-api-key"), Both]
            .map(|with| search("/api/mlflow", with)),
    );
    list.push(validate(Bearer, json!({ "service_id": "ml-platform", "client_ip": "127.0.0.1" })));
    list.extend(
        ["ml-platform", "mlflow", "api", "model-registry", "hokusai"]
            .map(|service| validate(Bearer, json!({ "service_id": service }))),
    );
    for path in ["/api/health", "/api/", "/api/models", "/api/mlflow/health"] {
        list.extend([get(path, Bearer), get(path, Nothing)]);
    }
    list
}
