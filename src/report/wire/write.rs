//! From a report to its text.

use super::{FORMAT, KEY_PROBLEMS, home, unread};
use crate::deployment::key::{KeyOddity, KeyPrefix, KeyProblem};
use crate::deployment::{AuthScheme, KeyReading};
use crate::diagnosis::Named;
use crate::probe::{Answer, Observation, Saw};
use crate::report::shared::Shared;
use crate::run::Run;

pub(super) struct Writer(pub String);

impl Writer {
    pub(super) fn text(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '\n' => self.0.push_str("\\n"),
                '\\' => self.0.push_str("\\\\"),
                c => self.0.push(c),
            }
        }
        self.0.push('\n');
    }

    pub(super) fn number(&mut self, number: usize) {
        self.text(&number.to_string());
    }

    /// Small numbers, one character each.
    pub(super) fn codes(&mut self, codes: &[usize]) {
        for code in codes {
            // None is above 35; a list that grows beyond shows it in its test.
            self.0.push(char::from_digit(*code as u32, 36).unwrap_or('z'));
        }
        self.0.push('\n');
    }

    fn list(&mut self, list: &[String]) {
        self.number(list.len());
        list.iter().for_each(|text| self.text(text));
    }

    fn pairs(&mut self, pairs: &[(String, String)]) {
        self.number(pairs.len());
        for (name, value) in pairs {
            self.text(name);
            self.text(value);
        }
    }

    /// What an answer holds besides its status.
    pub(super) fn answer(&mut self, answer: &Answer) {
        self.text(answer.landed.as_deref().unwrap_or_default());
        self.pairs(&answer.headers);
        self.codes(&[answer.body.complete.into(), answer.body.broken.into()]);
        self.number(answer.body.bytes as usize);
        self.text(&answer.body.text);
    }
}

/// Writes a report.
pub fn write(shared: &Shared) -> String {
    let mut to = Writer(String::new());
    let (run, verdict) = (&shared.run, &shared.verdict);
    let (deployment, environment, key) = (&run.deployment, &run.environment, &run.key);
    to.number(FORMAT as usize);
    to.text(&shared.version);
    let scheme = AuthScheme::CHOICES.iter().position(|(name, _)| *name == deployment.scheme.name());
    to.codes(&[
        shared.detail as usize,
        shared.enough.into(),
        run.phase as usize,
        verdict.overall as usize,
        environment.on_line.into(),
        scheme.unwrap_or_default(),
        usize::from(deployment.auth.is_some()) + 2 * usize::from(deployment.path_is_listed),
        deployment.key_shape.is_some().into(),
        key.present.into(),
    ]);
    to.text(&environment.started_at);
    to.text(&environment.user_agent);
    to.text(&[&environment.page_origin.to_string(), environment.page_folder.as_str()].concat());
    to.text(environment.local_network.as_deref().unwrap_or_default());
    to.text(&environment.nonce);
    to.number(run.limits.probe_timeout_ms as usize);

    to.text(&deployment.mlflow.origin.to_string());
    to.text(&deployment.mlflow.path);
    to.text(&deployment.open_path);
    to.text(deployment.service_id.as_deref().unwrap_or_default());
    to.list(&deployment.health_paths);
    if let AuthScheme::Custom(header) = &deployment.scheme {
        to.text(header);
    }
    if let Some(auth) = &deployment.auth {
        to.text(&auth.base.origin.to_string());
        to.text(&auth.base.path);
        to.text(&auth.health_path);
        to.text(&auth.validate_path);
        to.text(auth.root_path.as_deref().unwrap_or_default());
        to.list(&auth.service_ids);
        to.pairs(&auth.fields);
    }
    if let Some(shape) = &deployment.key_shape {
        to.codes(&[shape.alphanumeric.into()]);
        to.text(shape.environment.as_deref().unwrap_or_default());
        let pair = |known: &KeyPrefix| (known.prefix.clone(), known.environment.clone());
        to.pairs(&shape.prefixes.iter().map(pair).collect::<Vec<_>>());
        to.number(shape.lengths.len());
        shape.lengths.iter().for_each(|length| to.number(*length));
    }
    write_key(&mut to, key);

    to.number(run.observations.len());
    run.observations.iter().for_each(|seen| write_seen(&mut to, run, seen));
    to.list(&run.policy_blocked);
    to.number(shared.checks.len());
    for check in &shared.checks {
        to.0.push(char::from(b'0' + check.status as u8 + 5 * u8::from(check.told)));
        to.text(&check.id);
    }
    to.number(verdict.causes.len());
    for (index, named) in verdict.causes.iter().enumerate() {
        write_named(&mut to, run, named, shared.told.get(index).copied().unwrap_or_default());
    }
    to.number(verdict.set_aside.len());
    verdict.set_aside.iter().for_each(|named| write_named(&mut to, run, named, false));
    to.codes(&verdict.unexplained.iter().map(|kind| *kind as usize).collect::<Vec<_>>());
    to.codes(&verdict.hidden.iter().map(|hop| *hop as usize).collect::<Vec<_>>());
    to.codes(
        &shared.way.iter().flat_map(|(hop, state, _)| [*hop as usize, *state as usize]).collect::<Vec<_>>(),
    );
    for (_, _, ms) in &shared.way {
        to.text(&ms.map(|ms| ms.to_string()).unwrap_or_default());
    }
    super::more::write(&mut to, shared);
    to.0
}

/// What makes a key wrong in this place can be told again from the shape that keys have here.
fn write_key(to: &mut Writer, key: &KeyReading) {
    to.number(key.length);
    to.text(key.environment.as_deref().unwrap_or_default());
    let code = |problem: &KeyProblem| {
        KEY_PROBLEMS.iter().position(|known| known == problem).unwrap_or(KEY_PROBLEMS.len())
    };
    to.codes(&key.problems.iter().map(code).collect::<Vec<_>>());
    for oddity in &key.oddities {
        match oddity {
            KeyOddity::Alphabet => to.text("-"),
            KeyOddity::Length(length, _) => to.number(*length),
        }
    }
    to.text("");
    to.pairs(&key.claims);
}

fn write_named(to: &mut Writer, run: &Run, named: &Named, told: bool) {
    to.text(&named.code);
    to.codes(&[told.into(), named.confidence as usize, named.host as usize, named.symptom as usize]);
    let place = |id: &String| run.observations.iter().position(|seen| seen.probe.id == *id);
    let places: Vec<String> =
        named.evidence.iter().filter_map(place).map(|place| place.to_string()).collect();
    to.text(&places.join(" "));
}

fn write_seen(to: &mut Writer, run: &Run, seen: &Observation) {
    let probe = &seen.probe;
    let (saw, number) = match &seen.saw {
        Saw::Answer(answer) => (0, answer.status),
        Saw::Opaque => (1, 0),
        Saw::OpaqueRedirect => (2, 0),
        Saw::NetworkError => (3, 0),
        Saw::TimedOut => (4, 0),
        Saw::Stopped => (5, 0),
        Saw::Loaded => (6, 0),
        Saw::Errored => (7, 0),
        Saw::Closed(code) => (8, *code),
        Saw::Opened => (9, 0),
        Saw::NotSent(_) => (10, 0),
    };
    let usual = home(run, probe.host).is_some_and(|origin| origin == probe.target.origin);
    let answer = seen.answer();
    let has_more = answer.is_some_and(|answer| {
        answer.landed.is_some() || !answer.headers.is_empty() || answer.body != unread()
    });
    to.text(&probe.id);
    to.codes(&[
        probe.host as usize,
        probe.way as usize,
        probe.method as usize,
        probe.presented as usize,
        seen.entry as usize,
        saw,
        (!probe.headers.is_empty() || probe.body.is_some()).into(),
        (probe.timeout_ms != run.limits.probe_timeout_ms).into(),
        has_more.into(),
        probe.presented_as.is_some().into(),
    ]);
    if usual {
        to.text(&probe.target.path)
    } else {
        to.text(&probe.target.to_string())
    }
    to.number(seen.start_ms as usize);
    to.number(seen.ms as usize);
    if number != 0 || saw == 0 || saw == 8 {
        to.number(number.into());
    }
    if !probe.headers.is_empty() || probe.body.is_some() {
        to.pairs(&probe.headers);
        to.text(probe.body.as_deref().unwrap_or_default());
    }
    if probe.timeout_ms != run.limits.probe_timeout_ms {
        to.number(probe.timeout_ms as usize);
    }
    if let Some(scheme) = &probe.presented_as {
        to.text(scheme.name());
        if let AuthScheme::Custom(header) = scheme {
            to.text(header);
        }
    }
    if let Some(answer) = answer.filter(|_| has_more) {
        to.answer(answer);
    }
}
