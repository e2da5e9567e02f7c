//! Everything that a step or workflow may run, for checks at compile time.

use super::Meta;
use crate::contract::Report;

/// How many workflows and steps with helpers or tools may be below one.
const CAPACITY: usize = 256;

/// A step or workflow and everything below it, breadth first: the calls of workflows, and the gates, fixes, fallbacks, approvers
/// and tools of steps.
pub(super) struct Called {
    /// What calls something itself, each once.
    met: [&'static Meta; CAPACITY],
    /// What called it, by index.
    by: [usize; CAPACITY],
    len: usize,
    /// Whose calls are next, and which of them.
    at: usize,
    next: usize,
    current: Option<&'static Meta>,
    tools: bool,
}

impl Called {
    pub(super) const fn from(meta: &'static Meta) -> Self {
        Self { met: [meta; CAPACITY], by: [0; CAPACITY], len: 1, at: 0, next: 0, current: None, tools: true }
    }

    /// Without the tools of steps, and what is below them.
    pub(super) const fn without_tools(self) -> Self {
        Self { tools: false, ..self }
    }

    /// Returns the next one, starting with the step or workflow itself; it is the current one until the next call. Only steps
    /// that call nothing may be returned again.
    #[track_caller]
    pub(super) const fn next(&mut self) -> Option<&'static Meta> {
        if self.current.is_none() {
            self.current = Some(self.met[0]);
            return self.current;
        }
        while self.at < self.len {
            let caller = self.met[self.at];
            while self.next < self.count(caller) {
                self.next += 1;
                if let Some(callee) = callee(caller, self.next - 1)
                    && self.is_new(callee)
                {
                    self.current = Some(callee);
                    return self.current;
                }
            }
            self.at += 1;
            self.next = 0;
        }
        None
    }

    /// The path to the current one, backwards, and its length.
    pub(super) const fn path(&self) -> ([&'static Meta; CAPACITY], usize) {
        let Some(current) = self.current else { return ([self.met[0]; CAPACITY], 1) };
        let (mut path, mut len, mut at) = ([current; CAPACITY], 1, self.at);
        while len < CAPACITY && !path[len - 1].is(self.met[0]) {
            path[len] = self.met[at];
            len += 1;
            at = self.by[at];
        }
        (path, len)
    }

    /// Writes the path to the current one: `settle -> pay`.
    pub(super) const fn write_path(&self, report: &mut Report) {
        let (path, mut len) = self.path();
        while len > 0 {
            len -= 1;
            report.write(&[path[len].name, if len > 0 { " -> " } else { "" }]);
        }
    }

    /// The number of positions of a caller's calls.
    const fn count(&self, meta: &Meta) -> usize {
        let tools = match meta.policy.tools {
            Some(tools) if self.tools => tools.tools.len(),
            _ => 0,
        };
        calls(meta) + HELPERS + tools
    }

    /// Whether it was not returned yet. Remembers what calls something itself.
    #[track_caller]
    const fn is_new(&mut self, meta: &'static Meta) -> bool {
        if is_leaf(meta) {
            return true;
        }
        let mut at = 0;
        while at < self.len {
            if self.met[at].is(meta) {
                return false;
            }
            at += 1;
        }
        if self.len == CAPACITY {
            let too_many = ["`", self.met[0].name, "` reaches more than 256 workflows and steps with helpers or tools"];
            panic!("{}", Report::new().headline(&too_many).as_str());
        }
        self.met[self.len] = meta;
        self.by[self.len] = self.at;
        self.len += 1;
        true
    }
}

/// Fix, fallback and approver.
const HELPERS: usize = 3;

/// The calls of a workflow, or the gates of a step.
const fn calls(meta: &Meta) -> usize {
    match meta.graph {
        Some(graph) => graph.nodes.len(),
        None => meta.policy.gates.len(),
    }
}

/// One of the things called, by position; some positions are empty.
const fn callee(meta: &'static Meta, at: usize) -> Option<&'static Meta> {
    let (policy, calls) = (&meta.policy, calls(meta));
    if at < calls {
        return match (meta.graph, policy.gates) {
            (Some(graph), _) => Some(graph.nodes[at].step.get()),
            (None, gates) => match gates[at].step {
                Some(step) => Some(step.get()),
                None => None,
            },
        };
    }
    let step = match (at - calls, policy.fix, policy.tools) {
        (0, Some((fix, _)), _) => Some(fix),
        (1, ..) => policy.fallback,
        (2, ..) => policy.approve,
        (at @ HELPERS.., _, Some(tools)) => Some(tools.tools[at - HELPERS].step),
        _ => None,
    };
    match step {
        Some(step) => Some(step.get()),
        None => None,
    }
}

const fn is_leaf(meta: &Meta) -> bool {
    let policy = &meta.policy;
    let helpers = policy.fix.is_some() || policy.fallback.is_some() || policy.approve.is_some();
    meta.graph.is_none() && policy.gates.is_empty() && policy.tools.is_none() && !helpers
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::contract::Shape;
    use crate::graph::{Contract, Kind, MetaPtr, Policy};

    fn step(line: u32, fallback: Option<&'static Meta>) -> &'static Meta {
        Box::leak(Box::new(Meta {
            name: Box::leak(format!("step_{line}").into_boxed_str()),
            id: "",
            module: "tests",
            doc: "",
            file: "",
            line,
            kind: Kind::Code,
            arguments: &[],
            states: &[],
            output: Contract { shape: &Shape::Any, schema: |_| Value::Bool(true) },
            policy: Policy { fallback: fallback.map(MetaPtr::new), ..Policy::PLAIN },
            graph: None,
        }))
    }

    /// A step with so many fallbacks in a row.
    fn chain(fallbacks: u32) -> &'static Meta {
        (1..=fallbacks).fold(step(0, None), |next, line| step(line, Some(next)))
    }

    #[test]
    fn the_path_leads_to_the_current_one() {
        let mut called = Called::from(chain(3));
        let mut paths = Vec::new();
        while called.next().is_some() {
            let mut path = Report::new();
            called.write_path(&mut path);
            paths.push(path.as_str().to_owned());
        }
        let last = "step_3 -> step_2 -> step_1 -> step_0";
        assert_eq!(paths, [&last[..6], &last[..16], &last[..26], last]);
    }

    #[test]
    fn nothing_is_left_out_in_silence() {
        let count = |meta| {
            let mut called = Called::from(meta);
            std::iter::from_fn(move || called.next()).count()
        };
        assert_eq!(count(chain(256)), 257);
        let refused = std::panic::catch_unwind(|| count(chain(257))).expect_err("too many");
        let text = refused.downcast_ref::<String>().expect("a text");
        assert!(text.starts_with("`step_257` reaches more than 256"), "{text}");
    }
}
