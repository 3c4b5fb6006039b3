//! The way from this browser to the artifacts: what is known of each station, and where it breaks.

use super::{Confidence, Named, Verdict};
use crate::deployment::Host;
use crate::probe::{Hop, Observation, Said, Who};
use crate::run::facts::{BASE_CANDIDATES, ask, direct_id};
use crate::run::{Facts, Reach};

/// What is known of a station.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing yet, and the run goes on (or has not begun).
    Pending,
    /// It answered, or was seen at work.
    Answered,
    /// Something behind it answered; of itself nothing was seen.
    Passed,
    /// A certain cause sits here.
    Broken,
    /// A cause of a shortlist sits here.
    Suspected,
    /// It lies behind what is broken.
    NotReached,
    /// The run did not look at it.
    NotAsked,
}

impl State {
    /// The value of `data-state`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Answered => "answered",
            Self::Passed => "passed",
            Self::Broken => "broken",
            Self::Suspected => "suspected",
            Self::NotReached => "not-reached",
            Self::NotAsked => "not-asked",
        }
    }
}

/// A station and what is known of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Station {
    /// Which one.
    pub hop: Hop,
    /// What is known.
    pub state: State,
    /// In a few words.
    pub says: String,
    /// How fast it answered, milliseconds.
    pub ms: Option<u32>,
}

/// The way before anything was asked.
pub fn at_rest() -> Vec<Station> {
    Hop::ALL
        .into_iter()
        .map(|hop| Station { hop, state: State::Pending, says: String::new(), ms: None })
        .collect()
}

/// All stations, in the order of the way, without the auth service when nothing is known of one. Breaks are drawn only when the run has ended: until then a verdict
/// may still change.
pub fn stations(facts: &Facts, verdict: &Verdict) -> Vec<Station> {
    let has_auth =
        facts.deployment.auth.is_some() || breaks(verdict).any(|named| place(named) == Some(Hop::Auth));
    let hops = Hop::ALL.into_iter().filter(|hop| *hop != Hop::Auth || has_auth);
    hops.map(|hop| station(hop, facts, verdict)).collect()
}

/// The second line, which leads to MLflow past the key: known once the other usual paths were asked without one
/// (*Look closer*).
pub fn past_the_key(facts: &Facts) -> Option<(State, String)> {
    let asked = BASE_CANDIDATES.iter().filter(|path| facts.saw(&direct_id(path)).is_some()).count();
    match facts.open_path_past_the_key() {
        Some(path) => Some((State::Broken, format!("MLflow answers without a key at {path}/."))),
        None if asked == 0 => None,
        None => Some((State::NotReached, format!("{asked} other paths were asked, and none is open."))),
    }
}

fn station(hop: Hop, facts: &Facts, verdict: &Verdict) -> Station {
    let seen = seen(hop, facts);
    if facts.running {
        return seen.unwrap_or(Station { hop, state: State::Pending, says: String::new(), ms: None });
    }
    let ms = seen.as_ref().and_then(|station| station.ms);
    if let Some(named) = breaks(verdict).find(|named| place(named) == Some(hop)) {
        let title = named.cause().map_or("", |cause| cause.title);
        return if named.confidence == Confidence::Certain {
            Station { hop, state: State::Broken, says: title.to_owned(), ms }
        } else {
            Station {
                hop,
                state: State::Suspected,
                says: format!("{}: {title}", named.confidence.name()),
                ms,
            }
        };
    }
    if verdict.hidden.contains(&hop) {
        return Station { hop, state: State::NotReached, says: "not reached".to_owned(), ms: None };
    }
    seen.unwrap_or(Station { hop, state: State::NotAsked, says: "not seen".to_owned(), ms: None })
}

/// What is drawn as a break: every certain cause, and of a shortlist its first, so that the eye finds one place.
fn breaks(verdict: &Verdict) -> impl Iterator<Item = &Named> {
    let is_first = |index: usize, named: &Named| {
        !verdict
            .causes
            .iter()
            .take(index)
            .any(|other| other.symptom == named.symptom && other.host == named.host)
    };
    let drawn = verdict.causes.iter().enumerate();
    drawn
        .filter(move |(index, named)| named.confidence == Confidence::Certain || is_first(*index, named))
        .map(|(_, named)| named)
}

/// The station where a cause sits: what goes wrong with the auth service is drawn there, unless it is this
/// browser that goes wrong.
fn place(named: &Named) -> Option<Hop> {
    let hop = named.cause()?.hop;
    Some(if named.host == Host::Auth && hop != Hop::Browser { Hop::Auth } else { hop })
}

/// What was seen of a station itself.
fn seen(hop: Hop, facts: &Facts) -> Option<Station> {
    let station = |state, says: &str, ms| Some(Station { hop, state, says: says.to_owned(), ms });
    let quickest = |host: Host, fits: fn(&Observation) -> bool| {
        facts.of_host(host).filter(|seen| fits(seen)).map(|seen| seen.ms).min()
    };
    let spoke = |wanted: Hop| {
        facts.of_host(Host::Registry).find_map(|seen| {
            let who = Who::of(seen.answer()?);
            // Anything may answer a health path with OK.
            (who.hop() == Some(wanted) && who != Who::MlflowHealth).then_some((who, seen.ms))
        })
    };
    match hop {
        Hop::Browser if facts.environment.on_line => station(State::Answered, "online", None),
        Hop::Browser => station(State::Answered, "says that it is offline", None),
        Hop::Network => {
            let ms = quickest(Host::Registry, Observation::proves_answer)?;
            station(State::Answered, "carries requests", Some(ms))
        }
        Hop::Gateway => match facts.reach(Host::Registry) {
            Reach::Readable => {
                station(State::Answered, "answers", quickest(Host::Registry, |seen| seen.answer().is_some()))
            }
            Reach::Unreadable => station(
                State::Answered,
                "answers, unreadably",
                quickest(Host::Registry, Observation::proves_answer),
            ),
            _ => None,
        },
        Hop::Auth => match facts.reach(Host::Auth) {
            Reach::Readable => {
                station(State::Answered, "answers", quickest(Host::Auth, |seen| seen.answer().is_some()))
            }
            Reach::Unreadable => station(
                State::Answered,
                "answers, unreadably",
                quickest(Host::Auth, Observation::proves_answer),
            ),
            _ => None,
        },
        Hop::Application => match (spoke(Hop::Application), spoke(Hop::Mlflow)) {
            (Some((who, ms)), _) => station(State::Answered, who.name(), Some(ms)),
            (None, Some(_)) => station(State::Passed, "none seen", None),
            _ => None,
        },
        Hop::Mlflow => {
            let (who, ms) = spoke(Hop::Mlflow)?;
            match facts.mlflow_version() {
                Some(version) => station(State::Answered, &format!("MLflow {version}"), Some(ms)),
                None => station(State::Answered, who.name(), Some(ms)),
            }
        }
        Hop::Artifacts => {
            let back = facts
                .writes()
                .find(|seen| seen.answer().is_some_and(|answer| answer.body.matches == Some(true)));
            match (back, facts.saw(ask::ARTIFACTS)) {
                (Some(seen), _) => station(State::Answered, "gives files back", Some(seen.ms)),
                (None, Some(seen)) if facts.said(ask::ARTIFACTS) == Some(Said::Data) => {
                    station(State::Answered, "lists files", Some(seen.ms))
                }
                _ => None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deployment::credential::Presented;
    use crate::deployment::{AuthScheme, AuthService, Base, Deployment, KeyReading, Origin};
    use crate::diagnosis::Overall;
    use crate::diagnosis::symptoms::Kind;
    use crate::probe::{Answer, Body, Entry, Probe, Saw};
    use crate::run::{Environment, Event, Limits, Phase, Run};

    fn origin(host: &str) -> Origin {
        Origin { secure: true, host: host.into(), port: 443 }
    }

    fn run(auth: bool) -> Run {
        let base = |host| Base { origin: origin(host), path: String::new() };
        let service = AuthService {
            base: base("a.example"),
            health_path: "/health".into(),
            validate_path: "/v".into(),
            root_path: None,
            service_ids: Vec::new(),
            fields: Vec::new(),
        };
        let deployment = Deployment {
            mlflow: base("r.example"),
            path_is_listed: false,
            auth: auth.then_some(service),
            scheme: AuthScheme::None,
            own_header: None,
            service_id: None,
            open_path: "/health".into(),
            health_paths: Vec::new(),
            key_shape: None,
        };
        let environment = Environment {
            page_origin: origin("page.example"),
            page_folder: "/".into(),
            on_line: true,
            local_network: None,
            user_agent: String::new(),
            nonce: "n".into(),
            started_at: String::new(),
        };
        Run::new(deployment, environment, Limits::default(), KeyReading::default())
    }

    fn seen(run: &Run, id: &str, status: u16, text: &str) -> Observation {
        let target = run.deployment.mlflow.join("/x");
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        let body = Body { text: text.into(), bytes: 1, complete: true, broken: false, ..Body::default() };
        Observation {
            probe: Probe::get(id, Host::Registry, target, 1000).with(Presented::Nothing),
            start_ms: 0,
            ms: 40,
            saw: Saw::Answer(Answer { status, landed: None, queued_ms: None, headers, body }),
            entry: Entry::Unknown,
        }
    }

    fn named(code: &str, confidence: Confidence, host: Host) -> Named {
        Named { code: code.into(), confidence, host, symptom: Kind::NoAnswer, evidence: Vec::new() }
    }

    fn verdict(causes: Vec<Named>, hidden: Vec<Hop>) -> Verdict {
        Verdict { overall: Overall::Problems, causes, set_aside: Vec::new(), unexplained: Vec::new(), hidden }
    }

    fn states(run: &Run, verdict: &Verdict) -> Vec<(Hop, State)> {
        stations(&run.facts(), verdict).into_iter().map(|station| (station.hop, station.state)).collect()
    }

    #[test]
    fn without_an_auth_service_the_line_goes_past_it() {
        let run = run(false);
        assert!(
            stations(&run.facts(), &verdict(Vec::new(), Vec::new()))
                .iter()
                .all(|station| station.hop != Hop::Auth)
        );
        assert_eq!(at_rest().len(), 7);
    }

    #[test]
    fn while_it_runs_nothing_breaks() {
        let run = run(true);
        let found = verdict(vec![named("host-unreachable", Confidence::Certain, Host::Registry)], Vec::new());
        assert!(
            states(&run, &found).iter().all(|(_, state)| !matches!(state, State::Broken | State::Suspected))
        );
    }

    #[test]
    fn a_break_hides_what_lies_behind() {
        let mut run = run(true);
        run.apply(Event::Ended(Phase::Finished));
        let causes = vec![
            named("gateway-without-backend", Confidence::Likely, Host::Registry),
            named("host-unreachable", Confidence::Possible, Host::Registry),
            named("auth-service-down", Confidence::Certain, Host::Auth),
        ];
        let states = states(&run, &verdict(causes, vec![Hop::Application, Hop::Mlflow]));
        // Of a shortlist only the first is drawn.
        assert_eq!(states[1], (Hop::Network, State::NotAsked));
        assert_eq!(states[2], (Hop::Gateway, State::Suspected));
        assert_eq!(states[3], (Hop::Auth, State::Broken));
        assert_eq!(states[4], (Hop::Application, State::NotReached));
        assert_eq!(states[6], (Hop::Artifacts, State::NotAsked));
    }

    #[test]
    fn artifacts_are_seen_when_files_are_listed() {
        for (text, state) in [("{\"files\":[]}", State::Answered), ("<html>", State::NotAsked)] {
            let mut run = run(false);
            let answer = seen(&run, ask::ARTIFACTS, 200, text);
            run.apply(Event::Observed(answer));
            run.apply(Event::Ended(Phase::Finished));
            assert_eq!(states(&run, &verdict(Vec::new(), Vec::new()))[5], (Hop::Artifacts, state), "{text}");
        }
    }

    #[test]
    fn a_path_past_the_key_is_a_line_of_its_own() {
        let of = |answers: &[(&str, &str)]| {
            let mut run = run(false);
            answers.iter().for_each(|(path, text)| {
                run.apply(Event::Observed(seen(&run, &direct_id(path), 200, text)));
            });
            past_the_key(&run.facts())
        };
        let data = "{\"experiments\":[{\"experiment_id\":\"0\"}]}";
        assert_eq!(of(&[]), None);
        let closed = of(&[("", "{\"detail\":\"x\"}"), ("/mlflow", "<html>")]).expect("two were asked");
        assert_eq!(closed, (State::NotReached, "2 other paths were asked, and none is open.".to_owned()));
        let (state, says) = of(&[("", "<html>"), ("/mlflow", data)]).expect("two were asked");
        assert_eq!((state, says.as_str()), (State::Broken, "MLflow answers without a key at /mlflow/."));
    }

    #[test]
    fn mlflow_speaks_through_what_stands_in_front() {
        let mut run = run(false);
        let answer = seen(&run, ask::SEARCH_NONE, 200, "{\"experiments\":[{\"experiment_id\":\"0\"}]}");
        run.apply(Event::Observed(answer));
        run.apply(Event::Ended(Phase::Finished));
        let all = stations(&run.facts(), &verdict(Vec::new(), Vec::new()));
        let of =
            |hop| all.iter().find(|station| station.hop == hop).map(|station| (station.state, station.ms));
        assert_eq!(of(Hop::Mlflow), Some((State::Answered, Some(40))));
        assert_eq!(of(Hop::Application), Some((State::Passed, None)));
        assert_eq!(of(Hop::Gateway), Some((State::Answered, Some(40))));
    }
}
