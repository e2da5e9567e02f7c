//! The verdicts of a step's gates.

use crate::error::Result;
use crate::gate::Verdict;
use crate::graph::{Effect, Kind, Meta, MetaPtr};
use crate::place::NodeId;

/// The verdict of one gate.
#[derive(Debug)]
pub struct Judgement {
    /// The gate's name.
    pub gate: &'static str,
    /// Its verdict.
    pub verdict: Verdict,
}

/// The verdicts of a step's gates.
#[derive(Debug)]
pub struct Judgements {
    step: MetaPtr,
    /// The number of gates reached, asked or not.
    reached: usize,
    said: Vec<Judgement>,
    /// Which step gates are asked.
    asks: Asks,
    /// Gates that only the run can ask.
    left: Vec<&'static str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asks {
    All,
    /// Only code steps without effects: it is harmless that the run asks them again.
    Code,
    None,
}

impl Asks {
    fn include(self, step: &'static Meta) -> bool {
        match self {
            Self::All => true,
            Self::Code => step.kind == Kind::Code && step.policy.effect == Effect::None,
            Self::None => false,
        }
    }
}

impl Judgements {
    /// Starts before the first gate of a step.
    pub fn of(step: MetaPtr) -> Self {
        Self { step, reached: 0, said: Vec::new(), asks: Asks::All, left: Vec::new() }
    }

    /// The same outside of the waiting run: functions are asked, code steps only if `asks_code`.
    pub(super) fn outside(step: MetaPtr, asks_code: bool) -> Self {
        let asks = if asks_code { Asks::Code } else { Asks::None };
        Self { asks, ..Self::of(step) }
    }

    pub(super) fn step(&self) -> MetaPtr {
        self.step
    }

    /// Advances to the next gate; returns its place if it is a step. Gates come in the order of the step's policy.
    pub(super) fn next(&mut self) -> Option<NodeId> {
        self.reached += 1;
        self.step.get().policy.gate_node(self.reached - 1)
    }

    /// Whether the next gate is asked: functions always, steps only while nothing was rejected.
    pub(super) fn asks(&self, step: Option<MetaPtr>) -> bool {
        let is_accepted = || self.said.iter().all(|said| said.verdict.is_accepted());
        step.is_none_or(|step| self.asks.include(step.get()) && is_accepted())
    }

    /// Adds a verdict. A step that could not judge outside of the run is left to the run.
    pub(super) fn add(&mut self, gate: &'static str, verdict: Result<Verdict>) -> Result<()> {
        match verdict {
            Ok(verdict) => self.said.push(Judgement { gate, verdict }),
            Err(_) if self.asks != Asks::All => self.leave(gate),
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Notes a gate that was not asked.
    pub(super) fn leave(&mut self, gate: &'static str) {
        self.left.push(gate);
    }

    /// Passes over a gate whose arguments only the run has.
    pub fn pass(&mut self, gate: &'static str) {
        self.reached += 1;
        self.leave(gate);
    }

    /// The gates that were not asked.
    pub(crate) fn left(&self) -> &[&'static str] {
        &self.left
    }

    /// Returns all verdicts.
    pub fn into_all(self) -> Vec<Judgement> {
        self.said
    }
}
