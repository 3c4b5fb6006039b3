//! From the text of a report to what is shown.

use super::*;
use crate::deployment::address::{parse_base, parse_path};
use crate::deployment::key::{KeyOddity, KeyPrefix};
use crate::deployment::{AuthScheme, AuthService, Base, Deployment, KeyReading, KeyShape, Target, UrlParser};
use crate::diagnosis::{Named, Verdict};
use crate::probe::{Answer, Hop, Observation, Probe, Saw};
use crate::report::shared::{Shared, SharedCheck};
use crate::run::{Environment, Limits};

/// Members of any list, at the most. A run is bounded far below.
const LIST: usize = 500;

struct Reader<'a> {
    lines: core::str::Split<'a, char>,
    parse: UrlParser,
}

type Read<T> = Result<T, Problem>;

fn bad<T>() -> Read<T> {
    Err(Problem::Corrupt)
}

fn of<T: Clone>(list: &[T], place: usize) -> Read<T> {
    list.get(place).cloned().ok_or(Problem::Newer)
}

impl<'a> Reader<'a> {
    fn line(&mut self) -> Read<&'a str> {
        self.lines.next().ok_or(Problem::Corrupt)
    }

    fn text(&mut self) -> Read<String> {
        let mut chars = self.line()?.chars();
        let mut text = String::new();
        while let Some(c) = chars.next() {
            text.push(match c {
                '\\' => match chars.next() {
                    Some('n') => '\n',
                    Some('\\') => '\\',
                    _ => return bad(),
                },
                c => c,
            });
        }
        Ok(text)
    }

    /// A text that is written empty when there is none.
    fn optional(&mut self) -> Read<Option<String>> {
        Ok(Some(self.text()?).filter(|text| !text.is_empty()))
    }

    fn number(&mut self) -> Read<usize> {
        // Nothing in a report is larger, and a number read is written in the same way again.
        self.line()?.parse::<u32>().map(|number| number as usize).map_err(|_| Problem::Corrupt)
    }

    fn count(&mut self) -> Read<usize> {
        let count = self.number()?;
        if count <= LIST { Ok(count) } else { bad() }
    }

    fn codes(&mut self) -> Read<Vec<usize>> {
        let line = self.line()?;
        if line.len() > LIST {
            return bad();
        }
        line.chars().map(|c| c.to_digit(36).map(|code| code as usize).ok_or(Problem::Corrupt)).collect()
    }

    /// Exactly so many codes; more of them are a later version's.
    fn codes_of<const N: usize>(&mut self) -> Read<[usize; N]> {
        <[usize; N]>::try_from(self.codes()?)
            .map_err(|codes| if codes.len() > N { Problem::Newer } else { Problem::Corrupt })
    }

    fn list<T>(&mut self, mut one: impl FnMut(&mut Self) -> Read<T>) -> Read<Vec<T>> {
        let mut list = Vec::new();
        for _ in 0..self.count()? {
            list.push(one(self)?);
        }
        Ok(list)
    }

    fn pairs(&mut self) -> Read<Vec<(String, String)>> {
        self.list(|from| Ok((from.text()?, from.text()?)))
    }

    /// A stable code: nothing that could be read as a sentence.
    fn code(&mut self) -> Read<String> {
        let code = self.text()?;
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.';
        if code.is_empty() || code.len() > 64 || !code.chars().all(plain) { bad() } else { Ok(code) }
    }

    fn scheme(&mut self, name: &str) -> Read<AuthScheme> {
        let header = if name == "custom" { self.text()? } else { String::new() };
        match name {
            "cookies" => Ok(AuthScheme::Cookies),
            _ => AuthScheme::parse(name, &header).map_err(|_| Problem::Corrupt),
        }
    }

    fn base(&mut self) -> Read<Base> {
        let origin = self.text()?;
        let (Base { origin, path }, _) = parse_base(&origin, self.parse).map_err(|_| Problem::Corrupt)?;
        if !path.is_empty() {
            return bad();
        }
        let path = self.path(&origin)?;
        Ok(Base { origin, path })
    }

    fn path(&mut self, origin: &Origin) -> Read<String> {
        let path = self.text()?;
        match parse_path(&path, origin, self.parse) {
            Ok((parsed, _)) if parsed == path => Ok(parsed),
            _ => bad(),
        }
    }
}

/// Reads a report. `parse` is the URL parser of this place.
pub fn read(text: &str, parse: UrlParser) -> Result<Shared, Problem> {
    let mut from = Reader { lines: text.split('\n'), parse };
    match from.number()? {
        1 => {}
        0 => return bad(),
        _ => return Err(Problem::Newer),
    }
    let version = from.text()?;
    if version.len() > 20 || !version.chars().all(|c| c.is_ascii_alphanumeric() || ".+-".contains(c)) {
        return bad();
    }
    let [detail, enough, phase, overall, on_line, scheme, has_auth, has_shape, has_key] = from.codes_of()?;
    let detail = of(&DETAILS, detail)?;
    let started_at = from.text()?;
    if started_at.len() > 30 || !started_at.chars().all(|c| c.is_ascii_digit() || "-:.TZ".contains(c)) {
        return bad();
    }
    let user_agent = from.text()?;
    let page = (from.parse)(&from.text()?).ok_or(Problem::Corrupt)?;
    let local_network =
        Some(from.text()?).filter(|state| ["granted", "denied", "prompt"].contains(&state.as_str()));
    let environment = Environment {
        page_origin: Origin::of(&page).ok_or(Problem::Corrupt)?,
        page_folder: page.path,
        on_line: on_line == 1,
        local_network,
        user_agent,
        nonce: from.text()?,
        started_at,
    };
    let limits = Limits { probe_timeout_ms: from.number()? as u32, ..Limits::default() };
    let mlflow = from.base()?;
    let open_path = from.path(&mlflow.origin)?;
    let service_id = from.optional()?;
    let health_paths = from.list(Reader::text)?;
    let (name, _) = of(&AuthScheme::CHOICES, scheme)?;
    let scheme = from.scheme(name)?;
    let auth = if has_auth == 1 {
        let base = from.base()?;
        let (health_path, validate_path) = (from.path(&base.origin)?, from.path(&base.origin)?);
        let root_path = from.optional()?;
        let (service_ids, fields) = (from.list(Reader::text)?, from.pairs()?);
        Some(AuthService { base, health_path, validate_path, root_path, service_ids, fields })
    } else {
        None
    };
    let key_shape = if has_shape == 1 {
        let [alphanumeric] = from.codes_of()?;
        let environment = from.optional()?;
        let prefixes =
            from.pairs()?.into_iter().map(|(prefix, environment)| KeyPrefix { prefix, environment });
        let prefixes = prefixes.collect();
        let lengths = from.list(Reader::number)?;
        Some(KeyShape { prefixes, lengths, alphanumeric: alphanumeric == 1, environment })
    } else {
        None
    };
    let deployment =
        Deployment { mlflow, auth, scheme, own_header: None, service_id, open_path, health_paths, key_shape };
    let key = read_key(&mut from, has_key == 1, deployment.key_shape.as_ref())?;
    let mut run = Run::new(deployment, environment, limits, key);
    run.phase = of(&PHASES, phase)?;
    for _ in 0..from.count()? {
        let seen = read_seen(&mut from, &run)?;
        run.observations.push(seen);
    }
    run.policy_blocked = from.list(Reader::text)?;
    let checks = from.list(|from| {
        let mut id = from.code()?;
        let Some(code) = id.remove(0).to_digit(10) else { return bad() };
        Ok(SharedCheck { id, status: of(&STATUSES, code as usize % 5)?, told: code > 4 })
    })?;
    let named = from.list(|from| read_named(from, &run))?;
    let (causes, told) = named.into_iter().unzip();
    let set_aside = from.list(|from| Ok(read_named(from, &run)?.0))?;
    let unexplained = from.codes()?.into_iter().map(|kind| of(&KINDS, kind)).collect::<Read<_>>()?;
    let hidden = from.codes()?.into_iter().map(|hop| of(&Hop::ALL, hop)).collect::<Read<_>>()?;
    let mut way = Vec::new();
    for station in from.codes()?.chunks(2) {
        let [hop, state] = station else { return bad() };
        way.push((of(&Hop::ALL, *hop)?, of(&STATES, *state)?, None));
    }
    for (_, _, ms) in &mut way {
        *ms = from.line()?.parse().ok();
    }
    let verdict = Verdict { overall: of(&OVERALLS, overall)?, causes, set_aside, unexplained, hidden };
    Ok(Shared { version, detail, enough: enough == 1, run, checks, verdict, told, way })
}

fn read_key(from: &mut Reader, present: bool, shape: Option<&KeyShape>) -> Read<KeyReading> {
    let length = from.number()?;
    let environment = from.optional()?;
    let mut problems = Vec::new();
    for code in from.codes()? {
        let begins = || {
            let known = shape.map(|shape| shape.prefixes.as_slice()).unwrap_or_default();
            KeyProblem::Prefix(known.iter().map(|known| known.prefix.clone()).collect())
        };
        problems.push(if code == KEY_PROBLEMS.len() { begins() } else { of(&KEY_PROBLEMS, code)? });
    }
    let mut oddities = Vec::new();
    while oddities.len() < 9 {
        oddities.push(match from.line()? {
            "" => break,
            "-" => KeyOddity::Alphabet,
            number => {
                let usual = shape.map(|shape| shape.lengths.clone()).unwrap_or_default();
                KeyOddity::Length(number.parse().map_err(|_| Problem::Corrupt)?, usual)
            }
        });
    }
    Ok(KeyReading {
        present,
        length,
        environment,
        problems,
        oddities,
        claims: from.pairs()?,
        ..KeyReading::default()
    })
}

fn read_named(from: &mut Reader, run: &Run) -> Read<(Named, bool)> {
    let code = from.code()?;
    let [told, confidence, host, symptom] = from.codes_of()?;
    let mut evidence = Vec::new();
    for place in from.line()?.split(' ').take(LIST) {
        let seen = place.parse().ok().and_then(|place: usize| run.observations.get(place));
        evidence.extend(seen.map(|seen| seen.probe.id.clone()));
    }
    let (confidence, host) = (of(&CONFIDENCES, confidence)?, of(&HOSTS, host)?);
    Ok((Named { code, confidence, host, symptom: of(&KINDS, symptom)?, evidence }, told == 1))
}

fn read_seen(from: &mut Reader, run: &Run) -> Read<Observation> {
    let id = from.code()?;
    let [host, way, method, presented, entry, saw, has_extra, has_limit, has_more, has_scheme] =
        from.codes_of()?;
    let host = of(&HOSTS, host)?;
    let address = from.text()?;
    let target = if address.starts_with('/') {
        Target { origin: home(run, host).ok_or(Problem::Corrupt)?, path: address }
    } else {
        let parts = (from.parse)(&address).ok_or(Problem::Corrupt)?;
        let origin = Origin::of(&parts).ok_or(Problem::Corrupt)?;
        Target { origin, path: [parts.path, parts.query].concat() }
    };
    if !target.is_sound(from.parse) {
        return bad();
    }
    let (start_ms, ms) = (from.number()? as u32, from.number()? as u32);
    let number = if saw == 0 || saw == 8 { from.number()? } else { 0 };
    let number = u16::try_from(number).map_err(|_| Problem::Corrupt)?;
    let mut probe = Probe::get(&id, host, target, run.limits.probe_timeout_ms)
        .by(of(&WAYS, way)?)
        .method(of(&METHODS, method)?)
        .with(of(&PRESENTED, presented)?);
    if has_extra == 1 {
        probe.headers = from.pairs()?;
        probe.body = from.optional()?;
    }
    if has_limit == 1 {
        probe.timeout_ms = from.number()? as u32;
    }
    if has_scheme == 1 {
        let name = from.line()?;
        probe.presented_as = Some(from.scheme(name)?);
    }
    let mut answer = Answer { status: number, landed: None, headers: Vec::new(), body: unread() };
    if has_more == 1 {
        if saw != 0 {
            return bad();
        }
        answer.landed = from.optional()?;
        answer.headers = from.pairs()?;
        let [complete, broken] = from.codes_of()?;
        let bytes = from.number()? as u32;
        answer.body =
            Body { text: from.text()?, bytes, complete: complete == 1, broken: broken == 1, matches: None };
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
        10 => Saw::NotSent("the report leaves out why".to_owned()),
        _ => return Err(Problem::Newer),
    };
    Ok(Observation { probe, start_ms, ms, saw, entry: of(&ENTRIES, entry)? })
}
