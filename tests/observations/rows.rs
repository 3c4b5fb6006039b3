//! Measured rows: one probe of one scenario in one browser each, in the format of
//! facts/browser-observability.json. Read leniently, since files of others may be given: what a row does not
//! say is absent, and a row that is no row is counted.

use serde_json::Value;
use std::collections::BTreeMap;

/// What the page saw of one probe: the row's `js`, and nothing else of it.
pub struct Seen(Value);

/// All rows of one browser, one page and one scenario.
pub struct Group {
    pub browser: String,
    pub page: String,
    pub page_url: String,
    pub scenario: String,
    /// The address that every probe of the scenario asked.
    pub target: String,
    /// Codes of acceptable causes, where the file itself says them.
    pub expect: Option<Vec<String>>,
    /// The state of each permission of the page, where measured.
    pub permissions: Option<Seen>,
    seen: BTreeMap<String, Seen>,
}

/// A file of rows.
pub struct File {
    pub groups: Vec<Group>,
    /// Rows that could not be read.
    pub unread: usize,
}

impl Seen {
    fn at(&self, path: &str) -> Option<&Value> {
        self.0.pointer(path).filter(|value| !value.is_null())
    }

    pub fn is(&self, path: &str) -> bool {
        self.at(path).and_then(Value::as_bool) == Some(true)
    }

    pub fn has(&self, path: &str) -> bool {
        self.at(path).is_some()
    }

    pub fn text(&self, path: &str) -> &str {
        self.at(path).and_then(Value::as_str).unwrap_or_default()
    }

    pub fn number(&self, path: &str) -> Option<f64> {
        self.at(path).and_then(Value::as_f64)
    }

    pub fn list(&self, path: &str) -> impl Iterator<Item = Seen> + '_ {
        let list = self.at(path).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        list.iter().map(|value| Seen(value.clone()))
    }

    /// True when an answer arrived that the page may read.
    pub fn is_readable(&self) -> bool {
        self.is("/resolved") && self.text("/type") == "cors"
    }
}

impl Group {
    pub fn saw(&self, probe: &str) -> Option<&Seen> {
        self.seen.get(probe)
    }

    pub fn all(&self) -> impl Iterator<Item = &Seen> {
        self.seen.values()
    }

    /// Its name in the table.
    pub fn name(&self) -> String {
        if self.page == "main" { self.scenario.clone() } else { format!("{}: {}", self.page, self.scenario) }
    }
}

impl File {
    pub fn read(text: &str) -> File {
        let rows: Vec<Value> = serde_json::from_str(text).expect("a list of rows");
        let mut file = File { groups: Vec::new(), unread: 0 };
        let mut permissions: Vec<(String, String, Value)> = Vec::new();
        for row in rows {
            let text = |name: &str| row.get(name).and_then(Value::as_str).map(str::to_owned);
            let named = (text("browser"), text("page"), text("scenario"), text("probe"), row.get("js"));
            let (Some(browser), Some(page), Some(scenario), Some(probe), Some(js)) = named else {
                file.unread += 1;
                continue;
            };
            let js = js.clone();
            if probe == "permissions_query" {
                permissions.push((browser, page, js));
                continue;
            }
            let Some(target) = text("target") else {
                file.unread += 1;
                continue;
            };
            let expect = row.get("expect").and_then(Value::as_array).map(|codes| {
                codes.iter().filter_map(|code| code.as_str().map(str::to_owned)).collect::<Vec<_>>()
            });
            let same = |group: &&mut Group| {
                (&group.browser, &group.page, &group.scenario) == (&browser, &page, &scenario)
            };
            let group = match file.groups.iter_mut().find(same) {
                Some(group) => group,
                None => {
                    file.groups.push(Group {
                        browser,
                        page,
                        page_url: text("page_url").unwrap_or_default(),
                        scenario,
                        target,
                        expect: None,
                        permissions: None,
                        seen: BTreeMap::new(),
                    });
                    file.groups.last_mut().expect("just pushed")
                }
            };
            group.expect = group.expect.take().or(expect);
            // Of a repeated probe the first counts: later ones met caches.
            group.seen.entry(probe).or_insert(Seen(js));
        }
        for group in &mut file.groups {
            let same = permissions
                .iter()
                .find(|(browser, page, _)| (browser, page) == (&group.browser, &group.page));
            group.permissions = same.map(|(_, _, js)| Seen(js.clone()));
        }
        file
    }

    /// The first row of a probe in a scenario of a browser's ordinary page.
    pub fn known(&self, browser: &str, scenario: &str, probe: &str) -> Option<&Seen> {
        let same = |group: &&Group| group.browser == browser && group.scenario == scenario;
        self.groups.iter().filter(same).find_map(|group| group.saw(probe))
    }

    /// True when any row of this browser and page shows that a server answered it.
    pub fn anything_answers(&self, group: &Group) -> bool {
        let same = |other: &&Group| (&other.browser, &other.page) == (&group.browser, &group.page);
        self.groups.iter().filter(same).flat_map(Group::all).any(|seen| seen.is("/resolved"))
    }
}
