//! A step that fails names its cause, and what may be something else is not certain.

use super::registry::{Registry, answer, said};
use super::{drive_with, registration, run_of};
use preflight::diagnosis::Confidence;
use preflight::engine;
use preflight::probe::Saw;
use preflight::run::Mode;
use serde_json::json;

/// The causes that are named when one step is answered so.
fn named(step: &str, saw: &Saw) -> Vec<(String, Confidence)> {
    let before = Registry::of_others(false);
    let mut server = before.clone();
    let mut run = run_of(registration(Mode::Register));
    drive_with(&mut run, &mut server, None, &mut |probe, _, _| (probe.id == step).then(|| saw.clone()));
    assert_eq!(server.visible(), before, "{step}");
    let verdict = engine::judge(&run).verdict;
    verdict.causes.into_iter().map(|named| (named.code, named.confidence)).collect()
}

#[test]
fn a_step_that_fails_names_its_cause() {
    let nginx = |status: u16, words: &str| {
        let page = format!(
            "<html>\r\n<head><title>{status} {words}</title></head>\r\n<body>\r\n<center><h1>{status} {words}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>"
        );
        answer(status, "text/html", &page)
    };
    let mlflow = |status: u16, code: &str, message: &str| {
        said(status, &json!({ "error_code": code, "message": message }))
    };
    let missing = mlflow(400, "INVALID_PARAMETER_VALUE", "Missing value for required parameter 'name'.");
    let readonly =
        mlflow(500, "INTERNAL_ERROR", "(sqlite3.OperationalError) attempt to write a readonly database");
    let disk = mlflow(500, "INTERNAL_ERROR", "[Errno 30] Read-only file system: '/srv/art/1'");
    let off = said(
        503,
        &json!({ "detail": "Artifact serving is disabled. Run `mlflow server` with `--serve-artifacts` to enable." }),
    );
    let scope = said(403, &json!({ "detail": "Insufficient permissions for this operation" }));
    for (step, saw, code) in [
        ("write-rehearse-delete", &missing, "request-body-dropped"),
        ("write-rehearse-delete", &nginx(405, "Not Allowed"), "method-blocked"),
        ("write-files-put-large", &nginx(413, "Request Entity Too Large"), "body-size-limit"),
        ("write-files-put-text", &disk, "artifact-store-failing"),
        ("write-files-put-text", &off, "artifacts-not-served"),
        ("write-run-experiment", &readonly, "backend-store-failing"),
        ("write-run-experiment", &scope, "key-lacks-permission"),
        ("write-run-create", &said(403, &json!({ "detail": "Rate limit exceeded" })), "rate-limited"),
        ("write-two-model", &said(402, &json!({ "detail": "Insufficient balance" })), "balance-exhausted"),
        ("write-three-sklearn-create", &nginx(404, "Not Found"), "route-missing"),
    ] {
        assert_eq!(named(step, saw), [(code.to_owned(), Confidence::Certain)], "{step}");
    }
    // What may be something else is not certain.
    for (step, saw, code) in [
        ("write-rehearse-delete", &nginx(403, "Forbidden"), "method-blocked"),
        ("write-files-put-text", &nginx(405, "Not Allowed"), "method-blocked"),
        ("write-files-put-large", &Saw::NetworkError, "body-size-limit"),
        ("write-run-create", &mlflow(500, "INTERNAL_ERROR", "boom"), "backend-store-failing"),
        (
            "write-files-put-text",
            &answer(500, "text/html", "<!doctype html><title>500</title>"),
            "artifact-store-failing",
        ),
        ("write-run-metric", &Saw::TimedOut, "timeout"),
        // MLflow 3 sends this error without CORS headers.
        ("write-files-put-text", &Saw::NetworkError, "artifact-store-failing"),
        // The answer to a rehearsal is an error.
        ("write-rehearse-delete", &Saw::NetworkError, "cors-missing-on-errors"),
        // A proxy may put every 404 into words of its own.
        ("write-rehearse-delete", &nginx(404, "Not Found"), "route-missing"),
        ("write-two-model", &nginx(500, "Internal Server Error"), "server-error"),
        ("write-two-model", &nginx(502, "Bad Gateway"), "mlflow-down"),
        ("write-files-put-text", &nginx(502, "Bad Gateway"), "mlflow-down"),
        // nginx says so of what comes too fast, and other proxies of what has no server.
        ("write-two-model", &nginx(503, "Service Temporarily Unavailable"), "rate-limited"),
        ("write-two-model", &said(503, &json!({ "detail": "No healthy upstream" })), "mlflow-down"),
    ] {
        let named = named(step, saw);
        let (first, confidence) = named.first().expect("a cause");
        assert_eq!(first, code, "{step}: {named:?}");
        assert!(*confidence < Confidence::Certain, "{step}: {named:?}");
    }
}
