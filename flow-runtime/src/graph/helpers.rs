//! Helper steps: gates, fix, fallback and compensation. Each has its own id next to its step.

use super::{Gate, Meta, MetaPtr, Policy};
use crate::place::NodeId;

impl Policy {
    /// The node of the gate at a position; `None` for a function, which is no step.
    pub fn gate_node(&self, position: usize) -> Option<NodeId> {
        let step = self.gates.get(position)?.step?;
        Some(numbered(step, self.gate_steps(position)))
    }

    /// The node of the `fix` step.
    pub fn fix_node(&self) -> Option<NodeId> {
        let (step, _) = self.fix?;
        Some(numbered(step, self.gate_steps(self.gates.len())))
    }

    /// The node of the `fallback` step.
    pub fn fallback_node(&self) -> Option<NodeId> {
        let fix = self.fix.map(|(step, _)| step);
        Some(numbered(self.fallback?, self.gate_steps(self.gates.len()).chain(fix)))
    }

    /// The node of the `compensate` step.
    pub fn compensate_node(&self) -> Option<NodeId> {
        let others = self.fix.map(|(step, _)| step).into_iter().chain(self.fallback);
        Some(numbered(self.compensate?, self.gate_steps(self.gates.len()).chain(others)))
    }

    /// The gates: functions by name, steps by the ids in their places.
    pub(crate) fn gate_ids(&self) -> Vec<String> {
        let id = |(position, gate): (usize, &Gate)| match self.gate_node(position) {
            Some(node) => node.to_string(),
            None => gate.name.to_owned(),
        };
        self.gates.iter().enumerate().map(id).collect()
    }

    /// The gates before a position that are steps.
    fn gate_steps(&self, end: usize) -> impl Iterator<Item = MetaPtr> {
        self.gates.iter().take(end).filter_map(|gate| gate.step)
    }
}

/// The id of a step, with `.2`, `.3`, … if an earlier one has the same: steps of two modules may share a name.
fn numbered(step: MetaPtr, before: impl Iterator<Item = MetaPtr>) -> NodeId {
    let id = step.get().id;
    let same = before.filter(|other| other.get().id == id).count();
    NodeId { id, ordinal: same as u32 + 1 }
}

impl Meta {
    /// The steps that serve this one: gates, the fix, the fallback and what undoes it.
    pub fn helpers(&'static self) -> impl Iterator<Item = &'static Meta> {
        let gates = self.policy.gates.iter().filter_map(|gate| gate.step);
        let others =
            self.policy.fix.map(|(step, _)| step).into_iter().chain(self.policy.fallback).chain(self.policy.compensate);
        gates.chain(others).map(MetaPtr::get)
    }

    /// The helper step with this id.
    pub(super) fn helper_at(&'static self, id: &str) -> Option<&'static Meta> {
        let policy = &self.policy;
        let gates = policy.gates.iter().enumerate().map(|(position, gate)| (policy.gate_node(position), gate.step));
        let others = [
            (policy.fix_node(), policy.fix.map(|(step, _)| step)),
            (policy.fallback_node(), policy.fallback),
            (policy.compensate_node(), policy.compensate),
        ];
        let mut all = gates.chain(others).filter_map(|(node, step)| Some((node?, step?)));
        all.find(|(node, _)| node.to_string() == id).map(|(_, step)| step.get())
    }
}
