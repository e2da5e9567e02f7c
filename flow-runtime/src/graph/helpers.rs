//! Helper steps: gates, fix, fallback, compensation and approval. Each has its own id next to its step.

use super::{Gate, Meta, MetaPtr, Policy};
use crate::place::NodeId;

/// What a helper step does for its step.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// The gate at a position.
    Gate(usize),
    Fix,
    Fallback,
    Compensate,
    Approve,
}

impl Policy {
    /// Returns the node of the gate at a position; `None` if the gate is a function.
    pub fn gate_node(&self, position: usize) -> Option<NodeId> {
        self.node(Role::Gate(position))
    }

    /// Returns the node of the `fix` step.
    pub fn fix_node(&self) -> Option<NodeId> {
        self.node(Role::Fix)
    }

    /// Returns the node of the `fallback` step.
    pub fn fallback_node(&self) -> Option<NodeId> {
        self.node(Role::Fallback)
    }

    /// Returns the node of the `compensate` step.
    pub fn compensate_node(&self) -> Option<NodeId> {
        self.node(Role::Compensate)
    }

    /// Returns the node of the `approve` step.
    pub fn approve_node(&self) -> Option<NodeId> {
        self.node(Role::Approve)
    }

    /// The gates: functions by name, steps by the ids in their places.
    pub(crate) fn gate_ids(&self) -> Vec<String> {
        let id = |(position, gate): (usize, &Gate)| match self.gate_node(position) {
            Some(node) => node.to_string(),
            None => gate.name.to_owned(),
        };
        self.gates.iter().enumerate().map(id).collect()
    }

    /// All helper steps, in the order in which they are numbered.
    fn helpers(&self) -> impl Iterator<Item = (Role, MetaPtr)> {
        let gates = self.gates.iter().enumerate();
        let gates = gates.filter_map(|(position, gate)| Some((Role::Gate(position), gate.step?)));
        let fix = self.fix.map(|(step, _)| (Role::Fix, step));
        let fallback = self.fallback.map(|step| (Role::Fallback, step));
        let compensate = self.compensate.map(|step| (Role::Compensate, step));
        let approve = self.approve.map(|step| (Role::Approve, step));
        gates.chain(fix).chain(fallback).chain(compensate).chain(approve)
    }

    /// The id of a helper, with `.2`, `.3`, … if an earlier one has the same: steps of two modules may share a name.
    fn node(&self, role: Role) -> Option<NodeId> {
        let (_, step) = self.helpers().find(|(other, _)| *other == role)?;
        let id = step.get().id;
        let before = self.helpers().take_while(|(other, _)| *other != role);
        let same = before.filter(|(_, other)| other.get().id == id).count();
        Some(NodeId { id, ordinal: same as u32 + 1 })
    }
}

impl Meta {
    /// Returns the steps that serve this one: gates, the fix, the fallback, what undoes it, who approves it, and its tools.
    pub fn helpers(&'static self) -> impl Iterator<Item = &'static Meta> {
        let tools = self.policy.tools.into_iter().flat_map(|tools| tools.tools);
        self.policy.helpers().map(|(_, step)| step.get()).chain(tools.map(|tool| tool.step.get()))
    }

    /// The helper step with this id.
    pub(super) fn helper_at(&'static self, id: &str) -> Option<&'static Meta> {
        let is_named = |role| self.policy.node(role).is_some_and(|node| node.to_string() == id);
        self.policy.helpers().find(|(role, _)| is_named(*role)).map(|(_, step)| step.get())
    }
}
