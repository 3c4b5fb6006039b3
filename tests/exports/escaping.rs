//! Text from the wire stays text: with hostile text in every place an export has the structure it has with a plain word.

use super::{FROZEN, export, valid::xml_events};
use preflight::report::Report;
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// The frozen report with a text in every place that a server or a person can fill.
fn with(text: &str) -> String {
    let mut report: Report = serde_json::from_str(FROZEN).expect("a report");
    let fill = |place: &mut String| *place = text.to_owned();
    report.sentences.iter_mut().for_each(|sentence| {
        fill(&mut sentence.headline);
        sentence.fixes = vec![["nginx: ", text, "\n", text, "\nend"].concat()];
    });
    report.checks.iter_mut().for_each(|check| {
        fill(&mut check.actual);
        fill(&mut check.title);
    });
    report.environment.user_agent = text.to_owned();
    report.environment.started_at = text.to_owned();
    report.deployment.mlflow.origin.host = text.to_owned();
    for seen in &mut report.observations {
        seen.probe.target.path = text.to_owned();
        if let preflight::probe::Saw::Answer(answer) = &mut seen.saw {
            answer.body.text = text.to_owned();
            answer.headers = vec![("content-type".to_owned(), text.to_owned())];
        }
    }
    report.to_json()
}

/// Blocks, code, emphasis: all but the texts.
fn markdown_structure(text: &str) -> Vec<String> {
    let parsed = Parser::new_ext(text, Options::all());
    let mut events: Vec<String> = parsed
        .filter(|event| !matches!(event, Event::Text(_) | Event::SoftBreak))
        .map(|event| match event {
            Event::Code(_) => "Code".to_owned(),
            event => format!("{event:?}"),
        })
        .collect();
    events.dedup_by(|a, b| a == "Code" && b == "Code");
    events
}

/// The text outside of code, where a mention would be one.
fn prose(text: &str) -> String {
    let mut in_code = false;
    let mut prose = String::new();
    for event in Parser::new_ext(text, Options::all()) {
        match event {
            Event::Start(Tag::CodeBlock(_)) => in_code = true,
            Event::End(TagEnd::CodeBlock) => in_code = false,
            Event::Text(text) if !in_code => prose.push_str(&text),
            _ => {}
        }
    }
    prose
}

/// Everything between angle brackets.
fn html_structure(text: &str) -> Vec<String> {
    let tags = text.split('<').skip(1).map(|rest| rest.split('>').next().unwrap_or_default().to_owned());
    tags.collect()
}

/// What breaks out where something can be broken out of.
fn hostile() -> impl Strategy<Value = String> {
    let parts = [
        "```",
        "~~~",
        "`",
        "\n",
        "\r\n",
        "\n\n",
        "# ",
        "- ",
        "1. ",
        "> ",
        "|",
        "---",
        "===",
        "*a*",
        "_b_",
        "**",
        "[x](y)",
        "![x](y)",
        "[x]: y",
        "<b>",
        "</code>",
        "</pre>",
        "<script>alert(1)</script>",
        "<!--",
        "-->",
        "]]>",
        "<![CDATA[",
        "&lt;",
        "&#60;",
        "&",
        "\"",
        "'",
        "\\",
        "\t",
        "    ",
        "\u{0}",
        "\u{1b}[31m",
        "\u{202e}",
        "\u{feff}",
        "\u{ffff}",
        "https://evil.example",
        "www.evil.example",
        "@team",
        "#12",
        "$x$",
        "~~s~~",
        "[^1]",
        "a",
        "ü",
        "\u{1F511}",
        ":",
        "- [ ] ",
        "{#id}",
        "^a^",
    ];
    prop::collection::vec(prop::sample::select(parts.to_vec()), 1..12)
        .prop_map(|parts| [&parts.concat(), "x"].concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn nothing_from_the_wire_is_markup(text in hostile()) {
        let (plain, wild) = (with("word"), with(&text));
        let (a, b) = (export(&plain, "markdown", true, true), export(&wild, "markdown", true, true));
        prop_assert_eq!(markdown_structure(&a), markdown_structure(&b), "{}", b);
        prop_assert!(!prose(&b).contains("@team"), "{}", b);
        let (a, b) = (export(&plain, "junit", true, true), export(&wild, "junit", true, true));
        prop_assert_eq!(xml_events(&a), xml_events(&b), "{}", b);
        let (a, b) = (export(&plain, "html", true, true), export(&wild, "html", true, true));
        prop_assert_eq!(html_structure(&a), html_structure(&b), "{}", b);
        for format in ["json", "har"] {
            let text = export(&wild, format, true, true);
            prop_assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok());
        }
    }
}
