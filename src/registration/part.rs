//! What the rest of the program asks of a registration. A run that writes nothing does not load it.

use super::cleanup::{self, Cleaning};
use crate::part::Part;
use crate::probe::{Observation, Probe};
use crate::run::{Facts, Run};

/// The course of a registration.
pub struct Course {
    next: fn(&Run) -> Vec<Probe>,
    pause: fn(&Run, &str) -> u32,
    has_failed: fn(&Facts, &Observation) -> bool,
    cleaning: fn(&Facts) -> Cleaning,
}

/// The way to it.
pub static COURSE: Part<Course> = Part::new(&COURSE_HERE);
/// What that leads to.
pub static COURSE_HERE: Course =
    Course { next: super::next, pause: super::pause, has_failed: super::has_failed, cleaning: cleanup::look };

fn course(facts: &Facts) -> Option<&'static Course> {
    COURSE.get().filter(|_| facts.registration.is_some())
}

/// See [`super::next`].
pub fn next(run: &Run) -> Vec<Probe> {
    course(&run.facts()).map(|course| (course.next)(run)).unwrap_or_default()
}

/// See [`super::pause`].
pub fn pause(run: &Run, id: &str) -> u32 {
    course(&run.facts()).map_or(0, |course| (course.pause)(run, id))
}

/// See [`super::has_failed`].
pub fn has_failed(facts: &Facts, seen: &Observation) -> bool {
    course(facts).is_some_and(|course| (course.has_failed)(facts, seen))
}

/// See [`cleanup::look`].
pub fn cleaning(facts: &Facts) -> Cleaning {
    course(facts).map(|course| (course.cleaning)(facts)).unwrap_or_default()
}
