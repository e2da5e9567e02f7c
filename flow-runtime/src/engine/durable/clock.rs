//! What time it is for runs that wait.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::run::Stamp;

/// The longest sleep before the clock is asked again: it may be set, and a machine that sleeps stops timers but not clocks.
const LOOK: Duration = Duration::from_secs(60);

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
