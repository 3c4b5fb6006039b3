//! From the pattern of all observations to ranked causes.
//!
//! Two lists. A *symptom* is something that is seen not to work ([`symptoms::ALL`], outermost layer first); it
//! also says what to ask to tell its causes apart. A *cause* is an entry of the catalogue ([`causes::ALL`]); it
//! says how well it explains a symptom ([`Cause::fit`]): certainly, likely, possibly or not at all.
//!
//! The honesty rules are kept here, once: a symptom with a certain explanation names that and sets the others
//! aside; otherwise all that fit share a shortlist and none of them is certain. `Certain` is only for what no
//! look-alike shows (each cause's tests say which look-alikes were tried).

pub mod causes;
pub mod fix;
pub mod handover;
pub mod opinion;
pub mod other_ways;
mod settle;
pub mod symptoms;
pub mod way;
mod words;

use crate::checks;
use crate::deployment::Host;
use crate::probe::Hop;
use crate::run::{Facts, Phase};
use fix::Fix;
use serde::{Deserialize, Serialize};
use symptoms::{Kind, Symptom};

/// An entry of the catalogue. Codes are stable for ever; words may change. What it means, what looks the same and how
/// each program is set right stands in `src/catalogue/causes/<code>.md` (see [`crate::catalogue`]).
pub struct Cause {
    /// Stable, kebab-case, equal to the file's name.
    pub code: &'static str,
    /// What kind of trouble it is.
    pub class: Class,
    /// The station where it sits.
    pub hop: Hop,
    /// Who mends it.
    pub owner: Owner,
    /// A short name, sentence case.
    pub title: &'static str,
    /// How well it explains a symptom.
    pub fit: fn(&Symptom, &Facts) -> Fit,
    /// What was seen and what it means, one sentence with the user's own values.
    pub headline: fn(&Facts, Host) -> String,
    /// What to change, as far as that depends on what was seen. The rest stands in the catalogue.
    pub fixes: fn(&Facts, Host) -> Vec<Fix>,
    /// The one command, or the one thing to look at, that settles it.
    pub tell: fn(&Facts, Host) -> Option<String>,
}

/// What kind of trouble a cause is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "product.md names them")]
pub enum Class {
    Client,
    Infrastructure,
    Cors,
    Auth,
    Routing,
    Credentials,
    Defect,
}

impl Class {
    /// Its heading in the documentation.
    pub fn title(self) -> &'static str {
        match self {
            Self::Client => "This browser and its network",
            Self::Infrastructure => "Infrastructure",
            Self::Cors => "Configuration: CORS",
            Self::Auth => "Configuration: auth",
            Self::Routing => "Configuration: MLflow and routing",
            Self::Credentials => "Credentials",
            Self::Defect => "Defects",
        }
    }
}

/// Who mends a cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// The person at this browser.
    You,
    /// Whoever runs the network this browser is in.
    Network,
    /// Whoever runs the gateway, load balancer or proxy.
    Gateway,
    /// Whoever runs the auth service.
    Auth,
    /// Whoever runs the MLflow server.
    Mlflow,
    /// Whoever hosts this page.
    Page,
}

impl Owner {
    /// In a sentence.
    pub fn name(self) -> &'static str {
        match self {
            Self::You => "you",
            Self::Network => "whoever runs the network this browser is in",
            Self::Gateway => "whoever runs the gateway",
            Self::Auth => "whoever runs the auth service",
            Self::Mlflow => "whoever runs the MLflow server",
            Self::Page => "whoever hosts this page",
        }
    }
}

/// How sure a cause is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Confidence {
    /// Fits, and others fit better or as well.
    Possible,
    /// Fits best.
    Likely,
    /// Nothing else explains what was seen.
    Certain,
}

impl Confidence {
    /// The value of `data-confidence`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Certain => "certain",
            Self::Likely => "likely",
            Self::Possible => "possible",
        }
    }

    /// What a cause says, as a sentence that claims no more than is known.
    pub fn hedge(self, said: String) -> String {
        let how = match self {
            Self::Certain => return said,
            Self::Likely => "Most likely",
            Self::Possible => "Possibly",
        };
        for (first, inside) in [("The ", " the "), ("Your ", " your ")] {
            if let Some(rest) = said.strip_prefix(first) {
                return [how, inside, rest].concat();
            }
        }
        [how, ": ", &said].concat()
    }
}

/// How well a cause explains a symptom.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    confidence: Option<Confidence>,
    weight: u8,
    evidence: Vec<String>,
}

impl Fit {
    /// It does not.
    pub const NO: Fit = Fit { confidence: None, weight: 0, evidence: Vec::new() };

    fn new(confidence: Confidence, weight: u8, evidence: &[&str]) -> Fit {
        let evidence = evidence.iter().map(|id| (*id).to_owned()).collect();
        Fit { confidence: Some(confidence), weight, evidence }
    }

    /// Nothing else explains it.
    pub fn certain(evidence: &[&str]) -> Fit {
        Fit::new(Confidence::Certain, 100, evidence)
    }

    /// True when nothing else explains it.
    pub fn is_certain(&self) -> bool {
        self.confidence == Some(Confidence::Certain)
    }

    /// It fits best, unless another with a greater weight is likely too.
    pub fn likely(weight: u8, evidence: &[&str]) -> Fit {
        Fit::new(Confidence::Likely, weight, evidence)
    }

    /// It fits. Weights order a shortlist and come from how often reports name the cause
    /// (facts/symptoms.md, browser-observability.md part 3).
    pub fn possible(weight: u8, evidence: &[&str]) -> Fit {
        Fit::new(Confidence::Possible, weight, evidence)
    }
}

/// How a run came out as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Overall {
    /// Nothing is wrong with what was looked at.
    Healthy,
    /// At least one cause is named.
    Problems,
    /// Something does not work, or was not seen, and no cause explains it.
    Unknown,
}

impl Overall {
    /// The value of `data-verdict`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::Problems => "problems",
            Self::Unknown => "unknown",
        }
    }
}

/// A cause that a verdict names. Words come from the catalogue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Named {
    /// Code of the cause.
    pub code: String,
    /// How sure it is.
    pub confidence: Confidence,
    /// The host it was seen at.
    pub host: Host,
    /// The symptom it explains.
    pub symptom: Kind,
    /// Ids of the probes it rests on.
    pub evidence: Vec<String>,
}

impl Named {
    /// Its entry in the catalogue.
    pub fn cause(&self) -> Option<&'static Cause> {
        causes::find(&self.code)
    }

    /// What was seen and what it means, with the user's own values.
    pub fn headline(&self, facts: &Facts) -> String {
        let own = || self.cause().map(|cause| (cause.headline)(facts, self.host));
        opinion::of(facts).and_then(|it| (it.headline)(facts, self)).or_else(own).unwrap_or_default()
    }
}

/// The causes of a run, ranked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// As a whole.
    pub overall: Overall,
    /// Outermost layer first; within a layer the surest first.
    pub causes: Vec<Named>,
    /// Considered and set aside: something else explains the symptom for certain, or the shortlist is full.
    pub set_aside: Vec<Named>,
    /// Symptoms that no cause explains.
    pub unexplained: Vec<Kind>,
    /// Stations that nothing was seen of, because a layer in front of them is broken.
    pub hidden: Vec<Hop>,
}

impl Verdict {
    /// True when both name the same, as surely, whatever it rests on.
    pub fn is_as(&self, other: &Verdict) -> bool {
        let said = |named: &Named| (named.confidence, named.host);
        let mut both = self.causes.iter().zip(&other.causes);
        self.overall == other.overall
            && self.causes.len() == other.causes.len()
            && both.all(|(a, b)| a.code == b.code && said(a) == said(b))
    }
}

/// Longest shortlist: more names than this help nobody.
pub const SHORTLIST: usize = 4;

/// Finds the causes of what was seen.
pub fn diagnose(facts: &Facts, phase: Phase) -> Verdict {
    let mut verdict = Verdict {
        overall: Overall::Unknown,
        causes: Vec::new(),
        set_aside: Vec::new(),
        unexplained: Vec::new(),
        hidden: Vec::new(),
    };
    let symptoms = symptoms::present(facts);
    let opinion = opinion::of(facts);
    let inner = opinion.map(|it| (it.behind)(facts, &symptoms)).unwrap_or_default();
    for symptom in symptoms {
        let mut fits = ranked(facts, &symptom);
        if opinion.is_some_and(|it| (it.settled)(facts, &symptom, &mut fits, &inner, &mut verdict)) {
            continue;
        }
        if fits.is_empty() {
            verdict.unexplained.push(symptom.kind);
            continue;
        }
        let certain = fits.iter().filter(|(named, _)| named.confidence == Confidence::Certain).count();
        let kept = if certain > 0 { certain } else { SHORTLIST };
        for (index, (named, _)) in fits.into_iter().enumerate() {
            let list = if index < kept { &mut verdict.causes } else { &mut verdict.set_aside };
            list.push(named);
        }
    }
    verdict.causes.extend(inner);
    unite(&mut verdict);
    verdict.hidden = hidden_behind(facts, &verdict);
    verdict.overall = if !verdict.causes.is_empty() {
        Overall::Problems
    } else if phase == Phase::Finished && verdict.unexplained.is_empty() && facts.mlflow_works() {
        Overall::Healthy
    } else {
        Overall::Unknown
    };
    verdict
}

/// The causes that fit a symptom, best first.
fn ranked(facts: &Facts, symptom: &Symptom) -> Vec<(Named, u8)> {
    // Best first, by insertion: a handful of entries, and the library's sort weighs 4 kB.
    let mut fits: Vec<(Named, u8)> = Vec::new();
    for cause in causes::CAUSES.get().unwrap_or_default() {
        let fit = (cause.fit)(symptom, facts);
        let Some(confidence) = fit.confidence else { continue };
        let named = Named {
            code: cause.code.to_owned(),
            confidence,
            host: symptom.host,
            symptom: symptom.kind,
            evidence: fit.evidence.into_iter().filter(|id| facts.saw(id).is_some()).collect(),
        };
        let better = |other: &(Named, u8)| (other.0.confidence, other.1) >= (confidence, fit.weight);
        fits.insert(fits.partition_point(better), (named, fit.weight));
    }
    fits
}

/// One cause may explain several symptoms: it is named once, with the greatest confidence and all evidence, and
/// what is named is not set aside. Only the same symptom at two hosts is two troubles,
/// unless it is this browser's.
fn unite(verdict: &mut Verdict) {
    let mut united: Vec<Named> = Vec::new();
    for named in verdict.causes.drain(..) {
        let is_client = named.cause().is_some_and(|cause| cause.class == Class::Client);
        let same = |other: &&mut Named| {
            other.code == named.code
                && (is_client || other.host == named.host || other.symptom != named.symptom)
        };
        match united.iter_mut().find(same) {
            Some(other) => {
                other.confidence = other.confidence.max(named.confidence);
                for id in named.evidence {
                    if !other.evidence.contains(&id) {
                        other.evidence.push(id);
                    }
                }
            }
            None => united.push(named),
        }
    }
    verdict.causes = united;
    let causes = &verdict.causes;
    verdict.set_aside.retain(|aside| !causes.iter().any(|named| named.code == aside.code));
    let mut seen: Vec<String> = Vec::new();
    verdict.set_aside.retain(|aside| {
        let new = !seen.contains(&aside.code);
        seen.push(aside.code.clone());
        new
    });
}

/// Stations behind the first broken one that nothing was seen of.
fn hidden_behind(facts: &Facts, verdict: &Verdict) -> Vec<Hop> {
    if facts.mlflow_works() || verdict.causes.is_empty() {
        return Vec::new();
    }
    // The first name of a list stands for it: the others would put the break elsewhere.
    let first = verdict.causes.iter().find(|named| named.host == Host::Registry);
    let broken = first.and_then(Named::cause).map(|cause| cause.hop);
    let spoke = |hop: Hop| {
        facts
            .of_host(Host::Registry)
            .filter_map(|seen| seen.answer())
            .any(|answer| crate::probe::Who::of(answer).hop() == Some(hop))
    };
    let Some(broken) = broken else { return Vec::new() };
    [Hop::Gateway, Hop::Application, Hop::Mlflow, Hop::Artifacts]
        .into_iter()
        .filter(|hop| *hop > broken && !spoke(*hop))
        .collect()
}

/// What a run did not look at, in sentences: so that "nothing is wrong" is never read as more than it says.
pub fn not_looked_at(facts: &Facts, judged: &[(&checks::Check, checks::Judgement)]) -> Vec<String> {
    let writes = facts.registration.is_some();
    let mut list: Vec<String> = judged
        .iter()
        .filter(|(check, _)| writes || check.suite != checks::Suite::Registration)
        .filter_map(|(check, judgement)| {
            let open = matches!(judgement.status, checks::Status::Skipped | checks::Status::Unknown);
            open.then(|| format!("{}: {}", check.title, judgement.actual))
        })
        .collect();
    if !writes {
        list.push(
            "Writing: a run creates experiments, runs and models and uploads files only when it is asked to, on the form.".to_owned(),
        );
    }
    list.push("How other programs reach the registry: the Python client has no CORS, but its own proxy, certificates and variables.".to_owned());
    list
}
