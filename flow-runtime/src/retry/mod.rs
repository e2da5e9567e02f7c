//! Retries: how often, and how long to wait before the next attempt.

use std::time::Duration;

/// Attempts of a step and the waits between them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Retry {
    /// Attempts in all, the first included; at least 1.
    pub max_attempts: u32,
    /// The wait before the second attempt.
    pub initial_delay: Duration,
    /// What each further wait is multiplied by.
    pub factor: f64,
    /// The longest wait.
    pub max_delay: Duration,
    /// Each wait is shortened by a random part of up to a quarter, so that many runs do not come back at once.
    pub jitter: bool,
}

/// The longest wait a provider may ask for; above it the attempt fails with what the provider said.
pub const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(120);

impl Retry {
    /// One attempt.
    pub const ONCE: Self = Self { max_attempts: 1, ..Self::MODEL };

    /// What a model step does unless told otherwise: three attempts, half a second apart and doubling.
    pub const MODEL: Self = Self {
        max_attempts: 3,
        initial_delay: Duration::from_millis(500),
        factor: 2.0,
        max_delay: Duration::from_secs(8),
        jitter: true,
    };

    /// The same waits with another number of attempts.
    #[must_use]
    pub const fn attempts(mut self, max_attempts: u32) -> Self {
        self.max_attempts = max_attempts;
        self
    }

    /// How long to wait after `failed` attempts. What the provider asks for counts where it is longer; `None` when it asks for
    /// more than [`LONGEST_RETRY_AFTER`].
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
