//! What time it is for runs that wait.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use crate::run::Stamp;
use crate::time_limit::LOOK;

/// Tells the time, the machine's unless a test has another.
#[derive(Clone)]
pub(in crate::engine) struct Clock(Arc<dyn Fn() -> Stamp + Send + Sync>);

impl Clock {
    pub(in crate::engine) fn new(now: impl Fn() -> Stamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    pub(in crate::engine) fn now(&self) -> Stamp {
        (self.0)()
    }

    /// The moment after a time from now.
    pub(in crate::engine) fn after(&self, wait: Duration) -> Stamp {
        self.now().plus(wait)
    }

    /// Waits until a moment; for ever where there is none.
    pub(in crate::engine) async fn until(&self, moment: Option<Stamp>) {
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
    pub(in crate::engine) fn passing(&self, time: Duration) -> impl Fn() -> Duration + Send + Sync + use<> {
        let (clock, until, begun) = (self.clone(), self.after(time), Instant::now());
        move || {
            let left = time.saturating_sub(begun.elapsed());
            // Stamps have no parts of a millisecond.
            if time > LOOK { until.since(clock.now()).min(left) } else { left }
        }
    }

    /// Waits for a time.
    pub(in crate::engine) async fn pass(&self, time: Duration) {
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
