//! A simulated world for native tests: servers described by their answers, and a browser that shows of them
//! what Chromium shows a page (facts: docs/what-browsers-show.md). The real engines are driven by
//! tests/browser.rs; this one makes hundreds of runs in a second.

use preflight::deployment::credential::Presented;
use preflight::deployment::{AuthScheme, AuthService, Base, Deployment, Host, KeyShape, Origin, key, redact};
use preflight::diagnosis::{Confidence, Verdict};
use preflight::engine;
use preflight::probe::{Answer, Body, Entry, Observation, Probe, Saw, Way};
use preflight::run::{Environment, Event, Limits, Phase, Run};

/// What a server answers.
#[derive(Clone)]
pub struct Reply {
    pub status: u16,
    pub kind: &'static str,
    pub text: String,
    pub cors: bool,
    /// A `Date` header that the page may read; none if empty.
    pub date: &'static str,
    /// Further headers that the page may read.
    pub more: Vec<(String, String)>,
    /// Whether a file came back as it was uploaded, where that is looked at.
    pub matches: Option<bool>,
}

impl Reply {
    pub fn at(self, date: &'static str) -> Reply {
        Reply { date, ..self }
    }

    pub fn json(status: u16, text: &str) -> Reply {
        Reply { kind: "application/json", ..Reply::text(status, text) }
    }

    pub fn text(status: u16, text: &str) -> Reply {
        let text = text.to_owned();
        Reply { status, kind: "text/plain", text, cors: true, date: "", more: Vec::new(), matches: None }
    }

    pub fn html(status: u16, text: &str) -> Reply {
        Reply { kind: "text/html", ..Reply::text(status, text) }
    }

    pub fn bare(self) -> Reply {
        Reply { cors: false, ..self }
    }
}

/// What happens to a request.
#[derive(Clone)]
pub enum Fate {
    Reply(Reply),
    /// A redirect with CORS headers, where it leads, and what is answered there.
    Redirect(&'static str, Reply),
    Refused,
    Silent,
}

/// A deployment as the simulated browser meets it.
pub struct World {
    pub registry: fn(&Probe) -> Fate,
    pub auth: Option<fn(&Probe) -> Fate>,
    /// What the registry does with OPTIONS: true lets the request through.
    pub preflight: fn(&Probe) -> bool,
    pub scheme: AuthScheme,
    pub key: &'static str,
    pub on_line: bool,
    /// What the browser says of the permission to use the local network.
    pub local_network: Option<&'static str>,
    pub page_secure: bool,
    /// Where the page is, if not at the usual place.
    pub page: Option<Origin>,
    pub registry_origin: Origin,
    pub service_id: Option<&'static str>,
    /// The environment whose keys the deployment takes.
    pub environment: Option<&'static str>,
    /// Further health paths, and whether the auth service has a root.
    pub health_paths: &'static [&'static str],
    /// The page's own server tells the time.
    pub page_date: &'static str,
    /// `preflight.json` names the path for this host.
    pub path_is_listed: bool,
    /// Pages may send cookies to the registry and read the answer.
    pub cookies: bool,
    pub open_path: &'static str,
    pub oracle: bool,
    /// Every answer takes two seconds.
    pub slow: bool,
    /// How long the registry takes to answer the key, milliseconds.
    pub judging_ms: u32,
    /// The user wants to look closer.
    pub closer: bool,
}

/// How long an answer takes, milliseconds.
const USUAL_MS: u32 = 5;
/// When every run starts, as servers write it.
pub const NOW: &str = "Thu, 01 Jan 2026 00:00:00 GMT";

pub const KEY: &str = "pf_live_MADEUPKEYFORTESTSMADEUPKEYFORTES";

pub fn origin(host: &str) -> Origin {
    Origin { secure: true, host: host.into(), port: 443 }
}

impl Default for World {
    fn default() -> World {
        World {
            registry: healthy_registry,
            auth: Some(healthy_auth),
            preflight: |_| true,
            scheme: AuthScheme::Bearer,
            key: KEY,
            on_line: true,
            local_network: None,
            page_secure: true,
            page: None,
            registry_origin: origin("registry.example"),
            service_id: Some("platform"),
            environment: None,
            health_paths: &[],
            page_date: NOW,
            path_is_listed: false,
            cookies: true,
            open_path: "/health",
            oracle: true,
            slow: false,
            judging_ms: USUAL_MS,
            closer: false,
        }
    }
}

pub fn healthy_registry(probe: &Probe) -> Fate {
    Fate::Reply(match (probe.target.path_only(), probe.presented) {
        ("/health", _) => Reply::json(200, "{\"status\":\"healthy\"}"),
        (_, Presented::Nothing) => Reply::json(401, "{\"detail\":\"API key required\"}"),
        (_, Presented::Fake) => Reply::json(401, "{\"detail\":\"Invalid or expired API key\"}"),
        ("/api/mlflow/version", _) => Reply::html(200, "3.17.2"),
        ("/api/mlflow/api/2.0/mlflow/experiments/search", _) => Reply::json(200, EXPERIMENTS),
        (path, _) if LISTS.iter().any(|end| path.strip_prefix("/api/mlflow/") == Some(end)) => {
            Reply::json(200, "{}")
        }
        ("/api/mlflow/health", _) => Reply::text(200, "OK"),
        _ => Reply::json(404, "{\"detail\":\"Not Found\"}"),
    })
}

/// What else a healthy MLflow answers, with nothing in it.
const LISTS: [&str; 7] = [
    "api/2.0/mlflow-artifacts/artifacts",
    "api/2.0/mlflow/registered-models/search",
    "api/2.0/mlflow/model-versions/search",
    "api/2.0/mlflow/runs/search",
    "api/2.0/mlflow/logged-models/search",
    "api/3.0/mlflow/server-info",
    "graphql",
];

/// What MLflow's experiment search says.
pub const EXPERIMENTS: &str = "{\"experiments\":[{\"experiment_id\":\"0\",\"name\":\"Default\",\"artifact_location\":\"mlflow-artifacts:/0\"}]}";

pub fn healthy_auth(probe: &Probe) -> Fate {
    Fate::Reply(match (probe.target.path_only(), probe.presented) {
        ("/health", _) => Reply::json(200, "{\"status\":\"ok\"}"),
        (_, Presented::Key) => Reply::json(200, "{\"is_valid\":true,\"service_id\":\"platform\"}"),
        // It looks into the header alone.
        (_, Presented::Nothing | Presented::KeyInBody) => {
            Reply::json(401, "{\"detail\":\"API key required\"}")
        }
        _ => Reply::json(401, "{\"detail\":\"Invalid or expired API key\"}"),
    })
}

fn headers(reply: &Reply) -> Vec<(String, String)> {
    let mut headers = vec![("content-type".into(), reply.kind.into())];
    if !reply.date.is_empty() {
        headers.push(("date".into(), reply.date.into()));
    }
    headers.extend(reply.more.iter().cloned());
    headers
}

/// What a run came to.
#[derive(Debug)]
pub struct Outcome {
    pub run: Run,
    pub overall: &'static str,
    pub certain: Vec<String>,
    pub shortlist: Vec<String>,
    pub probes: Vec<String>,
}

impl World {
    /// The run before anything was asked.
    pub fn start(&self) -> Run {
        let prefix = |prefix: &str, environment: &str| key::KeyPrefix {
            prefix: prefix.into(),
            environment: environment.into(),
        };
        let prefixes = vec![prefix("pf_live_", "production"), prefix("pf_test_", "test")];
        // Tokens have no prefix of their own.
        let prefixes = if self.key.starts_with("eyJ") { Vec::new() } else { prefixes };
        let environment = self.environment.map(str::to_owned);
        let shape = KeyShape { prefixes, environment, ..KeyShape::default() };
        let (_, reading) = key::read(self.key, Some(&shape), self.scheme == AuthScheme::Basic);
        let deployment = Deployment {
            mlflow: Base { origin: self.registry_origin.clone(), path: "/api/mlflow".into() },
            path_is_listed: self.path_is_listed,
            auth: self.auth.map(|_| AuthService {
                base: Base { origin: origin("auth.example"), path: String::new() },
                health_path: "/health".into(),
                validate_path: "/api/v1/keys/validate".into(),
                root_path: (!self.health_paths.is_empty()).then(|| "/".into()),
                service_ids: Vec::new(),
                fields: Vec::new(),
            }),
            scheme: self.scheme.clone(),
            own_header: None,
            service_id: self.service_id.map(str::to_owned),
            open_path: self.open_path.into(),
            health_paths: self.health_paths.iter().map(|path| (*path).to_owned()).collect(),
            key_shape: Some(shape),
        };
        let environment = Environment {
            page_origin: self
                .page
                .clone()
                .unwrap_or(Origin { secure: self.page_secure, ..origin("page.example") }),
            page_folder: "/".into(),
            on_line: self.on_line,
            local_network: self.local_network.map(str::to_owned),
            user_agent: "simulated".into(),
            nonce: "n0nce".into(),
            started_at: "2026-01-01T00:00:00Z".into(),
        };
        let mut run = Run::new(deployment, environment, Limits::default(), reading);
        run.closer = self.closer;
        run
    }

    fn fate(&self, probe: &Probe) -> Fate {
        match probe.host {
            Host::Page if !self.on_line => Fate::Refused,
            Host::Page if probe.target.path.contains("no-such-file") => {
                Fate::Reply(Reply::text(404, "Not Found"))
            }
            Host::Page => Fate::Reply(Reply::json(200, "{}").at(self.page_date)),
            Host::Registry => (self.registry)(probe),
            Host::Auth => self.auth.map_or(Fate::Refused, |auth| auth(probe)),
        }
    }

    /// What Chromium shows a page.
    fn saw(&self, probe: &Probe) -> Saw {
        let mut landed = None;
        let reply = match self.fate(probe) {
            Fate::Silent => return Saw::TimedOut,
            Fate::Refused if matches!(probe.way, Way::Cors | Way::Manual | Way::Shared | Way::NoCors) => {
                return Saw::NetworkError;
            }
            Fate::Refused if probe.way == Way::WebSocket => return Saw::Closed(1006),
            Fate::Refused if probe.way == Way::Frame => return Saw::Loaded,
            Fate::Refused => return Saw::Errored,
            Fate::Redirect(_, _) if probe.way == Way::Manual || probe.presented != Presented::Nothing => {
                return Saw::OpaqueRedirect;
            }
            Fate::Redirect(to, reply) => {
                landed = Some(to.to_owned());
                reply
            }
            Fate::Reply(reply) => reply,
        };
        match probe.way {
            Way::NoCors => Saw::Opaque,
            Way::Prefetch if self.oracle => {
                if (200..300).contains(&reply.status) {
                    Saw::Loaded
                } else {
                    Saw::Errored
                }
            }
            // Chromium loads its own page for what does not answer.
            Way::Prefetch | Way::Object | Way::Frame => Saw::Loaded,
            Way::WebSocket => Saw::Closed(1006),
            Way::Cors | Way::Manual | Way::Shared => {
                let same_origin = probe.host == Host::Page;
                let asked = probe.host == Host::Registry && probe.is_preflighted();
                if probe.has_cookies() && !self.cookies {
                    return Saw::NetworkError;
                }
                if !same_origin && (!reply.cors || asked && !(self.preflight)(probe)) {
                    return Saw::NetworkError;
                }
                Saw::Answer(Answer {
                    status: reply.status,
                    landed,
                    queued_ms: None,
                    headers: headers(&reply),
                    body: Body {
                        bytes: reply.text.len() as u32,
                        // As the page writes answers down: so redaction must change no verdict.
                        text: redact::text(&reply.text, &[]),
                        complete: true,
                        broken: false,
                        matches: reply.matches,
                        took_ms: None,
                    },
                })
            }
        }
    }

    /// Runs to the end, as the page's loop does.
    pub fn run(&self) -> Outcome {
        self.go_on(self.start())
    }

    /// A run whose answers come in the order that `pick` makes: it is given how many are out. `look` sees the run after each of
    /// them, as a page does that shows what is known so far.
    #[allow(dead_code, reason = "tests/order.rs alone needs it")]
    pub fn run_in_order(&self, mut pick: impl FnMut(usize) -> usize, mut look: impl FnMut(&Run)) -> Run {
        let mut run = self.start();
        let mut out = Vec::new();
        let mut now = 0;
        loop {
            for probe in engine::next(&run) {
                run.apply(Event::Sent(probe.clone()));
                out.push((now, probe));
            }
            if out.is_empty() {
                break;
            }
            let (start_ms, probe) = out.swap_remove(pick(out.len()) % out.len());
            // Browsers round their clocks, some to whole milliseconds: many things happen at once.
            now += u32::from(pick(3).is_multiple_of(3));
            let saw = self.saw(&probe);
            let ms = now - start_ms;
            run.apply(Event::Observed(Observation { probe, start_ms, ms, saw, entry: Entry::Unknown }));
            look(&run);
        }
        run.apply(Event::Ended(Phase::Finished));
        look(&run);
        run
    }

    /// Goes on with a run that was started, or that was told to try other ways.
    pub fn go_on(&self, mut run: Run) -> Outcome {
        let mut probes = Vec::new();
        loop {
            let wanted = engine::next(&run);
            if wanted.is_empty() {
                break;
            }
            for probe in wanted {
                probes.push(probe.id.clone());
                run.apply(Event::Sent(probe.clone()));
                let saw = self.saw(&probe);
                let ms = match probe.presented {
                    _ if self.slow => 2_000,
                    Presented::Key if probe.host == Host::Registry => self.judging_ms,
                    _ => USUAL_MS,
                };
                run.apply(Event::Observed(Observation {
                    probe,
                    start_ms: 0,
                    ms,
                    saw,
                    entry: Entry::Unknown,
                }));
            }
        }
        run.apply(Event::Ended(Phase::Finished));
        let verdict = engine::judge(&run).verdict;
        // Answers come in any order, which must decide nothing.
        let mut other_way_round = run.clone();
        other_way_round.observations.reverse();
        let named = |verdict: &Verdict| -> Vec<String> {
            verdict.causes.iter().map(|named| format!("{} {:?}", named.code, named.confidence)).collect()
        };
        assert_eq!(named(&verdict), named(&engine::judge(&other_way_round).verdict), "{probes:?}");
        let with = |certain: bool| {
            let named =
                verdict.causes.iter().filter(|named| (named.confidence == Confidence::Certain) == certain);
            named.map(|named| named.code.clone()).collect()
        };
        Outcome { overall: verdict.overall.name(), certain: with(true), shortlist: with(false), probes, run }
    }
}
