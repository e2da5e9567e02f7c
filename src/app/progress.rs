//! One line for each finished step.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use flow_runtime::event::{Event, Observer};
use flow_runtime::run::Place;

use super::host::Stream;

/// Tells on a stream how the run gets on.
pub(super) struct Progress {
    stream: Stream,
    open: Mutex<HashMap<Place, Open>>,
}

/// A step that has started.
struct Open {
    since: Instant,
    attempts: u32,
}

impl Progress {
    pub(super) fn on(stream: Stream) -> Self {
        Self { stream, open: Mutex::default() }
    }

    fn finish(&self, open: Option<Open>, place: &Place, failed: bool) {
        let Some(Open { since, attempts }) = open else { return };
        let outcome = if failed { "failed" } else { "done" };
        let attempts = if attempts > 1 { format!("{attempts} attempts, ") } else { String::new() };
        self.stream.notice(&format!("{outcome:<6}  {place}  ({attempts}{})", shown(since.elapsed())));
    }
}

impl Observer for Progress {
    fn event(&self, event: &Event) {
        let mut steps = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            Event::WillStep { place, .. } => {
                steps.insert(place.clone(), Open { since: Instant::now(), attempts: 0 });
            }
            Event::WillAttempt { place, attempt, .. } => {
                if let Some(open) = steps.get_mut(place) {
                    open.attempts = *attempt;
                }
            }
            Event::DidStep { place, error, .. } => self.finish(steps.remove(place), place, error.is_some()),
            _ => {}
        }
    }
}

/// Milliseconds below a second, seconds with a tenth above.
fn shown(time: Duration) -> String {
    if time < Duration::from_secs(1) {
        format!("{} ms", time.as_millis())
    } else {
        format!("{:.1} s", time.as_secs_f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_short() {
        assert_eq!(shown(Duration::from_micros(999_400)), "999 ms");
        assert_eq!(shown(Duration::from_millis(1_260)), "1.3 s");
    }
}
