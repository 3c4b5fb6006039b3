//! From the text of a report to what is shown.

use super::*;
use crate::deployment::address::parse_path;
use crate::deployment::key::{KeyOddity, KeyPrefix};
use crate::deployment::{AuthScheme, AuthService, Base, Deployment, KeyReading, KeyShape, Target, UrlParser};
use crate::diagnosis::{Named, Verdict};
use crate::probe::{Answer, Hop, Observation, Probe, Saw};
use crate::report::shared::{LEFT_OUT, Shared, SharedCheck};
use crate::run::{Environment, Limits};

/// Members of any list, at the most. A run is bounded far below.
const LIST: usize = 500;

/// Reads on after something was wrong, as if everything were empty, and says so at the end: a page pays for every
/// place that could return early.
pub(super) struct Reader<'a> {
    lines: core::str::Split<'a, char>,
    parse: UrlParser,
    problem: Option<Problem>,
}

impl<'a> Reader<'a> {
    fn fail(&mut self, problem: Problem) {
        self.problem.get_or_insert(problem);
    }

    /// Corrupt unless this holds.
    pub(super) fn expect(&mut self, is_good: bool) {
        if !is_good {
            self.fail(Problem::Corrupt);
        }
    }

    fn line(&mut self) -> &'a str {
        let line = self.lines.next();
        self.expect(line.is_some());
        if self.problem.is_none() { line.unwrap_or_default() } else { "" }
    }

    pub(super) fn text(&mut self) -> String {
        let mut chars = self.line().chars();
        let mut text = String::new();
        while let Some(c) = chars.next() {
            text.push(match c {
                '\\' => match chars.next() {
                    Some('n') => '\n',
                    other => {
                        self.expect(other == Some('\\'));
                        '\\'
                    }
                },
                c => c,
            });
        }
        text
    }

    /// A text that is written empty when there is none.
    pub(super) fn optional(&mut self) -> Option<String> {
        Some(self.text()).filter(|text| !text.is_empty())
    }

    pub(super) fn number(&mut self) -> u32 {
        // Nothing in a report is larger, and whoever adds two of them need not think of it.
        let number = self.line().parse::<u32>().ok().filter(|number| *number <= 1_000_000_000);
        self.expect(number.is_some());
        number.unwrap_or_default()
    }

    pub(super) fn count(&mut self) -> usize {
        let count = self.number() as usize;
        self.expect(count <= LIST);
        if self.problem.is_none() { count } else { 0 }
    }

    /// Small numbers, one character each.
    fn codes(&mut self) -> Vec<usize> {
        let line = self.line();
        let codes: Vec<usize> =
            line.bytes().take(LIST).map_while(|c| Some(char::from(c).to_digit(36)? as usize)).collect();
        self.expect(codes.len() == line.len());
        codes
    }

    /// Exactly so many codes; more of them are a later version's.
    pub(super) fn codes_of<const N: usize>(&mut self) -> [usize; N] {
        let codes = self.codes();
        let mut exactly = [0; N];
        if codes.len() == N {
            exactly.copy_from_slice(&codes);
        } else {
            self.fail(if codes.len() > N { Problem::Newer } else { Problem::Corrupt });
        }
        exactly
    }

    /// The value at a place of its list; what stands behind the end is a later version's.
    pub(super) fn of<T: Clone>(&mut self, list: &[T], place: usize) -> T {
        if place >= list.len() {
            self.fail(Problem::Newer);
        }
        list.get(place).unwrap_or(&list[0]).clone()
    }

    pub(super) fn all_of<T: Clone>(&mut self, list: &[T]) -> Vec<T> {
        self.codes().into_iter().map(|place| self.of(list, place)).collect()
    }

    fn texts(&mut self) -> Vec<String> {
        (0..self.count()).map(|_| self.text()).collect()
    }

    fn pairs(&mut self) -> Vec<(String, String)> {
        (0..self.count()).map(|_| (self.text(), self.text())).collect()
    }

    /// A stable code: nothing that could be read as a sentence.
    pub(super) fn code(&mut self) -> String {
        let code = self.text();
        let plain = |c: u8| c.is_ascii_alphanumeric() || b"-._".contains(&c);
        self.expect(!code.is_empty() && code.len() <= 64 && code.bytes().all(plain));
        code
    }

    pub(super) fn scheme(&mut self, name: &str) -> AuthScheme {
        let header = if name == "custom" { self.text() } else { String::new() };
        let scheme =
            if name == "cookies" { Ok(AuthScheme::Cookies) } else { AuthScheme::parse(name, &header) };
        self.expect(scheme.is_ok());
        scheme.unwrap_or_default()
    }

    /// An address: its origin, and the path with the query.
    fn address(&mut self, text: &str) -> Target {
        let parts = (self.parse)(text).filter(|parts| !parts.has_credentials).unwrap_or_default();
        let origin = Origin::of(&parts);
        self.expect(origin.is_some());
        let nowhere = Origin { secure: true, host: String::new(), port: 443 };
        Target { origin: origin.unwrap_or(nowhere), path: [parts.path, parts.query].concat() }
    }

    fn base(&mut self) -> Base {
        let text = self.text();
        let Target { origin, path } = self.address(&text);
        self.expect(path == "/");
        let path = self.path(&origin);
        Base { origin, path }
    }

    fn path(&mut self, origin: &Origin) -> String {
        let path = self.text();
        let parsed = parse_path(&path, origin, self.parse);
        self.expect(parsed.is_ok_and(|(parsed, _)| parsed == path));
        path
    }

    pub(super) fn status(&mut self) -> u16 {
        let number = u16::try_from(self.number());
        self.expect(number.is_ok());
        number.unwrap_or_default()
    }

    /// What an answer holds besides its status.
    pub(super) fn answer(&mut self, answer: &mut Answer) {
        answer.landed = self.optional();
        answer.headers = self.pairs();
        let [complete, broken] = self.codes_of();
        let bytes = self.number();
        let text = self.text();
        answer.body = Body { text, bytes, complete: complete == 1, broken: broken == 1, ..Body::default() };
    }

    /// Places in lists, with spaces between.
    pub(super) fn places(&mut self) -> Vec<usize> {
        self.line().split(' ').take(LIST).filter_map(|place| place.parse().ok()).collect()
    }

    /// A number, where one stands; nothing at the end, or where a later version has written something else.
    pub(super) fn maybe_number(&mut self) -> Option<u32> {
        self.lines.next()?.parse().ok()
    }

    /// True behind the last line: a text of an earlier version ends there.
    pub(super) fn is_at_end(&self) -> bool {
        self.lines.clone().next().is_none_or(str::is_empty)
    }
}

/// Reads a report. `parse` is the URL parser of this place.
pub fn read(text: &str, parse: UrlParser) -> Result<Shared, Problem> {
    let mut from = Reader { lines: text.split('\n'), parse, problem: None };
    let format = from.number();
    if format > FORMAT {
        return Err(Problem::Newer);
    }
    from.expect(format == FORMAT);
    let shared = shared(&mut from);
    match from.problem {
        Some(problem) => Err(problem),
        None => Ok(shared),
    }
}

fn shared(from: &mut Reader) -> Shared {
    let version = from.text();
    from.expect(
        version.len() <= 20 && version.bytes().all(|c| c.is_ascii_alphanumeric() || b".+-".contains(&c)),
    );
    let [detail, enough, phase, overall, on_line, scheme, auth, has_shape, has_key] = from.codes_of();
    let started_at = from.text();
    from.expect(
        started_at.len() <= 30 && started_at.bytes().all(|c| c.is_ascii_digit() || b"-:.TZ".contains(&c)),
    );
    let user_agent = from.text();
    let page = from.text();
    let page = from.address(&page);
    let local_network = from.optional();
    let states = ["granted", "denied", "prompt"];
    from.expect(local_network.as_ref().is_none_or(|state| states.contains(&state.as_str())));
    let environment = Environment {
        page_origin: page.origin,
        page_folder: page.path,
        on_line: on_line == 1,
        local_network,
        user_agent,
        nonce: from.text(),
        started_at,
    };
    let limits = Limits { probe_timeout_ms: from.number(), ..Limits::default() };
    let deployment = deployment(from, scheme, auth, has_shape == 1);
    let key = key(from, has_key == 1, deployment.key_shape.as_ref());
    let mut run = Run::new(deployment, environment, limits, key);
    run.phase = from.of(&PHASES, phase);
    for _ in 0..from.count() {
        let seen = seen(from, &run);
        run.observations.push(seen);
    }
    run.policy_blocked = from.texts();
    let checks = (0..from.count()).map(|_| {
        let id = from.code();
        // Its first character is the outcome.
        let (code, id) =
            (id.as_bytes().first().map_or(0, |c| c.wrapping_sub(b'0')), id.get(1..).unwrap_or_default());
        from.expect(code <= 9);
        SharedCheck { id: id.to_owned(), status: from.of(&STATUSES, usize::from(code % 5)), told: code > 4 }
    });
    let checks = checks.collect();
    let (causes, told) = (0..from.count()).map(|_| named(from, &run)).unzip();
    let set_aside = (0..from.count()).map(|_| named(from, &run).0).collect();
    let (unexplained, hidden) = (from.all_of(&KINDS), from.all_of(&Hop::ALL));
    let stations = from.codes();
    let mut way = Vec::new();
    for station in stations.chunks_exact(2) {
        let (hop, state) = (from.of(&Hop::ALL, station[0]), from.of(&STATES, station[1]));
        way.push((hop, state, from.line().parse().ok()));
    }
    let verdict = Verdict { overall: from.of(&OVERALLS, overall), causes, set_aside, unexplained, hidden };
    let mut shared = Shared {
        version,
        detail: from.of(&DETAILS, detail),
        enough: enough == 1,
        run,
        checks,
        verdict,
        told,
        way,
    };
    super::more::read(from, &mut shared);
    shared
}

fn deployment(from: &mut Reader, scheme: usize, auth: usize, has_shape: bool) -> Deployment {
    // What there is of auth, and what the page's own configuration says of the path, in one number.
    let (has_auth, path_is_listed) = (auth & 1 == 1, auth & 2 == 2);
    from.expect(auth < 4);
    let mlflow = from.base();
    let open_path = from.path(&mlflow.origin);
    let service_id = from.optional();
    let health_paths = from.texts();
    let (name, _) = from.of(&AuthScheme::CHOICES, scheme);
    let scheme = from.scheme(name);
    let auth = has_auth.then(|| {
        let base = from.base();
        AuthService {
            health_path: from.path(&base.origin),
            validate_path: from.path(&base.origin),
            root_path: from.optional(),
            service_ids: from.texts(),
            fields: from.pairs(),
            base,
        }
    });
    let key_shape = has_shape.then(|| {
        let [alphanumeric] = from.codes_of();
        let environment = from.optional();
        let prefixes =
            from.pairs().into_iter().map(|(prefix, environment)| KeyPrefix { prefix, environment });
        KeyShape {
            prefixes: prefixes.collect(),
            lengths: (0..from.count()).map(|_| from.number() as usize).collect(),
            alphanumeric: alphanumeric == 1,
            environment,
        }
    });
    Deployment {
        mlflow,
        path_is_listed,
        auth,
        scheme,
        own_header: None,
        service_id,
        open_path,
        health_paths,
        key_shape,
    }
}

fn key(from: &mut Reader, present: bool, shape: Option<&KeyShape>) -> KeyReading {
    let length = from.number() as usize;
    let environment = from.optional();
    let mut problems = Vec::new();
    for code in from.codes() {
        problems.push(if code == KEY_PROBLEMS.len() {
            let known = shape.map(|shape| shape.prefixes.as_slice()).unwrap_or_default();
            KeyProblem::Prefix(known.iter().map(|known| known.prefix.clone()).collect())
        } else {
            from.of(&KEY_PROBLEMS, code)
        });
    }
    let mut oddities = Vec::new();
    while oddities.len() < 9 {
        oddities.push(match from.line() {
            "" => break,
            "-" => KeyOddity::Alphabet,
            number => {
                let number = number.parse::<u32>();
                from.expect(number.is_ok());
                let usual = shape.map(|shape| shape.lengths.clone()).unwrap_or_default();
                KeyOddity::Length(number.unwrap_or_default() as usize, usual)
            }
        });
    }
    KeyReading {
        present,
        length,
        environment,
        problems,
        oddities,
        claims: from.pairs(),
        ..KeyReading::default()
    }
}

fn named(from: &mut Reader, run: &Run) -> (Named, bool) {
    let code = from.code();
    let [told, confidence, host, symptom] = from.codes_of();
    let mut evidence = Vec::new();
    for place in from.places() {
        evidence.extend(run.observations.get(place).map(|seen| seen.probe.id.clone()));
    }
    let (confidence, host) = (from.of(&CONFIDENCES, confidence), from.of(&HOSTS, host));
    (Named { code, confidence, host, symptom: from.of(&KINDS, symptom), evidence }, told == 1)
}

fn seen(from: &mut Reader, run: &Run) -> Observation {
    let id = from.code();
    let [host, way, method, presented, entry, saw, has_extra, has_limit, has_more, has_scheme] =
        from.codes_of();
    let host = from.of(&HOSTS, host);
    let address = from.text();
    let target = if address.starts_with('/') {
        let origin = home(run, host);
        from.expect(origin.is_some());
        Target { origin: origin.unwrap_or_else(|| run.environment.page_origin.clone()), path: address }
    } else {
        from.address(&address)
    };
    let is_sound = target.is_sound(from.parse);
    from.expect(is_sound);
    let (start_ms, ms) = (from.number(), from.number());
    let number = if saw == 0 || saw == 8 { from.status() } else { 0 };
    let mut probe = Probe::get(&id, host, target, run.limits.probe_timeout_ms)
        .by(from.of(&WAYS, way))
        .method(from.of(&METHODS, method))
        .with(from.of(&PRESENTED, presented));
    if has_extra == 1 {
        probe.headers = from.pairs();
        probe.body = from.optional();
    }
    if has_limit == 1 {
        probe.timeout_ms = from.number();
    }
    if has_scheme == 1 {
        let name = from.line();
        probe.presented_as = Some(from.scheme(name));
    }
    let mut answer =
        Answer { status: number, landed: None, queued_ms: None, headers: Vec::new(), body: unread() };
    if has_more == 1 {
        from.expect(saw == 0);
        from.answer(&mut answer);
    }
    let saw = match saw {
        0 => Saw::Answer(answer),
        1 => Saw::Opaque,
        2 => Saw::OpaqueRedirect,
        3 => Saw::NetworkError,
        4 => Saw::TimedOut,
        5 => Saw::Stopped,
        6 => Saw::Loaded,
        7 => Saw::Errored,
        8 => Saw::Closed(number),
        9 => Saw::Opened,
        // The reason is a sentence, and sentences do not come from a report.
        10 => Saw::NotSent(LEFT_OUT.to_owned()),
        _ => {
            from.fail(Problem::Newer);
            Saw::Stopped
        }
    };
    Observation { probe, start_ms, ms, saw, entry: from.of(&ENTRIES, entry) }
}
