//! Counts of lines by state.

use std::fmt;

use serde_json::{Value, json};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Lines of the source, if known.
    pub(crate) all: Option<u64>,
    /// Done by an earlier start.
    pub(crate) kept: u64,
    pub(crate) done: u64,
    pub(crate) failed: u64,
    /// Lines whose runs wait.
    pub(crate) waiting: u64,
    pub(crate) underway: usize,
    /// Number of the last line taken.
    last: u64,
}

impl Tally {
    pub(super) fn new(all: Option<u64>, kept: u64) -> Self {
        Self { all, kept, ..Self::default() }
    }

    pub(super) fn met(&mut self, line: u64) {
        self.last = line;
    }

    /// Number of the last line taken, from 1.
    pub(super) fn last(&self) -> u64 {
        self.last
    }

    /// Lines that ended or wait since this start.
    pub(crate) fn ended(&self) -> u64 {
        self.done + self.failed + self.waiting
    }

    /// Lines this start has to run, if known.
    pub(crate) fn asked(&self) -> Option<u64> {
        self.all.map(|all| all.saturating_sub(self.kept))
    }

    pub(super) fn to_json(self) -> Value {
        let mut json = json!({ "done": self.done, "failed": self.failed, "kept": self.kept });
        if self.waiting > 0 {
            json["waiting"] = self.waiting.into();
        }
        json
    }
}

/// `290 lines done, 10 failed, 100 kept from an earlier start`
impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = if self.done == 1 { "line" } else { "lines" };
        write!(f, "{} {lines} done, {} failed", self.done, self.failed)?;
        if self.waiting > 0 {
            write!(f, ", {} waiting", self.waiting)?;
        }
        if self.kept > 0 {
            write!(f, ", {} kept from an earlier start", self.kept)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_reads_as_a_sentence() {
        let mut tally = Tally::new(Some(12), 2);
        tally.done = 1;
        assert_eq!(tally.to_string(), "1 line done, 0 failed, 2 kept from an earlier start");
        assert_eq!((tally.asked(), tally.ended()), (Some(10), 1));
    }
}
