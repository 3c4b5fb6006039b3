//! Cards that say where to look: there the reason stands, while the fault is there.

use super::behind::Behind;
use super::programs::Program;
use super::{Case, USUAL, card, catalogue, open, whole, wire};
use std::net::TcpListener;
use std::process::Command;

/// The cards that are tried here: their causes and whom they are for.
pub const PROVEN: [(&str, &str); 2] =
    [("gateway-without-backend", "nginx"), ("gateway-without-backend", "HAProxy")];

/// A gateway with nobody behind it, until somebody comes.
fn nobody_behind(program: Program, lines: &str) -> Option<(String, String)> {
    let dead = TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr()).expect("a port").to_string();
    let case = Case { program, code: "gateway-without-backend", world: open, ..USUAL };
    let running = program.start(&whole(program, lines), &dead)?;
    wire::PORT.set(running.port);
    let before = (case.world)().run();
    let command = card(&before.run, case.code, case.whom(), &catalogue());
    let log = running.said();
    drop(running);
    // With somebody behind it the cause is gone.
    let running = program.start(&whole(program, lines), &Behind::Registry.start())?;
    wire::PORT.set(running.port);
    let after = super::keyed().run();
    super::gone(case.whom(), case.code, &[], &after);
    Some((command, log.replace(&dead, "{up}")))
}

#[test]
fn the_error_log_of_nginx_names_the_upstream_and_the_reason() {
    let Some((command, log)) =
        nobody_behind(Program::Nginx, "{everywhere} location / { proxy_pass http://{up}; }")
    else {
        return;
    };
    let file = std::env::temp_dir().join(format!("preflight-error-{}.log", std::process::id()));
    std::fs::write(&file, log).expect("a file");
    let command = command.replace("/var/log/nginx/error.log", &file.to_string_lossy());
    let shown = Command::new("sh").args(["-c", &command]).output().expect("sh");
    let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
    let _ = std::fs::remove_file(&file);
    assert!(shown.contains("Connection refused") && shown.contains("upstream: \"http://{up}"), "{shown}");
}

#[test]
fn the_log_of_haproxy_names_the_server_and_how_it_ended() {
    let lines = "{cors}\nlog stdout format raw local0\noption httplog\ndefault_backend up";
    let Some((_, log)) = nobody_behind(Program::HaProxy, lines) else { return };
    // Backend and server, the status, and that connecting to the server failed.
    assert!(log.contains("up/up ") && log.contains(" 503 ") && log.contains(" SC-- "), "{log}");
}
