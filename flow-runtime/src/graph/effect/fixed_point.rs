//! The summaries of the workflows below one, computed together.

use super::below::{Below, Summary};
use super::reach::{Reach, Start};
use crate::graph::{Graph, Meta};

impl Below {
    /// Repeats until nothing changes. Callees are mostly met after their callers, so it runs backwards. Cycles terminate because
    /// summaries only grow.
    pub(super) const fn sum_up(&mut self) {
        let mut changed = true;
        while changed {
            changed = false;
            let mut at = self.len;
            while at > 0 {
                at -= 1;
                if let Some(meta) = self.met[at]
                    && let Some(graph) = meta.graph
                {
                    let sum = self.sum(meta, graph);
                    changed |= !sum.is(self.found[at]);
                    self.found[at] = sum;
                }
            }
        }
    }

    pub(super) const fn sum(&self, meta: &'static Meta, graph: &'static Graph) -> Summary {
        let output = Reach::of(graph, Start::Output, self);
        let mut sum = Summary { writes: output.writer.is_some(), passes: output.inputs(meta), sinks: 0 };
        let mut at = 0;
        while at < graph.edges.len() {
            let (to, position) = (graph.edges[at].to, graph.edges[at].position);
            if self.is_sink(graph.nodes[to as usize].step.get(), position) {
                sum.sinks |= Reach::of(graph, Start::Argument { node: to, position }, self).inputs(meta);
            }
            at += 1;
        }
        sum
    }
}
