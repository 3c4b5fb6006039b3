//! The address that opens a new issue in a tracker, filled in. What stands in it is the Markdown of the preview.

use super::markdown;
use crate::report::Shareable;

/// Characters of the address at the most: servers refuse longer ones.
const LONGEST: usize = 7_500;

/// `tracker` comes from `preflight.json`. It says itself where title and text belong (`{title}`, `{body}`); otherwise
/// they are added as GitHub and others read them.
pub fn address(tracker: &str, shareable: &Shareable) -> String {
    let title: String = markdown::headline(shareable.report()).chars().take(120).collect();
    let text = markdown::write(shareable);
    let template = if tracker.contains("{body}") {
        tracker.to_owned()
    } else {
        [tracker, if tracker.contains('?') { "&" } else { "?" }, "title={title}&body={body}"].concat()
    };
    let without = template.replace("{title}", &escaped(&title));
    let room = LONGEST.saturating_sub(without.len());
    without.replace("{body}", &cut(&text, room))
}

/// As much as has room, in whole lines, with a word where something is missing. A fence that is cut is closed.
fn cut(text: &str, room: usize) -> String {
    let whole = escaped(text);
    if whole.len() <= room {
        return whole;
    }
    const REST: &str = "\n\nThe rest had no room in a link. Please attach the file.\n";
    let spare = escaped(REST).len() + escaped("\n``````````\n").len();
    let (mut out, mut fence) = (String::new(), None);
    for line in text.lines() {
        let piece = escaped(&[line, "\n"].concat());
        if out.len() + piece.len() + spare > room {
            break;
        }
        let marks: String = line.trim_start().chars().take_while(|c| *c == '`').collect();
        if marks.len() >= 3 {
            fence = if fence.is_some() { None } else { Some(marks) };
        }
        out.push_str(&piece);
    }
    if let Some(marks) = fence {
        out.push_str(&escaped(&[&marks, "\n"].concat()));
    }
    out.push_str(&escaped(REST));
    out
}

/// Every byte that is not unreserved (RFC 3986) as `%XX`.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Report, Switches};

    fn frozen() -> Shareable {
        let report: Report =
            serde_json::from_str(include_str!("../../tests/fixtures/report-1.json")).expect("a report");
        Shareable::new(report, Switches::ALL)
    }

    #[test]
    fn title_and_text_stand_where_the_tracker_wants_them() {
        let plain = address("https://tracker.example/new", &frozen());
        assert!(
            plain.starts_with("https://tracker.example/new?title=Most%20likely%20the%20registry"),
            "{plain}"
        );
        let own =
            address("https://t.example/i?issue[title]={title}&issue[description]={body}&labels=a", &frozen());
        assert!(
            own.starts_with("https://t.example/i?issue[title]=Most%20likely%20the%20registry")
                && own.ends_with("&labels=a")
        );
        assert!(plain.len() < LONGEST && own.len() < LONGEST);
    }

    #[test]
    fn what_is_too_long_is_cut_between_lines_and_outside_of_code() {
        let text = "a line\n````\nin code\n".to_owned() + &"more code\n".repeat(500) + "````\n";
        let cut = cut(&text, 1_000);
        assert!(cut.len() <= 1_000);
        assert!(cut.contains(&escaped("more code\n````\n\n\nThe rest had no room")), "{cut}");
    }
}
