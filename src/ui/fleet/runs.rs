//! The runs of the fleet: a few at a time, each without a key.

use super::{Entry, Fleet, Seen, Sides, Stand};
use crate::browser::{desk, environment, run_loop, url};
use crate::catalogue::Catalogue;
use crate::deployment::form::{self, FormInput};
use crate::deployment::{Credential, Deployment, KeyReading};
use crate::engine;
use crate::fleet::{self, AT_ONCE};
use crate::json::{self, Value};
use crate::report::Report;
use crate::run::{Limits, Phase, Run};
use crate::ui::state::Store;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::VecDeque;
use std::rc::Rc;

/// What goes on, and what waits for it.
#[derive(Default)]
pub struct Going {
    /// What belongs to an earlier one is dropped.
    turn: u32,
    /// By the place of the deployment.
    running: Vec<(usize, Option<run_loop::Running>)>,
    waiting: VecDeque<(usize, Deployment, Limits)>,
}

impl Going {
    /// Counts presses of *Check all*.
    pub fn turn(&self) -> u32 {
        self.turn
    }
}

impl Fleet {
    /// Checks all deployments of `preflight.json`.
    pub fn check_all(self, store: Store) {
        self.stop_all();
        let (mut entries, mut waiting) = (Vec::new(), VecDeque::new());
        store.form.with_untracked(|form| {
            for (index, preset) in form.config.deployments.iter().enumerate() {
                let understood = form::understand(&FormInput::from_preset(preset), Some(preset), url::parse);
                let stand = match understood.deployment {
                    Some(deployment) => {
                        let limits = fleet::limits(form.config.patience(Some(preset)));
                        waiting.push_back((index, deployment, limits));
                        Stand::Waiting
                    }
                    None => Stand::Unusable,
                };
                let (id, name) = (preset.id.clone(), preset.name.clone());
                entries.push(Entry { id, name, address: preset.registry_url.clone(), stand });
            }
        });
        self.entries.set(entries);
        self.chosen.set(Vec::new());
        self.sides.set(Sides::None);
        self.state.set("running");
        self.going.update_value(|going| {
            going.turn += 1;
            going.waiting = waiting;
        });
        self.begin(store);
    }

    /// Ends all runs now, and begins no more.
    pub fn stop_all(self) {
        if self.state.get_untracked() != "running" {
            return;
        }
        self.state.set("stopped");
        // Taken out first: each run tells of its end while it is stopped.
        let running = self.going.try_update_value(|going| {
            going.turn += 1;
            going.waiting.clear();
            core::mem::take(&mut going.running)
        });
        running
            .iter()
            .flatten()
            .filter_map(|(_, running)| running.as_ref())
            .for_each(run_loop::Running::stop);
        self.entries.update(|entries| {
            let unfinished = |stand: &Stand| matches!(stand, Stand::Waiting | Stand::Running);
            let unfinished = entries.iter_mut().filter(|entry| unfinished(&entry.stand));
            unfinished.for_each(|entry| entry.stand = Stand::Stopped);
        });
    }

    /// Begins as many runs as may go on together.
    fn begin(self, store: Store) {
        let next = || {
            self.going.try_update_value(|going| {
                if going.running.len() >= AT_ONCE {
                    return None;
                }
                let next = going.waiting.pop_front();
                going.running.extend(next.iter().map(|(index, ..)| (*index, None)));
                next
            })
        };
        while let Some((index, deployment, limits)) = next().flatten() {
            self.stands(index, Stand::Running);
            self.run(store, self.turn(), index, deployment, limits);
        }
        if self.state.get_untracked() == "running" && self.going.with_value(|going| going.running.is_empty())
        {
            self.state.set("finished");
        }
    }

    fn turn(self) -> u32 {
        self.going.with_value(|going| going.turn)
    }

    fn stands(self, index: usize, stand: Stand) {
        self.entries.update(|entries| {
            if let Some(entry) = entries.get_mut(index) {
                entry.stand = stand;
            }
        });
    }

    fn run(self, store: Store, turn: u32, index: usize, deployment: Deployment, limits: Limits) {
        let Some(environment) = environment::read(&deployment.mlflow.origin) else {
            return self.ends(store, index, Stand::Unusable);
        };
        // There is no key, and no origin that one could go to.
        let (shape, scheme) = (deployment.key_shape.as_ref(), deployment.scheme.clone());
        let credential = Credential::new(String::new(), shape, scheme, Vec::new());
        let run = Run::new(deployment, environment, limits, KeyReading::default());
        let running = run_loop::start(run, credential, None, move |run| {
            if run.phase != Phase::Running && self.turn() == turn {
                let line = fleet::line(run, &engine::judge(run));
                self.ends(store, index, Stand::Ended(Rc::new(Seen { run: run.clone(), line })));
            }
        });
        self.going.update_value(|going| {
            let mine = going.running.iter_mut().filter(|(other, _)| *other == index);
            mine.for_each(|(_, handle)| *handle = Some(running.clone()));
        });
    }

    fn ends(self, store: Store, index: usize, stand: Stand) {
        self.going.update_value(|going| going.running.retain(|(other, _)| *other != index));
        self.stands(index, stand);
        self.begin(store);
    }

    /// Puts a deployment beside another one, or takes it away again. Two stand there at the most.
    pub fn choose(self, index: usize) {
        self.chosen.update(|chosen| {
            let was = chosen.len();
            chosen.retain(|other| *other != index);
            if chosen.len() == was {
                chosen.push(index);
            }
            let surplus = chosen.len().saturating_sub(2);
            chosen.drain(..surplus);
        });
        self.sides.set(Sides::None);
        let pair = self.chosen.get_untracked();
        let reports: Vec<String> = self.entries.with_untracked(|entries| {
            let entries = pair.iter().filter_map(|index| entries.get(*index));
            let seen = entries.filter_map(|entry| match &entry.stand {
                Stand::Ended(seen) => Some(seen),
                _ => None,
            });
            // Words for people who mend something are not compared.
            let report = |seen: &Rc<Seen>| {
                Report::of(&seen.run, &engine::judge(&seen.run), &Catalogue::default()).to_json()
            };
            seen.map(report).collect()
        });
        let [one, other] = &reports[..] else { return };
        let request = ["{\"task\":\"side-by-side\",\"report\":", one, ",\"other\":", other, "}"].concat();
        self.sides.set(Sides::Waiting);
        spawn_local(async move {
            let answer = desk::ask(&request).await;
            if self.chosen.with_untracked(|chosen| *chosen != pair) {
                return;
            }
            self.sides.set(match answer {
                Ok(answer) => Sides::Rows(rows(&answer)),
                Err(sentence) => Sides::Refused(sentence),
            });
        });
    }
}

fn rows(answer: &str) -> Vec<[String; 3]> {
    let list = json::parse(answer).unwrap_or(Value::Null);
    let text = |row: &Value, at: usize| {
        let cell = row.as_array().and_then(|row| row.get(at)).and_then(Value::as_str);
        cell.unwrap_or_default().to_owned()
    };
    let rows = list.as_array().into_iter().flatten();
    rows.map(|row| [text(row, 0), text(row, 1), text(row, 2)]).collect()
}
