//! Reads the body of a workflow: the awaited calls, the control structure around them, the origin of each argument, and
//! what a rule may refuse.
//!
//! A single walk follows the order of execution and replaces each await with a placeholder, which `expand` replaces with code.

mod absorbed;
mod arms;
mod attached;
mod awaited;
mod by_name;
mod change;
mod control;
mod count;
mod dropped;
mod ending;
mod expr;
mod handled;
mod handling;
mod hidden;
mod impure;
mod inside;
mod kept;
mod mention;
mod method;
mod pattern;
mod reader;
mod repeat;
mod scope;
mod statement;
mod structure;
#[cfg(test)]
mod tests;
mod value;
mod ways;

use syn::Block;
use syn::visit_mut::VisitMut;

use crate::bare::Bare;
use crate::model::{Finding, Flow, Function, Origin, Source};
use reader::Reader;

/// Reads a body.
pub(super) fn read(function: &Function, mut body: Block) -> (Flow, Vec<Finding>) {
    Bare.visit_block_mut(&mut body);
    let mut reader = Reader::new(function);
    reader.constants = count::constants(&body);
    reader.inside = inside::functions(&body);
    let output = reader.returning(|reader| reader.function(&mut body));
    reader.leave_out_the_end();
    reader.finish(body, output)
}

impl Reader {
    /// Resolves the origins of all values, and finds the calls whose output is never used.
    fn finish(mut self, mut body: Block, output: Origin) -> (Flow, Vec<Finding>) {
        inside::emptied(&mut body, &self.awaited_inside);
        let mut read = self.scope.made_of(std::mem::take(&mut self.read));
        for argument in self.flow.nodes.iter_mut().flat_map(|node| &mut node.arguments) {
            argument.origin = self.scope.resolve(&argument.origin);
            read.extend(argument.origin.sources());
        }
        let output = self.scope.made_of(output.traces());
        read.extend_from_slice(&output);
        let (unreachable, dropped) = (&self.flow.unreachable, &self.flow.dropped);
        let is_dead = |index: &usize| !read.contains(&Source::Node(*index));
        let is_told = |index: &usize| dropped.contains(index) || unreachable.iter().any(|calls| calls.contains(index));
        let unread = (0..self.flow.nodes.len()).filter(|index| is_dead(index) && !is_told(index)).collect();
        let kept = kept::kept(&self.flow, &std::mem::take(&mut self.ways.arms).read());
        (Flow { body, output, unread, kept, ..self.flow }, self.findings)
    }
}
