//! MLflow's API works, and its artifact proxy does not.

use super::{Kind, Watch, asks_nothing};
use crate::deployment::Host;
use crate::probe::{Said, Saw};
use crate::run::Facts;
use crate::run::facts::{ArtifactRoot, ask};

pub const WATCH: Watch = Watch {
    kind: Kind::Artifacts,
    present,
    asks: asks_nothing,
    says: "MLflow's API works, but its artifact proxy does not: models cannot be uploaded through it.",
};

fn present(facts: &Facts, host: Host) -> bool {
    if host != Host::Registry || !facts.mlflow_works() || facts.is_unsteady() {
        return false;
    }
    let Some(seen) = facts.saw(ask::ARTIFACTS) else { return false };
    let is_direct = matches!(facts.artifact_root(), Some(ArtifactRoot::Folder(_) | ArtifactRoot::Store(_)));
    match facts.said(ask::ARTIFACTS) {
        Some(Said::Data) => false,
        // Nobody needs the proxy there: see `DirectRoot`.
        _ if is_direct => false,
        _ => seen.answer().is_some() || matches!(seen.saw, Saw::NetworkError | Saw::TimedOut),
    }
}
