//! Preflight: a page that finds out, from the user's own browser, why an MLflow registry does not work.
//!
//! # The map of the rooms
//!
//! | room | what it is for |
//! |---|---|
//! | [`json`] | JSON, read and written with little code |
//! | [`part`] | what a page loads only when it needs it |
//! | [`deployment`] | what is under test, parsed: addresses, credential, auth scheme, `preflight.json` |
//! | [`probe`] | one question to the network, and what was seen of it: facts with units |
//! | [`catalogue`] | the words that lie beside the page: what causes mean, fix cards, why checks matter |
//! | [`run`] | all that a run has seen so far ([`run::Facts`]), its limits and its events |
//! | [`registration`] | what a run writes, if asked to: the steps, the clean-up, the journal |
//! | [`checks`] | claims that are true on a healthy deployment; one file and one line each |
//! | [`diagnosis`] | from the pattern of all observations to ranked causes; one file and one line each |
//! | [`report`] | the versioned document that leaves the page |
//! | [`second`] | the second opinion: reads what `curl` or DevTools saw of the same questions |
//! | [`engine`] | puts the pure rooms together: what to ask next, what is known now |
//! | [`desk`] | what a run does not need: exports, files that are read back; a program of its own, in a worker |
//! | [`watch`] | what many runs in a row showed |
//! | [`fleet`] | what runs at all deployments of `preflight.json` showed, without a key |
//! | `browser` | THIN: the only place that calls web APIs, and the loop that sends probes (wasm32 only) |
//! | `ui` | Leptos components that decide nothing (wasm32 only) |
//!
//! # Who may import what
//!
//! Look, judge, show. The rooms from `json` to `fleet` are pure: no clock, no network, no randomness;
//! each may use only rooms above it in this list. Whatever needs the time or a random number gets it as an
//! argument. `browser` may use the pure rooms and web APIs; `ui` the pure rooms and Leptos, and only
//! `ui::state`, `ui::journal`, `ui::help`, `ui::lazy`, `ui::app`, `ui::fleet` and `ui::examples` may use `browser`.
//! Browser crates are dependencies for wasm32 only, so the
//! compiler keeps the pure rooms pure.
//!
//! One deviation from a plain layering: which probe comes next is decided by those who need the answer. A
//! check says what it needs asked, and a symptom (see [`diagnosis`]) says what would tell its causes apart;
//! [`engine`] collects both. So a new check or cause brings its probes along and no planner has to learn it.

pub mod catalogue;
pub mod checks;
pub mod deployment;
pub mod desk;
pub mod diagnosis;
pub mod engine;
pub mod fleet;
pub mod json;
pub mod part;
pub mod probe;
pub mod registration;
pub mod report;
pub mod run;
pub mod second;
pub mod watch;

#[cfg(target_arch = "wasm32")]
pub mod browser;
#[cfg(target_arch = "wasm32")]
pub mod ui;

// What tests share, in the library's own as in those beside it.
#[cfg(test)]
extern crate self as preflight;
#[cfg(test)]
#[path = "../tests/native/mod.rs"]
mod native;
