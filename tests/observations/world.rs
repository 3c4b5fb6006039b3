//! A run in a measured world: what the planner asks is answered with what a real browser showed to the same
//! question.
//!
//! A scenario measured one address, so it stands for every path of the registry. The page's own origin, which
//! the rows did not ask, is answered as the same browser answers for a healthy server (`ok_cors`) and for a
//! missing page (`err404_nocors`). The run sees only `js`, the two addresses, and the permissions; never the
//! scenario's name.

use super::rows::{File, Group, Seen};
use preflight::deployment::credential::Presented;
use preflight::deployment::{AuthScheme, Base, Deployment, Host, Origin, key};
use preflight::diagnosis::Verdict;
use preflight::engine;
use preflight::probe::{Answer, Body, Entry, Method, Observation, Probe, Saw, Way};
use preflight::run::{Environment, Event, Limits, Phase, Run};

/// What became of a scenario.
pub enum Outcome {
    /// The form refuses the address, so there is no run.
    NoForm,
    /// The rows do not even hold the first question of a run.
    NoRows,
    /// A run was judged.
    Judged {
        verdict: Verdict,
        /// Probes of the measurement that the planner would have needed, in the order of asking.
        missing: Vec<&'static str>,
    },
}

/// A scenario in a browser, and where that browser's healthy rows are found.
pub struct World<'a> {
    pub group: &'a Group,
    /// The group's own file first, then the one that is shipped.
    pub files: [&'a File; 2],
}

const NOT_MEASURED: &str = "not measured";

impl World<'_> {
    /// Runs to the end, as the page's loop does. Time passes only when nothing else can happen: what is
    /// silent is first waited for, and ends last.
    pub fn run(&self) -> Outcome {
        let (Some(registry), Some(page_origin)) = (origin(&self.group.target), origin(&self.group.page_url))
        else {
            return Outcome::NoForm;
        };
        if self.group.saw("fetch_get").is_none() {
            return Outcome::NoRows;
        }
        let mut run = self.start(registry, page_origin);
        let mut missing = Vec::new();
        let mut silent: Vec<Observation> = Vec::new();
        let mut waited = 0;
        loop {
            let wanted = engine::next(&run);
            let idle = wanted.is_empty();
            for probe in wanted {
                run.apply(Event::Sent(probe.clone()));
                let observation = self.observe(probe, &mut run, &mut missing);
                match observation.saw {
                    Saw::TimedOut => silent.push(observation),
                    _ => run.apply(Event::Observed(observation)),
                }
            }
            if !idle {
                continue;
            }
            if waited < silent.len() {
                for observation in &silent[waited..] {
                    run.apply(Event::Waiting(observation.probe.id.clone()));
                }
                waited = silent.len();
            } else if silent.is_empty() {
                break;
            } else {
                waited = 0;
                silent.drain(..).for_each(|observation| run.apply(Event::Observed(observation)));
            }
        }
        run.apply(Event::Ended(Phase::Finished));
        Outcome::Judged { verdict: engine::judge(&run).verdict, missing }
    }

    fn start(&self, registry: Origin, page_origin: Origin) -> Run {
        let local_network = self.local_network(&registry);
        let deployment = Deployment {
            mlflow: Base { origin: registry, path: String::new() },
            path_is_listed: false,
            auth: None,
            scheme: AuthScheme::Bearer,
            own_header: None,
            service_id: None,
            open_path: "/health".into(),
            health_paths: Vec::new(),
            key_shape: None,
        };
        let environment = Environment {
            page_origin,
            page_folder: "/".into(),
            on_line: !self.is_offline(),
            local_network,
            user_agent: self.group.browser.clone(),
            nonce: "n0nce".into(),
            started_at: "2026-01-01T00:00:00Z".into(),
        };
        let (_, reading) = key::read("MADEUPKEYFORTESTSMADEUPKEYFORTES", None, false);
        Run::new(deployment, environment, Limits::default(), reading)
    }

    fn is_offline(&self) -> bool {
        let off = |seen: &Seen| seen.has("/onLine") && !seen.is("/onLine");
        self.group.all().any(off) || self.group.permissions.as_ref().is_some_and(off)
    }

    /// The permission that `browser::environment` reads, in the same order.
    fn local_network(&self, target: &Origin) -> Option<String> {
        // A file that does not say may be of a page whose user was still being asked; the browser has the permission all
        // the same.
        let known = |group: &&Group| group.browser == self.group.browser && group.permissions.is_some();
        let elsewhere = || self.files.iter().find_map(|file| file.groups.iter().find(known));
        let permissions = self
            .group
            .permissions
            .as_ref()
            .or_else(|| elsewhere().and_then(|group| group.permissions.as_ref()))?;
        let own = if target.is_loopback() { "/loopback-network" } else { "/local-network" };
        let states = ["/local-network-access", own].map(|name| permissions.text(name));
        // An engine without that name has its error there.
        states.into_iter().find(|state| ["granted", "denied", "prompt"].contains(state)).map(str::to_owned)
    }

    fn observe(&self, probe: Probe, run: &mut Run, missing: &mut Vec<&'static str>) -> Observation {
        let (saw, entry, ms) = match self.seen(&probe) {
            Ok(seen) => {
                for event in seen.list("/csp").filter(|event| event.text("/disposition") == "enforce") {
                    run.apply(Event::PolicyBlocked(event.text("/blockedURI").to_owned()));
                }
                let saw = saw(seen, &probe);
                let entry = entry(seen, &saw, probe.way);
                (saw, entry, seen.number("/ms").unwrap_or(0.0).round() as u32)
            }
            Err(Unseen::NoNetwork) => (Saw::NetworkError, Entry::Unknown, 1),
            Err(Unseen::NotMeasured(name)) => {
                if !missing.contains(&name) {
                    missing.push(name);
                }
                (Saw::NotSent(NOT_MEASURED.to_owned()), Entry::Unknown, 0)
            }
        };
        let ms = if saw == Saw::TimedOut { probe.timeout_ms } else { ms };
        Observation { probe, start_ms: 0, ms, saw, entry }
    }

    /// False for a followed request that failed at an address which redirects readably: had it been stopped
    /// at the redirect, as the page does with a key, it might have shown that redirect.
    fn stands_for(&self, probe: &Probe, name: &str, seen: &Seen) -> bool {
        let redirects =
            self.group.saw("fetch_manual").is_some_and(|seen| seen.text("/type") == "opaqueredirect");
        let follows = probe.presented != Presented::Nothing && name == "fetch_auth";
        !(follows && redirects && !seen.is("/resolved"))
    }

    /// The row that answers a probe.
    fn seen(&self, probe: &Probe) -> Result<&Seen, Unseen> {
        let names = measured_as(probe);
        let found = match probe.host {
            Host::Registry => names
                .iter()
                .find_map(|name| self.group.saw(name).filter(|seen| self.stands_for(probe, name, seen))),
            Host::Auth => None,
            Host::Page => {
                // Loopback works offline in some browsers: then other rows of the page show it.
                if self.is_offline() && !self.files[0].anything_answers(self.group) {
                    return Err(Unseen::NoNetwork);
                }
                let oracle = matches!(probe.way, Way::Prefetch | Way::Object | Way::Frame);
                // A scenario without rows of an oracle is one of a browser that lacks it: the next oracle is
                // used.
                let usable = !oracle || names.iter().any(|name| self.group.saw(name).is_some());
                let blocked_port = probe.target.origin.port_is_blocked();
                let known = match &probe.target.path {
                    _ if blocked_port => "blocked_port_6000",
                    path if path.contains("no-such-file") => "err404_nocors",
                    _ => "ok_cors",
                };
                // That a server answers its own page looks alike in every browser; what an oracle shows does not.
                let browsers =
                    [self.group.browser.as_str(), if oracle || blocked_port { "" } else { "chromium" }];
                let known = |browser: &&str| {
                    let of =
                        |name: &&str| self.files.iter().find_map(|file| file.known(browser, known, name));
                    names.iter().copied().find_map(|name| of(&name))
                };
                browsers.iter().filter(|_| usable).find_map(known)
            }
        };
        found.ok_or(Unseen::NotMeasured(names[0]))
    }
}

/// Why no row answers.
enum Unseen {
    NoNetwork,
    NotMeasured(&'static str),
}

/// Which probes of the measurement ask the same as a probe of the page, the closest first.
fn measured_as(probe: &Probe) -> &'static [&'static str] {
    match probe.way {
        Way::NoCors => &["fetch_nocors"],
        Way::Prefetch => &["prefetch"],
        Way::Object => &["object"],
        Way::WebSocket => &["ws"],
        Way::Frame => &["iframe"],
        Way::Manual => &["fetch_manual"],
        // Nothing stood between page and server in the measurement.
        Way::Shared => &["fetch_get"],
        // With a key the page does not follow redirects (browser/fetch.rs).
        Way::Cors if probe.presented != Presented::Nothing => &["fetch_manual_auth", "fetch_auth"],
        Way::Cors => match probe.method {
            Method::Get if probe.headers.is_empty() => &["fetch_get"],
            // The key's own header with nothing in it: whether it is allowed was measured with something in it.
            Method::Get if probe.headers.iter().any(|(_, value)| value.is_empty()) => {
                &["fetch_manual_auth", "fetch_auth"]
            }
            Method::Post if probe.headers.is_empty() => &["fetch_post_text"],
            // A header that needs permission; the measurement sent a JSON content type by POST only.
            Method::Get | Method::Post => {
                let json = probe.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
                if json { &["fetch_post_json", "fetch_hdr"] } else { &["fetch_hdr"] }
            }
            Method::Put => &["fetch_put"],
            Method::Patch => &["fetch_patch"],
            Method::Delete => &["fetch_delete"],
        },
    }
}

/// What the page would take from a row.
fn saw(seen: &Seen, probe: &Probe) -> Saw {
    let is_fetch = matches!(probe.way, Way::Cors | Way::Manual | Way::Shared | Way::NoCors);
    if is_fetch && seen.is("/resolved") {
        return match seen.text("/type") {
            "opaque" => Saw::Opaque,
            "opaqueredirect" => Saw::OpaqueRedirect,
            // A chain that could be read began with a readable redirect, which is where the page stops with a
            // key.
            _ if probe.presented != Presented::Nothing && seen.is("/redirected") => Saw::OpaqueRedirect,
            _ => Saw::Answer(answer(seen)),
        };
    }
    if seen.list("/events").any(|event| event.text("") == "open") {
        return Saw::Opened;
    }
    if seen.is("/timedOut") {
        return Saw::TimedOut;
    }
    match (seen.text("/event"), seen.number("/code")) {
        _ if is_fetch => Saw::NetworkError,
        (_, Some(code)) if probe.way == Way::WebSocket => Saw::Closed(code as u16),
        ("load", _) => Saw::Loaded,
        ("error", _) => Saw::Errored,
        ("throw", _) => Saw::NotSent("The browser refused it.".to_owned()),
        _ => Saw::TimedOut,
    }
}

fn answer(seen: &Seen) -> Answer {
    let kind = seen.text("/rt/contentType");
    let value = |name: &str| if name == "content-type" { kind.to_owned() } else { String::new() };
    let headers =
        seen.list("/headers").map(|name| (name.text("").to_owned(), value(name.text("")))).collect();
    let bytes = seen.number("/bodyLen").unwrap_or(0.0) as u32;
    // Bodies were not kept. All that is known of them is that none is MLflow's, a proxy's or a sign-in
    // page's.
    let text = match (bytes, kind) {
        (0, _) => "",
        (_, kind) if kind.ends_with("json") => "{\"measured\":true}",
        (_, kind) if kind.contains("html") => "<!doctype html><title>measured</title>",
        _ => "measured",
    };
    let cut = seen.has("/bodyErr");
    let broken = cut && !seen.is("/timedOut");
    Answer {
        status: seen.number("/status").unwrap_or(0.0) as u16,
        queued_ms: None,
        landed: seen.is("/redirected").then(String::new),
        headers,
        body: Body { text: text.to_owned(), bytes, complete: !cut, broken, ..Body::default() },
    }
}

/// The timing entry, which the page reads of failed fetches only (browser/send.rs).
fn entry(seen: &Seen, saw: &Saw, way: Way) -> Entry {
    if !matches!(way, Way::Cors | Way::Manual | Way::Shared | Way::NoCors)
        || !matches!(saw, Saw::NetworkError | Saw::TimedOut)
    {
        return Entry::Unknown;
    }
    match seen.number("/rt/duration") {
        Some(duration) if duration > 0.0 => Entry::Positive,
        Some(_) => Entry::Zero,
        None if seen.has("/rt") => Entry::Zero,
        None => Entry::Absent,
    }
}

/// The origin of an address that the form takes.
fn origin(address: &str) -> Option<Origin> {
    let url = url::Url::parse(address).ok()?;
    let sound =
        matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none();
    let host = url.host_str().filter(|_| sound)?.to_owned();
    Some(Origin { secure: url.scheme() == "https", host, port: url.port_or_known_default()? })
}
