//! As much Markdown as the catalogue needs: headings, paragraphs, lists and fenced blocks. Any text gives something.

/// A heading with what follows it. The first section of a text has no heading.
pub(super) struct Section<'a> {
    pub(super) title: &'a str,
    pub(super) blocks: Vec<Block<'a>>,
}

/// What follows a heading. Lines of a text and of an item are joined; each comes with its first line as it stands.
pub(super) enum Block<'a> {
    Text(&'a str, String),
    Item(&'a str, String),
    /// The language and the lines of a fenced block.
    Code(&'a str, String),
}

const FENCE: &str = "```";

pub(super) fn sections(text: &str) -> Vec<Section<'_>> {
    let mut all = Vec::new();
    let mut section = Section { title: "", blocks: Vec::new() };
    let mut lines = text.lines();
    // True while the next line of text goes on with the last block.
    let mut goes_on = false;
    while let Some(line) = lines.next() {
        let trimmed = line.trim();
        let continues = core::mem::replace(&mut goes_on, !trimmed.is_empty());
        if let Some(title) = line.strip_prefix("## ") {
            all.push(core::mem::replace(&mut section, Section { title: title.trim(), blocks: Vec::new() }));
            goes_on = false;
        } else if let Some(language) = trimmed.strip_prefix(FENCE) {
            let code: Vec<&str> = lines.by_ref().take_while(|line| line.trim() != FENCE).collect();
            section.blocks.push(Block::Code(language, code.join("\n")));
            goes_on = false;
        } else if let Some(item) = trimmed.strip_prefix("- ") {
            section.blocks.push(Block::Item(item, item.to_owned()));
        } else if trimmed.is_empty() {
            // Ends a paragraph; `goes_on` says so.
        } else if let (true, Some(Block::Text(_, text) | Block::Item(_, text))) =
            (continues, section.blocks.last_mut())
        {
            text.extend([" ", trimmed]);
        } else {
            section.blocks.push(Block::Text(trimmed, trimmed.to_owned()));
        }
    }
    all.push(section);
    all
}

impl<'a> Section<'a> {
    pub(super) fn paragraphs(self) -> Vec<String> {
        let text = |block| if let Block::Text(_, text) = block { Some(text) } else { None };
        self.blocks.into_iter().filter_map(text).collect()
    }

    pub(super) fn items(self) -> impl Iterator<Item = (&'a str, String)> {
        let item = |block| if let Block::Item(first, text) = block { Some((first, text)) } else { None };
        self.blocks.into_iter().filter_map(item)
    }
}
