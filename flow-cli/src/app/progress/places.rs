//! Text of progress lines: one line per step, and one for all items of a map or iterations of a loop.

use std::time::Duration;

use flow_runtime::run::Place;

use super::step::{StepEnd, Tries};
use crate::app::shown::duration;

/// A place without item and iteration indices, and whether it had any: `map[17]/write` becomes `map/write`.
pub(super) fn without_indices(place: &Place) -> (String, bool) {
    let mut parts = place.as_str().split('[');
    let mut text = parts.next().unwrap_or_default().to_owned();
    let mut indexed = false;
    for part in parts {
        indexed = true;
        text.push_str(part.split_once(']').map_or(part, |(_, rest)| rest));
    }
    (text, indexed)
}

/// All steps at one place, regardless of indices.
#[derive(Clone, Debug, Default)]
pub(super) struct Group {
    pub(super) place: String,
    /// Whether there can be several.
    pub(super) is_indexed: bool,
    pub(super) underway: u32,
    pub(super) done: u32,
    pub(super) failed: u32,
    pub(super) cancelled: u32,
    /// Current attempt, if there is only one step.
    pub(super) tries: Tries,
    /// Delay before the next attempt, if there is only one step.
    pub(super) waits: Option<Duration>,
}

impl Group {
    pub(super) fn of(place: String, is_indexed: bool) -> Self {
        Self { place, is_indexed, ..Self::default() }
    }

    /// Counts a step that ended.
    pub(super) fn ends(&mut self, end: StepEnd) {
        self.underway = self.underway.saturating_sub(1);
        *match end {
            StepEnd::Done => &mut self.done,
            StepEnd::Failed => &mut self.failed,
            StepEnd::Cancelled => &mut self.cancelled,
        } += 1;
    }

    /// Text while steps run: `write  attempt 2`, `map/write  3 under way, 12 done`.
    pub(super) fn underway(&self) -> String {
        let mut parts = Vec::new();
        if self.is_indexed {
            parts.push(format!("{} under way", self.underway));
            parts.push(format!("{} done", self.done));
            parts.extend(self.amiss());
        } else {
            match self.tries {
                Tries { turn: Some(turn), .. } => parts.push(format!("turn {turn}")),
                Tries { attempt: attempt @ 2.., .. } => parts.push(format!("attempt {attempt}")),
                _ => {}
            }
            if let Some(time) = self.waits {
                parts.push(format!("next attempt in {}", duration(time)));
            }
        }
        format!("{}  {}", self.place, parts.join(", ")).trim_end().to_owned()
    }

    /// Text after the run: `failed  map/write  (12 done, 1 failed, 4.2 s)`.
    pub(super) fn ended(&self, time: Duration) -> String {
        let outcome = match (self.failed, self.cancelled) {
            (0, 0) => "done",
            (0, _) => "cancelled",
            _ => "failed",
        };
        let parts: Vec<_> = std::iter::once(format!("{} done", self.done)).chain(self.amiss()).collect();
        format!("{outcome:<6}  {}  ({}, {})", self.place, parts.join(", "), duration(time))
    }

    /// Counts of failed and cancelled steps.
    fn amiss(&self) -> impl Iterator<Item = String> {
        let all = [(self.failed, "failed"), (self.cancelled, "cancelled")];
        all.into_iter().filter(|(count, _)| *count > 0).map(|(count, how)| format!("{count} {how}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(path: &str) -> Place {
        serde_json::from_value(path.into()).unwrap()
    }

    #[test]
    fn items_of_a_map_have_one_line() {
        let of = |path| without_indices(&place(path));
        assert_eq!(of("read"), ("read".into(), false));
        assert_eq!(of("map[17]/write.2"), ("map/write.2".into(), true));
        assert_eq!(of("map[1]/loop[20]/write"), ("map/loop/write".into(), true));
    }

    #[test]
    fn a_step_tells_of_its_attempts_and_a_map_of_its_items() {
        let mut step = Group::of("write".into(), false);
        assert_eq!(step.underway(), "write");
        (step.tries.attempt, step.waits) = (2, Some(Duration::from_secs(4)));
        assert_eq!(step.underway(), "write  attempt 2, next attempt in 4.0 s");
        let mut map = Group::of("map/write".into(), true);
        (map.underway, map.done) = (3, 12);
        assert_eq!(map.underway(), "map/write  3 under way, 12 done");
        assert_eq!(map.ended(Duration::from_secs(4)), "done    map/write  (12 done, 4.0 s)");
        map.failed = 1;
        assert_eq!(map.underway(), "map/write  3 under way, 12 done, 1 failed");
        assert_eq!(map.ended(Duration::from_secs(4)), "failed  map/write  (12 done, 1 failed, 4.0 s)");
        map.ends(StepEnd::Cancelled);
        assert_eq!(map.underway(), "map/write  2 under way, 12 done, 1 failed, 1 cancelled");
    }
}
