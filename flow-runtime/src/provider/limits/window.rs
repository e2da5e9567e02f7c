//! The requests of the last minute.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

const MINUTE: Duration = Duration::from_secs(60);

/// The requests admitted within the last minute, the oldest first.
pub(super) struct Window {
    most_requests: Option<usize>,
    most_tokens: Option<u64>,
    admitted: VecDeque<Admitted>,
    /// The sum of tokens of all admitted requests.
    tokens: u64,
    next: u64,
}

struct Admitted {
    number: u64,
    at: Instant,
    tokens: u64,
}

impl Window {
    pub(super) fn new(most_requests: Option<usize>, most_tokens: Option<u64>) -> Self {
        Self { most_requests, most_tokens, admitted: VecDeque::new(), tokens: 0, next: 0 }
    }

    /// Admits a request and returns its number, or the time when the oldest request expires.
    pub(super) fn admit(&mut self, now: Instant, tokens: u64) -> Result<u64, Instant> {
        self.forget(now);
        if let Some(oldest) = self.admitted.front()
            && self.is_full_for(tokens)
        {
            return Err(oldest.at + MINUTE);
        }
        let number = self.next;
        self.next += 1;
        if self.most_requests.is_some() || self.most_tokens.is_some() {
            self.tokens = self.tokens.saturating_add(tokens);
            self.admitted.push_back(Admitted { number, at: now, tokens });
        }
        Ok(number)
    }

    /// Replaces the estimated tokens of a request by the actual number. Does nothing once it has expired.
    pub(super) fn settle(&mut self, number: u64, tokens: u64) {
        let Ok(index) = self.admitted.binary_search_by_key(&number, |admitted| admitted.number) else { return };
        let guessed = std::mem::replace(&mut self.admitted[index].tokens, tokens);
        self.tokens = self.tokens.saturating_sub(guessed).saturating_add(tokens);
    }

    fn is_full_for(&self, tokens: u64) -> bool {
        self.most_requests.is_some_and(|most| self.admitted.len() >= most)
            || self.most_tokens.is_some_and(|most| self.tokens.saturating_add(tokens) > most)
    }

    fn forget(&mut self, now: Instant) {
        while let Some(oldest) = self.admitted.front()
            && oldest.at + MINUTE <= now
        {
            self.tokens = self.tokens.saturating_sub(oldest.tokens);
            self.admitted.pop_front();
        }
    }
}
