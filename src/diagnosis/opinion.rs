//! The second opinion in a verdict: the commands that ask for it, how it changes what is named, and how to say it.

use super::settle::{is_unread, settle};
use super::symptoms::{self, Kind, Symptom};
use super::{Cause, Confidence, Named, SHORTLIST, Verdict, causes, ranked, words};
use crate::checks::reason_phrase;
use crate::deployment::Host;
use crate::part::Part;
use crate::probe::{Came, Observation, Saw, Sighting, quoted};
use crate::run::facts::{METHODS, ask};
use crate::run::{Facts, Reach};

/// The causes that fit a symptom, best first, with their weights.
type Fits = Vec<(Named, u8)>;

/// What a second opinion changes in a verdict. Without one, nothing is asked of it.
pub struct Opinion {
    pub(super) settled: fn(&Facts, &Symptom, &mut Fits, &[Named], &mut Verdict) -> bool,
    pub(super) behind: fn(&Facts, &[Symptom]) -> Vec<Named>,
    pub(super) headline: fn(&Facts, &Named) -> Option<String>,
}

/// The way to it.
pub static OPINION: Part<Opinion> = Part::new(&OPINION_HERE);
/// What that leads to.
pub static OPINION_HERE: Opinion = Opinion { settled, behind, headline };

/// The rules, where there is a second opinion.
pub(super) fn of(facts: &Facts) -> Option<&'static Opinion> {
    OPINION.get().filter(|_| !facts.second_opinion.is_empty())
}

/// The command whose output settles a symptom.
pub fn command(facts: &Facts, kind: Kind, host: Host) -> Option<String> {
    match kind {
        Kind::NoAnswer | Kind::AuthTrouble => words::curl_verbose(facts, host),
        Kind::Unreadable => words::curl_both(facts, host),
        Kind::Preflight => words::curl_preflight(facts),
        Kind::MethodRefused => {
            let refused = facts.refused_methods();
            let failed =
                |id: &&str| facts.saw(id).is_some_and(|seen| refused.contains(&seen.probe.method.name()));
            words::curl_preflight_for(facts, METHODS.map(|(_, id)| id).iter().find(|id| failed(id))?)
        }
        Kind::HiddenHeaders => words::curl_telling(facts, &facts.most_put_off(host)?.probe.id),
        Kind::HiddenErrors => words::curl_telling(facts, ask::SEARCH_NONE),
        Kind::HiddenRefusal => words::curl_telling(facts, ask::SEARCH_KEY),
        _ => None,
    }
}

/// The commands of all symptoms that are there.
pub fn commands(facts: &Facts) -> Vec<String> {
    let present = symptoms::present(facts);
    present.iter().filter_map(|symptom| command(facts, symptom.kind, symptom.host)).collect()
}

/// Takes in what a second opinion makes of a symptom; false when it decides nothing. What the browser alone knows for
/// certain stays as it is.
fn settled(
    facts: &Facts,
    symptom: &Symptom,
    fits: &mut Fits,
    inner: &[Named],
    verdict: &mut Verdict,
) -> bool {
    if fits.first().is_some_and(|(named, _)| named.confidence == Confidence::Certain) {
        // What else was thought of may be certain now.
        for (code, confidence) in settle(symptom, facts).map(|settled| settled.named).unwrap_or_default() {
            let known = fits.iter().position(|(named, _)| named.code == code);
            if let (Some(at), Confidence::Certain) = (known, confidence) {
                let (named, weight) = fits.remove(at);
                fits.insert(0, (Named { confidence, ..named }, weight));
            }
        }
        return false;
    }
    let Some(settled) = settle(symptom, facts) else { return false };
    let told_behind = settled.behind && !inner.is_empty();
    if settled.named.is_empty() && !told_behind {
        return false;
    }
    let evidence: Vec<String> = settled.by.iter().map(|seen| seen.id.clone()).collect();
    for (code, confidence) in &settled.named {
        let same = fits.iter().position(|(named, _)| named.code == *code);
        let own = same.map(|at| fits.remove(at).0.evidence).unwrap_or_default();
        verdict.causes.push(Named {
            code: (*code).to_owned(),
            confidence: *confidence,
            host: symptom.host,
            symptom: symptom.kind,
            evidence: evidence.iter().cloned().chain(own).collect(),
        });
    }
    verdict.set_aside.extend(fits.drain(..).map(|(named, _)| named));
    true
}

/// What answers say that only a second opinion shows: causes by their own rules, as if this page had been allowed to
/// read. None of them is a guess about CORS, and what would have to be asked further stays in doubt.
fn behind(facts: &Facts, known: &[Symptom]) -> Vec<Named> {
    if facts.second_opinion.is_empty() {
        return Vec::new();
    }
    let observations = lifted(facts);
    let lifted = Facts { observations: &observations, ..*facts };
    let mut all = Vec::new();
    for symptom in symptoms::present(&lifted) {
        if !is_inner(symptom.kind) || known.contains(&symptom) {
            continue;
        }
        let ranked = ranked(&lifted, &symptom);
        let certain = ranked.iter().filter(|(named, _)| named.confidence == Confidence::Certain).count();
        let kept = if certain > 0 { certain } else { SHORTLIST };
        for (mut named, _) in ranked.into_iter().take(kept) {
            if matches!(symptom.kind, Kind::NoRoute | Kind::NotMlflow) {
                named.confidence = named.confidence.min(Confidence::Likely);
            }
            for id in &mut named.evidence {
                if let Some(seen) = facts.sighting(id, false) {
                    id.clone_from(&seen.id);
                }
            }
            all.push(named);
        }
    }
    all
}

/// Symptoms that an answer shows by what it says, whoever may read it.
fn is_inner(kind: Kind) -> bool {
    matches!(kind, Kind::Refused | Kind::ServerError | Kind::NoRoute | Kind::NotMlflow | Kind::NoKey)
}

/// What was seen, as if this page had been allowed to read what the other program saw.
fn lifted(facts: &Facts) -> Vec<Observation> {
    let mut observations = facts.observations.to_vec();
    for seen in facts.second_opinion.iter().filter(|seen| !seen.preflight) {
        let (Some(answer), Some(known)) =
            (&seen.answer, observations.iter_mut().find(|known| known.probe.id == seen.question))
        else {
            continue;
        };
        if known.answer().is_none() && !is_unread(answer) {
            known.saw = Saw::Answer(answer.clone());
        }
    }
    observations
}

/// What another program saw, for the middle of a sentence.
pub fn what(seen: &Sighting) -> String {
    let Some(answer) = &seen.answer else {
        return if seen.says.is_empty() { "no answer".to_owned() } else { quoted(&seen.says, 200) };
    };
    let mut what = format!("{} {}", answer.status, reason_phrase(answer.status)).trim_end().to_owned();
    if let Some(to) = answer.header("location") {
        what.push_str(&[" to ", word(to)].concat());
    }
    if let Some(when) = answer.header("retry-after") {
        what.push_str(&[" with Retry-After: ", word(when)].concat());
    }
    let allowed = || answer.headers.iter().filter(|(name, _)| name == "access-control-allow-origin");
    match (allowed().next(), allowed().count()) {
        (None, _) => what.push_str(" without Access-Control-Allow-Origin"),
        (Some((_, value)), 1) => what.push_str(&[" for ", word(value)].concat()),
        _ => what.push_str(" with Access-Control-Allow-Origin twice"),
    }
    what
}

/// Addresses hold no spaces; anything else that a server wrote in their place is no part of a sentence.
fn word(value: &str) -> &str {
    let word = value.split_whitespace().next().unwrap_or_default();
    word.get(..200).unwrap_or(word)
}

/// What another program asked and saw, in a sentence.
pub fn told(facts: &Facts, seen: &Sighting) -> String {
    let asked = if seen.preflight { format!("OPTIONS (for {})", seen.method) } else { seen.method.clone() };
    let target = facts.saw(&seen.question).map(|seen| seen.probe.target.to_string()).unwrap_or_default();
    format!("{} asked {asked} {target} and saw {}.", seen.by, what(seen))
}

/// What a cause says that a second opinion settled: no guess stands in it.
fn headline(facts: &Facts, named: &Named) -> Option<String> {
    let seen =
        named.evidence.iter().find_map(|id| facts.second_opinion.iter().find(|seen| seen.id == *id))?;
    let cause = named.cause()?;
    if is_inner(named.symptom) || named.symptom == Kind::AuthTrouble {
        let observations = lifted(facts);
        return Some((cause.headline)(&Facts { observations: &observations, ..*facts }, named.host));
    }
    Some(format!("{} at {}: {} saw {}.", cause.title, words::name(facts, named.host), seen.by, what(seen)))
}

/// What this browser alone is certain of, and what another program is certain of in its place.
fn other_certainty(
    facts: &Facts,
    symptom: &Symptom,
    named: &[(&'static str, Confidence)],
) -> Option<(&'static Cause, &'static Cause)> {
    let certain = |confidence: Confidence| confidence == Confidence::Certain;
    let fits = ranked(facts, symptom);
    let own = fits.iter().map(|(named, _)| named).find(|named| certain(named.confidence))?;
    let other = named.iter().find(|(_, confidence)| certain(*confidence))?;
    let was_thought_of = fits.iter().any(|(fit, _)| fit.code == other.0);
    if was_thought_of { None } else { Some((own.cause()?, causes::find(other.0)?)) }
}

/// Where a second opinion and the browser do not agree, in sentences.
pub fn disagreements(facts: &Facts) -> Vec<String> {
    let mut said = Vec::new();
    for symptom in symptoms::present(facts) {
        let Some(settled) = settle(&symptom, facts) else { continue };
        let Some(seen) = settled.by.first() else { continue };
        if let Some((own, other)) = other_certainty(facts, &symptom, &settled.named) {
            said.push(format!(
                "{} saw {}, which speaks for “{}”; what this browser saw speaks for “{}”.",
                seen.by,
                what(seen),
                other.title,
                own.title
            ));
        }
        if !settled.contradicts {
            continue;
        }
        let what = seen.status().map(|status| status.to_string()).unwrap_or_default();
        let name = words::name(facts, symptom.host);
        said.push(if symptom.kind == Kind::NoAnswer {
            format!(
                "{} gets {what} from {name}, and this browser gets no answer: the host is there, and something between this browser and it is not. That can be an extension, the permission for local networks, a proxy of the browser or, with https, a certificate that only curl trusts.",
                seen.by
            )
        } else {
            format!(
                "{} gets {what} from {name} with all that this page needs, and this browser does not: a cache, an extension that changes headers, or a fault that comes and goes stands between.",
                seen.by
            )
        });
    }
    for seen in facts.second_opinion {
        let reached = matches!(facts.reach(seen.host), Reach::Readable | Reach::Unreadable);
        let fails = !matches!(seen.came, Came::Answered | Came::Broken | Came::NotHttp);
        if reached && fails && !seen.preflight && said.is_empty() {
            said.push(format!(
                "This browser reaches {}, and {} does not ({}): it has its own proxy settings, certificates and variables, as the Python client has.",
                words::name(facts, seen.host),
                seen.by,
                quoted(&seen.says, 200)
            ));
        }
    }
    said
}
