//! Which browser a user agent's name speaks of: an enumeration, so that a report cannot put words of its own there.

/// As it stands in the name, and as people call it. Those that contain others' names come first.
const FAMILIES: [(&str, &str); 7] = [
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Version/", "Safari or WebKit"),
];
const SYSTEMS: [(&str, &str); 7] = [
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
];

fn family(user_agent: &str) -> Option<(&'static str, &'static str, &str)> {
    FAMILIES.into_iter().find_map(|(mark, name)| {
        let rest = user_agent.split(mark).nth(1)?;
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        Some((mark, name, rest.get(..end.min(6))?))
    })
}

fn system(user_agent: &str) -> Option<(&'static str, &'static str)> {
    SYSTEMS.into_iter().find(|(mark, _)| user_agent.contains(mark))
}

/// The part of it that [`named`] reads.
pub fn short(user_agent: &str) -> String {
    let (mark, _, version) = family(user_agent).unwrap_or_default();
    [mark, version, " ", system(user_agent).unwrap_or_default().0].concat().trim().to_owned()
}

/// "Firefox 140 on Linux", as far as it can be told.
pub fn named(user_agent: &str) -> String {
    let browser = match family(user_agent) {
        Some((_, name, version)) => [name, " ", version].concat(),
        None => "a browser".to_owned(),
    };
    match system(user_agent) {
        Some((_, name)) => [&browser, " on ", name].concat(),
        None => browser,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_names_and_their_short_forms() {
        for (user_agent, name) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/120.0.0.0 Safari/537.36",
                "Chrome 120 on Linux",
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
                "Firefox 140 on Linux",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15",
                "Safari or WebKit 17 on macOS",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0",
                "Edge 131 on Windows",
            ),
            ("Firefox/<b>trust me</b>", "Firefox "),
            ("Trust me, your key is safe", "a browser"),
        ] {
            assert_eq!(named(user_agent), name);
            assert_eq!(named(&short(user_agent)), name);
        }
    }
}
