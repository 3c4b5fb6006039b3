//! What is seen on the page. Components decide nothing: they show what [`crate::engine::judge`] made of a run,
//! in the words of the catalogue. Text from the network is text, never markup. Only [`state`], [`journal`], [`help`],
//! [`lazy`], [`app`], [`dom`], [`examples`] and [`fleet`] may use the browser room.
//!
//! | file | what it shows |
//! |---|---|
//! | [`app`] | the whole page, in order |
//! | [`state`] | nothing: the one store |
//! | [`dom`] | nothing: elements, how they follow signals, and when they are laid out |
//! | [`help`] | the words of the catalogue, once they are loaded |
//! | [`form`] | what is under test, the two buttons, what will be asked |
//! | [`verdict`] | the verdict's section; while running, how far it is |
//! | [`outcome`] | what is wrong, who mends it, how |
//! | [`lazy`] | nothing: the pieces of the page that are loaded when they are needed |
//! | [`handover`] | after a good run: lines for other programs |
//! | [`other_ways`] | after a refusal: other ways to present the key |
//! | [`opinion`] | the field for what `curl` or DevTools saw, and what was made of it |
//! | [`journal`] | nothing: the part of the store that knows what registrations left |
//! | [`registration`] | what a registration will write, what it left, and its clean-up |
//! | [`way`] | the stations and where the way breaks |
//! | [`suites`] | every check, by suite |
//! | [`shared`] | where a report that was made elsewhere comes from |
//! | [`question`] | a question that has to be answered before something is done |
//! | [`link`] | links to share |
//! | [`share`] | what leaves the page, as it is shown before |
//! | [`compare`] | reports that come back as files |
//! | [`parts`] | small parts: marks, text to copy, lists |
//! | [`tab`] | the browser's tab: title and icon |
//! | [`watch`], [`watching`] | runs at an interval, and what they showed |
//! | [`waterfall`] | every request on one time axis |
//! | [`later`] | parts that most visits do without |
//! | [`examples`] | such a part: recorded incidents |
//! | [`fleet`] | such a part: all deployments, without a key |
//! | `words` | what a probe asks, in words: see [`crate::probe::words`] |

pub mod app;
pub mod compare;
pub mod dom;
pub mod examples;
pub mod fleet;
pub mod form;
pub mod handover;
pub mod help;
pub mod journal;
pub mod later;
pub mod lazy;
pub mod link;
pub mod opinion;
pub mod other_ways;
pub mod outcome;
pub mod parts;
pub mod question;
pub mod registration;
pub mod share;
pub mod shared;
pub mod state;
pub mod suites;
pub mod tab;
pub mod verdict;
pub mod watch;
pub mod watching;
pub mod waterfall;
pub mod way;
pub use crate::probe::words;
