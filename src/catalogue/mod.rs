//! The words of causes and checks that need no facts to be chosen: what a cause means, what looks the same, how it is
//! mended in each program; why a check matters and what it does not prove. They stand in Markdown, one file per cause
//! (`causes/<code>.md`) and per check (`checks/<id>.md`), and nowhere else. `tools/catalogue.sh` puts the files
//! together to one, which lies beside the page and is read before a run: so the page itself stays small. From the
//! same files `make docs` writes `docs/troubleshooting.md` and `docs/checks.md`.
//!
//! Titles, owners, headlines, the command that tells, and fixes that depend on what was seen stand in Rust, in
//! [`crate::diagnosis::causes`] and [`crate::checks`]: a verdict can be read without this room.
//!
//! # The form of a cause
//!
//! ````text
//! What it means, in one or more paragraphs.
//!
//! ## Looks the same
//!
//! - `another-code`: What would tell, a sentence.
//!
//! ## nginx
//!
//! What to do, a sentence. A section is a card: its heading says whom or which program it is for.
//!
//! ```nginx
//! add_header Access-Control-Allow-Origin {page-origin} always;
//! ```
//!
//! [Its documentation](https://…), not tried here.
//!
//! ## As for cors-not-allowed
//! ````
//!
//! The last line takes over the cards of another cause, for programs that have no card of their own here. A card has
//! at most one block to copy. The line with the link is for cards that no test of ours has tried (and says so); a card
//! that was tried may have the link without those words. Sentences may have `code` in backquotes, and no other markup.
//!
//! # The form of a check
//!
//! A section `## Why it matters` and a section `## What it does not prove`.
//!
//! # Placeholders
//!
//! A name with a hyphen in braces (`{page-origin}`) stands for a value of the user; [`crate::diagnosis::fix::value`] is
//! the list. In a block it is written without quotes: it becomes one word, quoted for the language of the block
//! ([`fill`]). A card with a value that the deployment does not have is left out.

mod fill;
mod markdown;

pub use fill::fill;
use markdown::{Block, Section, sections};

/// Starts the name of each file in what `tools/catalogue.sh` makes.
const MARK: char = '\u{1e}';
const LOOKS_THE_SAME: &str = "Looks the same";
const TAKES_OVER: &str = "As for ";

/// All files, as they lie beside the page. Empty while they are not loaded.
#[derive(Default)]
pub struct Catalogue(String);

/// The words of a cause.
#[derive(Default)]
pub struct CauseWords<'a> {
    /// What it means, in paragraphs.
    pub explanation: Vec<String>,
    /// Codes of what looks the same to a page at times, each with what would tell.
    pub look_alikes: Vec<(&'a str, String)>,
    /// How to mend it.
    pub cards: Vec<Card<'a>>,
}

/// A way to mend a cause, with placeholders.
pub struct Card<'a> {
    /// Whom or which program it is for.
    pub whom: &'a str,
    /// What to do.
    pub text: String,
    /// What to copy: the language and the text.
    pub code: Option<(&'a str, String)>,
    /// Where its vendor documents it.
    pub source: Option<&'a str>,
    /// False when it says itself that no test of ours has tried it.
    pub tried: bool,
}

impl Catalogue {
    /// Takes what `tools/catalogue.sh` makes; `None` for something else, such as a page in the place of a file that is
    /// missing.
    pub fn read(text: String) -> Option<Catalogue> {
        text.starts_with(MARK).then_some(Catalogue(text))
    }

    fn file(&self, name: &str) -> Option<&str> {
        self.0.split(MARK).find_map(|file| file.strip_prefix(name)?.strip_prefix('\n'))
    }

    /// The words of a cause; `None` for a code that has none.
    pub fn cause(&self, code: &str) -> Option<CauseWords<'_>> {
        let mut words = CauseWords::default();
        let mut takes_over = None;
        for section in sections(self.file(&["causes/", code].concat())?) {
            if section.title.is_empty() {
                words.explanation = section.paragraphs();
            } else if section.title == LOOKS_THE_SAME {
                words.look_alikes = section.items().filter_map(look_alike).collect();
            } else if let Some(other) = section.title.strip_prefix(TAKES_OVER) {
                takes_over = Some(other);
            } else {
                words.cards.push(card(section));
            }
        }
        if let Some(text) = takes_over.and_then(|other| self.file(&["causes/", other].concat())) {
            for section in sections(text).into_iter().filter(Section::is_card) {
                if !words.cards.iter().any(|card| card.whom == section.title) {
                    words.cards.push(card(section));
                }
            }
        }
        Some(words)
    }

    /// A section of a check: [`WHY`] or [`DOES_NOT_PROVE`]. Empty when it has none.
    pub fn check(&self, id: &str, title: &str) -> String {
        let text = self.file(&["checks/", id].concat()).unwrap_or_default();
        let section = sections(text).into_iter().find(|section| section.title == title);
        section.map(|section| section.paragraphs().join(" ")).unwrap_or_default()
    }
}

/// The section of a check that says why it matters.
pub const WHY: &str = "Why it matters";
/// The section of a check that says what a pass does not prove.
pub const DOES_NOT_PROVE: &str = "What it does not prove";

/// "`code`: what would tell."
fn look_alike(item: (&str, String)) -> Option<(&str, String)> {
    let code = item.0.strip_prefix('`')?.split('`').next()?;
    Some((code, item.1.split_once(": ")?.1.to_owned()))
}

fn card(section: Section<'_>) -> Card<'_> {
    let mut card = Card { whom: section.title, text: String::new(), code: None, source: None, tried: true };
    for block in section.blocks {
        match block {
            Block::Code(language, text) => card.code = Some((language, text)),
            Block::Text(first, text) => {
                match first.strip_prefix('[').and_then(|rest| rest.split_once("](")) {
                    Some((_, rest)) => {
                        card.source = rest.split(')').next();
                        card.tried = !text.contains("not tried here");
                    }
                    None if card.text.is_empty() => card.text = text,
                    None => card.text.extend([" ", &text]),
                }
            }
            Block::Item(_, text) => card.text.extend([" ", &text]),
        }
    }
    card
}

impl Section<'_> {
    fn is_card(&self) -> bool {
        !self.title.is_empty() && self.title != LOOKS_THE_SAME && !self.title.starts_with(TAKES_OVER)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TEXT: &str = "\u{1e}causes/a\nIt means\nthis.\n\nAnd that.\n\n## Looks the same\n\n- `b`: Look at\n  the log.\n\n\
        ## nginx\n\nAdd this:\n\n```nginx\n## no heading\nadd_header A {page-origin};\n```\n\n\
        [Documentation](https://nginx.org/x), not tried here.\n\n## As for b\n\u{1e}causes/b\nOther.\n\n## nginx\n\nNot this.\n\n## Caddy\n\nThis.\n\
        \u{1e}checks/c\n## Why it matters\n\nBecause.\n\n## What it does not prove\n\nThe rest.\n";

    #[test]
    fn the_parts_of_a_cause_are_found() {
        let catalogue = Catalogue::read(TEXT.to_owned()).unwrap();
        let words = catalogue.cause("a").unwrap();
        assert_eq!(words.explanation, ["It means this.", "And that."]);
        assert_eq!(words.look_alikes, [("b", "Look at the log.".to_owned())]);
        let [nginx, caddy] = &words.cards[..] else { panic!("{}", words.cards.len()) };
        assert_eq!((nginx.whom, nginx.text.as_str(), nginx.tried), ("nginx", "Add this:", false));
        let code = "## no heading\nadd_header A {page-origin};".to_owned();
        assert_eq!(nginx.code, Some(("nginx", code)));
        assert_eq!(nginx.source, Some("https://nginx.org/x"));
        assert_eq!((caddy.whom, caddy.text.as_str(), caddy.tried), ("Caddy", "This.", true));
        assert!(catalogue.cause("c").is_none());
    }

    #[test]
    fn the_parts_of_a_check_are_found() {
        let catalogue = Catalogue::read(TEXT.to_owned()).unwrap();
        assert_eq!(catalogue.check("c", WHY), "Because.");
        assert_eq!(catalogue.check("c", DOES_NOT_PROVE), "The rest.");
        assert_eq!(Catalogue::default().check("c", WHY), "");
    }

    proptest! {
        /// Any text is survived, also one that is nearly right.
        #[test]
        fn any_text_is_survived(parts in prop::collection::vec("\u{1e}causes/a\n|\n|## |As for a|- |`b`: |```|x|\\[|\\]\\(|\\)|\\PC", 0..40)) {
            let catalogue = Catalogue(parts.concat());
            let _ = catalogue.cause("a").map(|words| words.cards.len());
            let _ = catalogue.check("a", WHY);
        }
    }
}
