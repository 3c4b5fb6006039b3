//! No export holds a secret, wherever a server put it; and with the switches off none holds a host's name or a body.

use super::{FORMATS, FROZEN, export};
use preflight::deployment::redact;
use preflight::probe::Saw;
use preflight::report::Report;
use proptest::prelude::*;

/// Plants a secret in headers, bodies, addresses, and what is quoted of them.
fn planted(secret: &str) -> String {
    let mut report: Report = serde_json::from_str(FROZEN).expect("a report");
    for seen in &mut report.observations {
        seen.probe.headers.push(("Cookie".to_owned(), format!("sid={secret}")));
        seen.probe.headers.push(("x-forwarded-uri".to_owned(), format!("/cb?access_token={secret}&x")));
        seen.probe.target.path = format!("/a?X-Amz-Signature={secret}&b=1");
        seen.probe.body = Some(format!("{{\"password\":\"{secret}\"}}"));
        if let Saw::Answer(answer) = &mut seen.saw {
            answer.landed = Some(format!("https://user:{secret}@idp.internal.example/login"));
            answer.headers.extend([
                ("set-cookie".to_owned(), format!("session={secret}; HttpOnly")),
                ("x-api-key".to_owned(), secret.to_owned()),
                ("www-authenticate".to_owned(), format!("Bearer {secret}")),
                ("location".to_owned(), format!("/login?token={secret}")),
            ]);
            answer.body.text = format!(
                "{{\"you_sent\":{{\"Authorization\":\"Bearer {secret}\"}},\"key\":\"pf_live_{secret}\"}}"
            );
        }
    }
    report.sentences[0].headline = format!("It says “Bearer {secret}”.");
    report.checks[0].actual = format!("It says “client_secret={secret}”.");
    report.policy_blocked = vec![format!("https://u:{secret}@x.example/?sig={secret}")];
    report.to_json()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn planted_secrets_are_in_no_export(secret in "[A-Za-z][A-Za-z0-9]{9,40}[0-9]") {
        let report = planted(&secret);
        for (format, _) in FORMATS {
            let text = export(&report, format, true, true);
            prop_assert!(!text.contains(&secret), "{}: {}", format, text);
        }
    }
}

#[test]
fn what_was_redacted_says_so() {
    for (format, _) in FORMATS {
        assert!(export(FROZEN, format, true, true).contains(redact::MARK), "{format}");
    }
}

#[test]
fn hosts_are_renamed_alike_everywhere() {
    let report = planted("s3cr3t-of-mine-4711")
        .replace("“Bearer", "at REGISTRY.example. https://db7.corp.example:5432/x “Bearer");
    for (format, _) in FORMATS {
        let text = export(&report, format, false, true).to_ascii_lowercase();
        for name in ["registry.example", "auth.example", "page.example", "idp.internal", "corp.example"] {
            assert!(!text.contains(name), "{format} holds {name}: {text}");
        }
        assert!(text.contains("host-1"), "{format}");
    }
    let text = export(&report, "markdown", false, true);
    assert!(text.contains("at host-1. https:"), "{text}");
}

#[test]
fn bodies_are_left_out_with_what_is_quoted_of_them() {
    for (format, _) in FORMATS {
        let text = export(FROZEN, format, true, false);
        assert!(!text.contains("onerror") && !text.contains("auth service said"), "{format}: {text}");
    }
    assert!(export(FROZEN, "json", true, true).contains("onerror"));
}

#[test]
fn redacting_again_changes_nothing() {
    for (hosts, bodies) in [(true, true), (true, false)] {
        let once = export(&planted("s3cr3t-of-mine-4711"), "json", hosts, bodies);
        assert_eq!(export(&once, "json", hosts, bodies), once);
    }
}
