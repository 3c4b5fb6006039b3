//! No link holds a secret, whoever put it where: links are made of nothing but what the one redaction lets through, and
//! that looks at every text of a report.

use super::{Detail, forms, made, open, pack, reports, shareable};
use preflight::deployment::AuthScheme;
use preflight::deployment::key::KeyProblem;
use preflight::probe::{Answer, Saw};
use preflight::report::shared::Shared;
use preflight::report::{Report, Shareable, wire};
use proptest::prelude::*;
use serde_json::Value;
use std::collections::BTreeMap;

/// Known by its own shape, wherever it stands.
const TOKEN: &str = "ghp_0123456789abcdefghijMADEUP";

/// A report with something in every place that can hold a text.
fn full() -> Report {
    let mut report = reports::report(&reports::all_at_once());
    report.deployment.scheme = AuthScheme::Custom("x-own".into());
    report.deployment.own_header = Some("x-other".into());
    report.deployment.health_paths = vec!["/up".into()];
    if let Some(shape) = &mut report.deployment.key_shape {
        shape.environment = Some("production".into());
    }
    if let Some(auth) = &mut report.deployment.auth {
        auth.root_path = Some("/".into());
        auth.service_ids = vec!["one".into()];
        auth.fields = vec![("is_valid".into(), "valid".into())];
    }
    report.environment.local_network = Some("prompt".into());
    report.key.problems = vec![KeyProblem::Prefix(vec!["pf_".into()])];
    report.key.claims = vec![("iss".into(), "us".into())];
    report.policy_blocked = vec!["https://elsewhere.example/".into()];
    report.observations[0].probe.presented_as = Some(AuthScheme::Custom("x-own".into()));
    report.observations[1].saw = Saw::NotSent("because".into());
    report.sentences[0].fixes = vec!["mend it".into()];
    if let Some(it) = &mut report.registration {
        it.refused = Some("another tab".into());
    }
    if let Some(answer) = &mut report.second_opinion[0].answer {
        answer.landed = Some("https://elsewhere.example/".into());
    }
    for answer in report.observations.iter_mut().filter_map(|seen| match &mut seen.saw {
        Saw::Answer(answer) => Some(answer),
        _ => None,
    }) {
        answer.landed = Some("https://elsewhere.example/".into());
    }
    report
}

/// Places of texts, one for each sort of place, whatever the number in its list.
fn places(value: &Value, place: String, sort: String, found: &mut BTreeMap<String, String>) {
    match value {
        Value::String(_) => drop(found.insert(sort, place)),
        Value::Array(list) => {
            for (index, inner) in list.iter().enumerate() {
                places(inner, format!("{place}/{index}"), format!("{sort}/*"), found);
            }
        }
        Value::Object(object) => {
            for (name, inner) in object {
                let name = name.replace('~', "~0").replace('/', "~1");
                places(inner, format!("{place}/{name}"), format!("{sort}/{name}"), found);
            }
        }
        _ => {}
    }
}

#[test]
fn every_text_of_a_report_is_looked_at() {
    let whole = serde_json::to_value(full()).expect("JSON");
    let mut found = BTreeMap::new();
    places(&whole, String::new(), String::new(), &mut found);
    let mut tried = 0;
    for (sort, place) in &found {
        let mut planted = whole.clone();
        *planted.pointer_mut(place).expect("a text") = Value::from(TOKEN);
        // The name of a variant is no text.
        let Ok(report) = serde_json::from_value::<Report>(planted) else { continue };
        tried += 1;
        let text = Shareable::of(report).report().to_json();
        assert!(!text.contains(TOKEN), "{sort} is not looked at");
    }
    // What can only be one of a few names: phases, hosts, ways and the like.
    assert!(tried >= 60 && tried + 25 >= found.len(), "{tried} of {}", found.len());
}

/// Puts a secret wherever a server or another program could have put it.
fn planted(secret: &str) -> Report {
    let mut report = full();
    let fill = |answer: &mut Answer| {
        answer.landed = Some(format!("https://user:{secret}@idp.example/login?code={secret}"));
        answer.headers.extend([
            ("set-cookie".to_owned(), format!("session={secret}; HttpOnly")),
            ("location".to_owned(), format!("/login?token={secret}")),
            ("www-authenticate".to_owned(), format!("Bearer {secret}")),
            ("server".to_owned(), format!("nginx key={secret}")),
        ]);
        answer.body.text = format!("{{\"detail\":{{\"you_sent\":\"Authorization: Bearer {secret}\"}}}}");
    };
    for seen in &mut report.observations {
        seen.probe.headers.push(("cookie".to_owned(), format!("sid={secret}")));
        seen.probe.target.path.push_str(&format!("?api_key={secret}"));
        seen.probe.body = Some(format!("{{\"password\":\"{secret}\"}}"));
        if let Saw::Answer(answer) = &mut seen.saw {
            fill(answer);
        }
    }
    for seen in &mut report.second_opinion {
        seen.says = format!("Could not connect with token={secret}");
        seen.answer.iter_mut().for_each(fill);
    }
    report.policy_blocked = vec![format!("https://u:{secret}@x.example/?sig={secret}")];
    report
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn planted_secrets_are_in_no_link(secret in "[A-Za-z][A-Za-z0-9]{9,40}[0-9]") {
        let report = planted(&secret);
        prop_assert!(report.to_json().contains(&secret));
        for shared in forms(&report) {
            let text = wire::write(&shared);
            prop_assert!(!text.contains(&secret), "{:?}: {}", shared.detail, text);
        }
    }
}

#[test]
fn a_link_of_a_redacted_report_opens() {
    let report = planted("s3cr3t-of-mine-4711");
    let text = wire::write(&Shared::of(&shareable(&report), Detail::Cited));
    assert!(text.contains("[redacted]"));
    let link = preflight::report::link::write(&pack(&text)).expect("it fits");
    open(&link).expect("it opens");
    // Of an outage with little in it, also as it is made.
    let outage = reports::named("outage");
    open(&made(&outage).1).expect("it opens");
}
