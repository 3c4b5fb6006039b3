//! What stands behind the last line of the first version: a registration, second opinions, and what few reports have.
//! A report without any of it ends before it. What comes next one day is written behind this, with this before it.

use super::read::Reader;
use super::write::Writer;
use super::{CAME, HOSTS, REPAIRS, unread};
use crate::probe::sighting::{PROGRAMS, program};
use crate::probe::{Answer, Sighting};
use crate::report::shared::{LEFT_OUT, Shared};
use crate::run::{Limits, Mode, Registration};

/// What the number behind it makes the id of a second opinion.
const ID: &str = "second-opinion-";

pub(super) fn write(to: &mut Writer, shared: &Shared) {
    let run = &shared.run;
    let matches = |wanted: bool| {
        let seen = run.observations.iter().enumerate();
        let found =
            seen.filter(|(_, seen)| seen.answer().and_then(|answer| answer.body.matches) == Some(wanted));
        let places: Vec<String> = found.map(|(place, _)| place.to_string()).collect();
        places.join(" ")
    };
    let (good, bad) = (matches(true), matches(false));
    let own_header = run.deployment.own_header.as_deref();
    let (mode, cap) = match run.registration.as_ref().map(|it| it.mode) {
        None => (0, 0),
        Some(Mode::Register) => (1, 0),
        Some(Mode::Sizes(cap)) => (2, cap),
        Some(Mode::CleanUp) => (3, 0),
    };
    let is_refused = run.registration.as_ref().is_some_and(|it| it.refused.is_some());
    let codes = [mode, is_refused.into(), run.limits.made_up_keys.into(), own_header.is_some().into()];
    let usual_slow = run.limits.slow_ms == Limits::default().slow_ms;
    let nothing = good.is_empty() && bad.is_empty() && run.key.repairs.is_empty() && usual_slow;
    if nothing && codes == [0, 0, 1, 0] && run.second_opinion.is_empty() {
        return;
    }
    to.codes(&codes);
    if let Some(it) = &run.registration {
        to.text(&it.id);
        to.text(&it.made_at);
        to.text(&it.made_ms.to_string());
        to.number(cap as usize);
    }
    own_header.into_iter().for_each(|header| to.text(header));
    to.codes(&run.key.repairs.iter().map(|repair| *repair as usize).collect::<Vec<_>>());
    to.text(&good);
    to.text(&bad);
    to.number(run.second_opinion.len());
    run.second_opinion.iter().for_each(|seen| sighting(to, seen));
    // Where in the evidence of each cause they stand.
    for named in shared.verdict.causes.iter().filter(|_| !run.second_opinion.is_empty()) {
        let mut places = Vec::new();
        for (place, id) in named.evidence.iter().enumerate() {
            let cited = run.second_opinion.iter().position(|seen| seen.id == *id);
            places.extend(cited.into_iter().flat_map(|cited| [place.to_string(), cited.to_string()]));
        }
        to.text(&places.join(" "));
    }
    if !usual_slow {
        to.number(run.limits.slow_ms as usize);
    }
}

fn sighting(to: &mut Writer, seen: &Sighting) {
    let by = PROGRAMS.iter().position(|known| *known == program(&seen.by));
    to.codes(&[
        by.unwrap_or_default(),
        seen.host as usize,
        seen.preflight.into(),
        seen.came as usize,
        seen.answer.is_some().into(),
    ]);
    to.text(seen.id.strip_prefix(ID).unwrap_or_default());
    to.text(&seen.question);
    to.text(&seen.method);
    to.text(&seen.says);
    if let Some(answer) = &seen.answer {
        to.number(answer.status.into());
        to.answer(answer);
    }
}

pub(super) fn read(from: &mut Reader, shared: &mut Shared) {
    if from.is_at_end() {
        return;
    }
    let [mode, is_refused, made_up_keys, has_header] = from.codes_of();
    shared.run.limits.made_up_keys = made_up_keys == 1;
    if mode > 0 {
        let (id, made_at, made_ms) = (from.text(), from.text(), from.text().parse());
        let cap = from.number();
        let mode = from.of(&[Mode::Register, Mode::Sizes(cap), Mode::CleanUp], mode - 1);
        from.expect(made_ms.is_ok());
        let refused = (is_refused == 1).then(|| LEFT_OUT.to_owned());
        let it = Registration { id, made_at, made_ms: made_ms.unwrap_or_default(), mode, refused };
        from.expect(it.is_sound());
        shared.run.registration = Some(it);
    }
    if has_header == 1 {
        let header = from.scheme("custom").header_names().into_iter().next();
        shared.run.deployment.own_header = header;
    }
    shared.run.key.repairs = from.all_of(&REPAIRS);
    for wanted in [true, false] {
        for place in from.places() {
            match shared.run.observations.get_mut(place).map(|seen| &mut seen.saw) {
                Some(crate::probe::Saw::Answer(answer)) => answer.body.matches = Some(wanted),
                _ => from.expect(false),
            }
        }
    }
    for _ in 0..from.count() {
        let seen = read_sighting(from);
        shared.run.second_opinion.push(seen);
    }
    let has_heard = !shared.run.second_opinion.is_empty();
    for named in shared.verdict.causes.iter_mut().filter(|_| has_heard) {
        for pair in from.places().chunks_exact(2) {
            let seen = shared.run.second_opinion.get(pair[1]);
            from.expect(seen.is_some() && pair[0] <= named.evidence.len());
            if let Some(seen) = seen.filter(|_| pair[0] <= named.evidence.len()) {
                named.evidence.insert(pair[0], seen.id.clone());
            }
        }
    }
    if let Some(slow_ms) = from.maybe_number() {
        shared.run.limits.slow_ms = slow_ms;
    }
}

fn read_sighting(from: &mut Reader) -> Sighting {
    let [by, host, preflight, came, has_answer] = from.codes_of();
    let id = [ID, &from.number().to_string()].concat();
    let (question, method, says) = (from.code(), from.text(), from.text());
    // What is no word of HTTP may be a sentence.
    from.expect(method.len() <= 10 && method.bytes().all(|c| c.is_ascii_uppercase()));
    let answer = (has_answer == 1).then(|| {
        let mut answer = Answer {
            status: from.status(),
            landed: None,
            queued_ms: None,
            headers: Vec::new(),
            body: unread(),
        };
        from.answer(&mut answer);
        answer
    });
    Sighting {
        id,
        by: from.of(&PROGRAMS, by).to_owned(),
        question,
        host: from.of(&HOSTS, host),
        method,
        preflight: preflight == 1,
        came: from.of(&CAME, came),
        says,
        answer,
    }
}
