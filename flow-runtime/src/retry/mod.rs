//! Retries: how often, and how long to wait before the next attempt.

use std::time::Duration;

/// The attempts of a step, and the delays between them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Retry {
    /// Total number of attempts, at least 1.
    pub max_attempts: u32,
    /// The delay before the second attempt.
    pub initial_delay: Duration,
    /// The factor between consecutive delays.
    pub factor: f64,
    /// The maximum delay.
    pub max_delay: Duration,
    /// Shortens each delay by a random part of up to a quarter, so that many runs do not retry at once.
    pub jitter: bool,
}

/// The longest delay a provider may ask for. Beyond it the attempt fails with the provider's message.
pub const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(120);

impl Retry {
    /// A single attempt.
    pub const ONCE: Self = Self { max_attempts: 1, ..Self::MODEL };

    /// The default of model steps: three attempts, with a delay of half a second that doubles.
    pub const MODEL: Self = Self {
        max_attempts: 3,
        initial_delay: Duration::from_millis(500),
        factor: 2.0,
        max_delay: Duration::from_secs(8),
        jitter: true,
    };

    /// Sets the number of attempts, with the same delays.
    #[must_use]
    pub const fn attempts(mut self, max_attempts: u32) -> Self {
        self.max_attempts = max_attempts;
        self
    }

    /// Returns the delay after `failed` attempts. A longer delay requested by the provider takes precedence; `None` if it exceeds
    /// [`LONGEST_RETRY_AFTER`].
    pub fn delay(&self, failed: u32, asked: Option<Duration>) -> Option<Duration> {
        if asked.is_some_and(|asked| asked > LONGEST_RETRY_AFTER) {
            return None;
        }
        let own = self.backoff(failed);
        Some(asked.map_or(own, |asked| asked.max(own)))
    }

    fn backoff(&self, failed: u32) -> Duration {
        let steps = failed.saturating_sub(1).min(64) as i32;
        let seconds = self.initial_delay.as_secs_f64() * self.factor.powi(steps);
        let capped = seconds.min(self.max_delay.as_secs_f64()).max(0.0);
        let share = if self.jitter { 1.0 - fastrand::f64() / 4.0 } else { 1.0 };
        Duration::from_secs_f64(capped * share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Retry = Retry { jitter: false, ..Retry::MODEL };

    #[test]
    fn waits_double_up_to_the_longest() {
        let waits: Vec<_> = (1..=6).map(|failed| PLAIN.delay(failed, None).unwrap().as_millis()).collect();
        assert_eq!(waits, [500, 1000, 2000, 4000, 8000, 8000]);
    }

    #[test]
    fn a_provider_may_ask_for_more_but_not_for_ever() {
        assert_eq!(PLAIN.delay(1, Some(Duration::from_secs(30))), Some(Duration::from_secs(30)));
        assert_eq!(PLAIN.delay(1, Some(Duration::from_millis(1))), Some(Duration::from_millis(500)));
        assert_eq!(PLAIN.delay(1, Some(Duration::from_secs(121))), None);
    }

    #[test]
    fn jitter_only_shortens_by_a_quarter() {
        for failed in 1..100 {
            let (most, got) = (PLAIN.delay(failed, None).unwrap(), Retry::MODEL.delay(failed, None).unwrap());
            assert!(got <= most && got >= most.mul_f64(0.749), "{got:?} of {most:?}");
        }
    }
}
