//! Whatever is put into a link is survived.

use super::native::parse_url;
use super::{forms, open, reports};
use preflight::deployment::form::FormInput;
use preflight::report::link;
use preflight::report::request;
use preflight::report::wire;
use proptest::prelude::*;
use std::time::Instant;

/// How many cases each of the hostile tests below tries; `PROPTEST_CASES` changes it.
fn cases() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(4_000);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

fn texts() -> &'static [String] {
    static TEXTS: std::sync::OnceLock<Vec<String>> = std::sync::OnceLock::new();
    TEXTS.get_or_init(|| {
        let all = reports();
        all.iter().flat_map(|(_, report)| forms(report).iter().map(wire::write).collect::<Vec<_>>()).collect()
    })
}

/// Reads, and shows what could be read: neither may panic, nor take long.
fn survives(text: &str) -> bool {
    let begun = Instant::now();
    let read = wire::read(text, parse_url);
    if let Ok(shared) = &read {
        assert!(shared.judged().checks.len() > 10);
        shared.stations();
        shared.unknown_checks().count();
        assert_eq!(wire::read(&wire::write(shared), parse_url).as_ref(), Ok(shared));
    }
    assert!(begun.elapsed().as_millis() < 2_000);
    read.is_ok()
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn any_fragment_is_survived(text in ".{0,200}", payload in "[A-Za-z0-9_-]{0,200}") {
        let _ = (open(&text), open(&format!("r=1.{payload}")), request::read(&text));
    }

    #[test]
    fn any_payload_is_survived(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let fragment = link::write(&bytes).expect("it is small");
        prop_assert_eq!(link::read(&fragment), Ok(bytes.clone()));
        let _ = open(&fragment);
        survives(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_cut_is_survived(which in any::<prop::sample::Index>(), at in any::<prop::sample::Index>()) {
        let text = &texts()[which.index(texts().len())];
        let mut end = at.index(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        survives(&text[..end]);
    }

    #[test]
    fn any_change_of_lines_is_survived(
        which in any::<prop::sample::Index>(),
        changes in proptest::collection::vec(
            (any::<prop::sample::Index>(), 0_u8..5, any::<prop::sample::Index>(), "[ -~é\\\\]{0,12}"),
            1..6,
        ),
    ) {
        let mut lines: Vec<&str> = texts()[which.index(texts().len())].split('\n').collect();
        for (at, how, other, fresh) in &changes {
            let (at, other) = (at.index(lines.len()), other.index(lines.len()));
            match how {
                0 => lines[at] = fresh,
                1 => lines.swap(at, other),
                2 => lines[at] = lines[other],
                3 if lines.len() > 2 => drop(lines.remove(at)),
                _ => lines.insert(at, lines[other]),
            }
        }
        survives(&lines.join("\n"));
    }

    #[test]
    fn any_number_is_survived(
        which in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        number in prop_oneof![Just(0), Just(499), Just(501), Just(u64::from(u32::MAX)), any::<u64>()],
    ) {
        let mut lines: Vec<String> =
            texts()[which.index(texts().len())].split('\n').map(str::to_owned).collect();
        let at = at.index(lines.len());
        lines[at] = number.to_string();
        survives(&lines.join("\n"));
    }

    #[test]
    fn any_form_comes_back_from_its_request_link(
        url in "https?://[a-z]{1,9}\\.example(:[1-9][0-9]{1,3})?",
        path in "(/[a-z0-9._~-]{1,8}){0,3}",
        service in "\\PC{0,40}",
    ) {
        let input = FormInput {
            registry_url: url, mlflow_path: path, service_id: service.trim().to_owned(),
            auth_scheme: "raw".into(), ..FormInput::default()
        };
        prop_assert_eq!(request::read(&request::write(&input)).map(|request| request.input), Some(input));
    }
}
