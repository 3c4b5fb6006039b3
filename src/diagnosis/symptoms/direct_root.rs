//! The files of runs do not go through MLflow.

use super::{Kind, Watch, asks_nothing};
use crate::deployment::Host;
use crate::run::Facts;
use crate::run::facts::ArtifactRoot;

pub const WATCH: Watch = Watch {
    kind: Kind::DirectRoot,
    present,
    asks: asks_nothing,
    says: "Clients must write the files of models to another place than MLflow.",
};

fn present(facts: &Facts, host: Host) -> bool {
    host == Host::Registry
        && facts.mlflow_works()
        && matches!(facts.artifact_root(), Some(ArtifactRoot::Folder(_) | ArtifactRoot::Store(_)))
}
