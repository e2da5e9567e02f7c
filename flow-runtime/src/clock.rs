//! Points in time, and the clock of runs.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use crate::time_limit::LOOK;

/// A point in time, in milliseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Stamp(pub u64);

impl Stamp {
    /// Returns the current time of the system clock.
    pub fn now() -> Self {
        Self(SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_millis() as u64))
    }

    /// Returns the point in time after a duration, to the millisecond.
    #[must_use]
    pub fn plus(self, time: Duration) -> Self {
        Self(self.0.saturating_add(time.as_millis().try_into().unwrap_or(u64::MAX)))
    }

    /// Returns the time since an earlier point; zero if that point is later.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0))
    }
}

/// Tells the time for waits and deadlines: the system time, unless a test replaces it.
///
/// ```
/// use flow_runtime::clock::{Clock, Stamp};
///
/// let fixed = Clock::new(|| Stamp(1_000));
/// assert_eq!(fixed.now(), Stamp(1_000));
/// ```
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Stamp + Send + Sync>);

impl Clock {
    /// Creates a clock that reads the time from a function.
    pub fn new(now: impl Fn() -> Stamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// Returns the current time.
    pub fn now(&self) -> Stamp {
        (self.0)()
    }

    /// Returns the point in time `wait` from now.
    pub(crate) fn after(&self, wait: Duration) -> Stamp {
        self.now().plus(wait)
    }

    /// Waits until a point in time; forever if there is none.
    pub(crate) async fn until(&self, moment: Option<Stamp>) {
        let Some(moment) = moment else { return std::future::pending().await };
        loop {
            let left = moment.since(self.now());
            if left.is_zero() {
                return;
            }
            tokio::time::sleep(left.min(LOOK)).await;
        }
    }

    /// Returns a function that tells how much of `time`, which starts now, is left. It elapses by this clock or by the
    /// monotonic one, whichever comes first: the clock may be set back, and a duration, unlike a deadline, does not
    /// name a point in time.
    pub(crate) fn passing(&self, time: Duration) -> impl Fn() -> Duration + Send + Sync + use<> {
        let (clock, until, begun) = (self.clone(), self.after(time), Instant::now());
        move || {
            let left = time.saturating_sub(begun.elapsed());
            // Short times skip the clock, since stamps have only millisecond resolution.
            if time > LOOK { until.since(clock.now()).min(left) } else { left }
        }
    }

    pub(crate) async fn pass(&self, time: Duration) {
        let left = self.passing(time);
        loop {
            match left() {
                Duration::ZERO => return,
                left => tokio::time::sleep(left.min(LOOK)).await,
            }
        }
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::new(Stamp::now)
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clock({:?})", self.now())
    }
}
