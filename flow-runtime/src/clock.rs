//! Points in time, and the clock that runs go by.

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

/// Tells the time by which runs wait and are late: the time of the system, unless a test has another.
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

    /// The moment that is this far from now.
    pub(crate) fn after(&self, wait: Duration) -> Stamp {
        self.now().plus(wait)
    }

    /// Waits until a moment, or forever without one.
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

    /// What is left of a time that begins now. It is over when the clock says so, and also when the machine was awake for so long: a
    /// clock may be set back, and no moment was named.
    pub(crate) fn passing(&self, time: Duration) -> impl Fn() -> Duration + Send + Sync + use<> {
        let (clock, until, begun) = (self.clone(), self.after(time), Instant::now());
        move || {
            let left = time.saturating_sub(begun.elapsed());
            // Stamps have no parts of a millisecond.
            if time > LOOK { until.since(clock.now()).min(left) } else { left }
        }
    }

    /// Waits for a time.
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
