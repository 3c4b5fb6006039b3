//! Plain lines of whatever a terminal leaves in the clipboard: colours, links, carriage returns and Windows line ends
//! are taken off.

use super::Unreadable;

/// Characters that are read of a paste.
pub const READ: usize = 1_000_000;
/// Characters that are kept of one line.
const LINE: usize = 20_000;

/// The lines of a paste.
pub fn lines(text: &str) -> Result<Vec<String>, Unreadable> {
    let mut lines = vec![String::new()];
    let mut length = 0;
    let (mut strange, mut all) = (0_usize, 0_usize);
    let mut characters = text.chars().take(READ).peekable();
    while let Some(c) = characters.next() {
        all += 1;
        match c {
            '\r' | '\n' => {
                // Terminals put a carriage return in front of each line end, also of one that has its own.
                while c == '\r' && characters.peek() == Some(&'\r') {
                    characters.next();
                }
                if c == '\r' && characters.peek() == Some(&'\n') {
                    characters.next();
                }
                lines.push(String::new());
                length = 0;
            }
            '\u{1b}' => skip_escape(&mut characters),
            '\t' => length += keep(&mut lines, ' ', length),
            // What PowerShell writes into files is UTF-16.
            '\0' | '\u{feff}' => {}
            '\u{fffd}' | '\u{7f}' => strange += 1,
            c if c.is_control() => strange += 1,
            '\u{a0}' => length += keep(&mut lines, ' ', length),
            c => length += keep(&mut lines, c, length),
        }
    }
    if lines.iter().all(|line| line.trim().is_empty()) {
        return Err(if strange > 0 { Unreadable::Binary } else { Unreadable::Empty });
    }
    if strange * 20 > all { Err(Unreadable::Binary) } else { Ok(lines) }
}

fn keep(lines: &mut [String], c: char, length: usize) -> usize {
    match lines.last_mut() {
        Some(line) if length < LINE => {
            line.push(c);
            1
        }
        _ => 0,
    }
}

/// Skips what follows an escape character: `[ … letter` for colours, `] … BEL` for links and titles.
fn skip_escape(characters: &mut core::iter::Peekable<impl Iterator<Item = char>>) {
    match characters.peek() {
        Some('[') => {
            characters.next();
            while let Some(&c) = characters.peek() {
                if c == '\n' || c == '\u{1b}' {
                    return;
                }
                characters.next();
                if ('\u{40}'..='\u{7e}').contains(&c) {
                    return;
                }
            }
        }
        Some(']') => {
            while let Some(&c) = characters.peek() {
                if c == '\n' {
                    return;
                }
                characters.next();
                match c {
                    '\u{7}' => return,
                    '\u{1b}' => {
                        if characters.peek() == Some(&'\\') {
                            characters.next();
                        }
                        return;
                    }
                    _ => {}
                }
            }
        }
        Some(&c) if !c.is_control() => {
            characters.next();
        }
        _ => {}
    }
}

/// A line without the progress that curl prints into it: numbers and times up to the last `--:--:--`.
pub fn without_progress(line: &str) -> &str {
    let rest = match line.rfind("--:--:--") {
        Some(at) => &line[at + 8..],
        None => return line,
    };
    rest.trim_start_matches(|c: char| c == ' ' || c == '.' || c == 'k' || c == 'M' || c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_links_and_line_ends_are_taken_off() {
        let text = "\u{1b}[1mServer\u{1b}[0m: x\r\n\u{1b}]8;;http://a/\u{1b}\\http://a/\u{1b}]8;;\u{1b}\\\rnext\u{1b}]0;title\u{7}!";
        assert_eq!(lines(text).expect("text"), ["Server: x", "http://a/", "next!"]);
    }

    #[test]
    fn files_of_powershell_are_text_and_programs_are_not() {
        let wide: String = "curl".chars().flat_map(|c| [c, '\0']).collect();
        assert_eq!(lines(&wide).expect("text"), ["curl"]);
        assert_eq!(lines("\u{7f}ELF\u{2}\u{1}\u{1}\u{fffd}\u{fffd}"), Err(Unreadable::Binary));
        assert_eq!(lines(" \n\t\r\n"), Err(Unreadable::Empty));
    }

    #[test]
    fn progress_is_taken_off_the_line_it_stands_in() {
        let line = "  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0*   Trying 127.0.0.1:1...";
        assert_eq!(without_progress(line), "*   Trying 127.0.0.1:1...");
        assert_eq!(without_progress("* plain"), "* plain");
    }
}
