//! Signals held in memory until a step waits for them.

use super::{Signal, Slot};
use crate::run::Stamp;

/// Undelivered signals, and the ids of delivered ones; the oldest first.
#[derive(Debug, Default)]
pub(crate) struct KeptSignals(Vec<KeptSignal>);

#[derive(Debug)]
struct KeptSignal {
    signal: Signal,
    is_taken: bool,
}

impl KeptSignals {
    /// Takes the oldest unexpired signal for a slot.
    pub(crate) fn take(&mut self, slot: &Slot, now: Stamp) -> Option<Signal> {
        let is_for = |kept: &&mut KeptSignal| !kept.is_taken && kept.signal.slot == *slot && kept.signal.until > now;
        let kept = self.0.iter_mut().find(is_for)?;
        kept.is_taken = true;
        let signal = kept.signal.clone();
        self.0.retain(|kept| !kept.is_taken || kept.signal.id.is_some());
        Some(signal)
    }

    /// Whether a signal with the same id arrived before for the same step. Drops expired signals first.
    pub(crate) fn is_repeated(&mut self, signal: &Signal) -> bool {
        self.0.retain(|kept| kept.signal.until > signal.at);
        let is_same = |kept: &KeptSignal| kept.signal.id == signal.id && kept.signal.slot.step() == signal.slot.step();
        signal.id.is_some() && self.0.iter().any(is_same)
    }

    /// Keeps a signal that no step waits for; of a delivered one, keeps only the id.
    pub(crate) fn keep(&mut self, signal: &Signal, is_given: bool) {
        if !is_given || signal.id.is_some() {
            self.0.push(KeptSignal { signal: signal.clone(), is_taken: is_given });
        }
    }
}
