//! When each request of a run went out and came back, on one time axis, and which of them the run waited for.

use super::Run;

/// A request on the time axis of a run. Times in milliseconds since the run's start.
#[derive(Clone, Debug, PartialEq)]
pub struct Span {
    /// Its place in [`Run::observations`].
    pub index: usize,
    /// When it was sent.
    pub start_ms: u32,
    /// How long it took.
    pub ms: u32,
    /// True when the run would have ended earlier had this one been answered earlier.
    pub critical: bool,
}

/// A request that is sent within this many milliseconds of another one's answer may have waited for it: deciding
/// what comes next takes a moment.
const REACTION_MS: u32 = 25;

/// Every request that came back, in the order of sending, and how long all of them took together.
pub fn spans(run: &Run) -> (Vec<Span>, u32) {
    let spans = run.observations.iter().enumerate().map(|(index, seen)| Span {
        index,
        start_ms: seen.start_ms,
        ms: seen.ms,
        critical: false,
    });
    let mut spans: Vec<Span> = spans.collect();
    let total = total(run);
    mark_critical(&mut spans);
    // By hand: a sort from the library weighs more than the page's whole waterfall.
    for at in 1..spans.len() {
        let mut at = at;
        while at > 0 && spans[at].start_ms < spans[at - 1].start_ms {
            spans.swap(at, at - 1);
            at -= 1;
        }
    }
    (spans, total)
}

/// How long a run took until its last answer, milliseconds.
pub fn total(run: &Run) -> u32 {
    run.observations.iter().map(|seen| seen.start_ms.saturating_add(seen.ms)).max().unwrap_or(0)
}

fn end(span: &Span) -> u32 {
    span.start_ms.saturating_add(span.ms)
}

/// From the last answer back: each request waited for the latest answer that came just before it was sent.
fn mark_critical(spans: &mut [Span]) {
    let mut at = latest(spans, u32::MAX);
    while let Some(index) = at {
        spans[index].critical = true;
        let start = spans[index].start_ms;
        at = latest(spans, start).filter(|before| end(&spans[*before]).saturating_add(REACTION_MS) >= start);
    }
}

/// The request that came back last at or before a time, unless it is marked already.
fn latest(spans: &[Span], by: u32) -> Option<usize> {
    let mut found: Option<usize> = None;
    for (index, span) in spans.iter().enumerate() {
        let later = found.is_none_or(|other| end(span) > end(&spans[other]));
        if end(span) <= by && later && !span.critical {
            found = Some(index);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(index: usize, start_ms: u32, ms: u32) -> Span {
        Span { index, start_ms, ms, critical: false }
    }

    #[test]
    fn the_critical_path_goes_back_from_the_last_answer() {
        // 0 and 1 at once; 2 after 1; 3 long but early; 4 after 2.
        let mut spans = [span(0, 0, 10), span(1, 0, 50), span(2, 52, 40), span(3, 0, 60), span(4, 95, 30)];
        mark_critical(&mut spans);
        let critical: Vec<usize> = spans.iter().filter(|span| span.critical).map(|span| span.index).collect();
        assert_eq!(critical, [1, 2, 4]);
    }

    #[test]
    fn requests_of_no_duration_do_not_go_round_for_ever() {
        let mut spans = [span(0, 0, 0), span(1, 0, 0), span(2, 0, 0)];
        mark_critical(&mut spans);
        assert!(spans.iter().all(|span| span.critical));
        mark_critical(&mut []);
    }

    #[test]
    fn a_pause_is_not_bridged() {
        let mut spans = [span(0, 0, 10), span(1, 200, 10)];
        mark_critical(&mut spans);
        assert!(!spans[0].critical && spans[1].critical);
    }
}
