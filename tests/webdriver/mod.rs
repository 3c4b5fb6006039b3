//! Real browsers, driven over WebDriver.
//!
//! | file | what it is for |
//! |---|---|
//! | `accessible` | axe-core looks at every state |
//! | `again` | *Check again*: a cause's own questions alone, and everything once it is mended |
//! | `canary` | keys are planted, and searched for in everything that leaves |
//! | `crash` | the program dies: what was seen is kept, and nothing is submitted |
//! | `engine` | which browsers there are and how each is started |
//! | `session` | one open browser: load, script, wait, screenshot |
//! | `in_ci` | the guide's script for continuous integration |
//! | `examples` | records the examples |
//! | `fleet` | all deployments at once, without a key |
//! | `form` | fills the page's form, starts a run, reads what the page says |
//! | `hosted` | the page below a path, and from the browser's cache |
//! | `keyboard` | a whole run and its link without a mouse |
//! | `logins` | which credentials the servers were shown, and how often in vain |
//! | `table` | runs the lab's scenario table and compares |
//! | `promises` | what must hold whatever the diagnosis says: the key stays, *Stop* stops |
//! | `other_ways` | *Try other ways*: what is sent, found and said |
//! | `handover` | the lines for other programs, run as they stand |
//! | `redirects` | no redirect takes a key along |
//! | `registration` | a registration against real servers: it passes, is read by MLflow's client, and leaves nothing |
//! | `results` | what stands around a verdict: that it is of another form, that not all is well |
//! | `survives` | whatever a server does on the wire, a run ends and says that something is wrong |
//! | `links` | what must hold for links: shown as made, harmless, no key without a question |
//! | `pictures` | screenshots for people |
//! | `bench` | how fast a run is |
//! | `processor` | a processor for the page's main thread alone |
//! | `smooth` | whether typing and scrolling stay smooth during a run |
//! | `watch` | days of a watch in minutes: what becomes of the memory |
//! | `scripts`, `questions` | the questions of the scripts that this page replaces, asked one after another |

pub mod accessible;
pub mod again;
pub mod bench;
pub mod canary;
pub mod crash;
pub mod engine;
pub mod examples;
pub mod fleet;
pub mod form;
pub mod handover;
pub mod hosted;
pub mod in_ci;
pub mod keyboard;
pub mod links;
pub mod logins;
pub mod opinion;
pub mod other_ways;
pub mod pictures;
pub mod processor;
pub mod promises;
pub mod questions;
pub mod redirects;
pub mod registration;
pub mod results;
pub mod scripts;
pub mod session;
pub mod smooth;
pub mod survives;
pub mod table;
pub mod watch;
