//! A flowchart as data, and the steps of a run located in it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use flow::graphs::{Block, Meta, Op};

/// An arrow as its two ends.
pub(crate) type Arrow = (String, String);

pub(crate) struct Drawing {
    text: String,
    arrows: Vec<Arrow>,
    /// Maps the id of each step in the workflow to its name in the drawing and the blocks around it.
    steps: BTreeMap<String, (String, Vec<Around>)>,
}

/// A map or parallel block around a step.
#[derive(Clone, PartialEq)]
struct Around {
    /// The block, by its position in the structure.
    block: usize,
    /// The branch within the block; items of a map are distinguished by the place of the step.
    part: usize,
    /// The number of path segments before those inside the block.
    depth: usize,
    is_map: bool,
}

impl Drawing {
    pub(crate) fn of(meta: &'static Meta) -> Self {
        let text = meta.to_mermaid();
        let arrows = text.lines().filter_map(arrow).collect();
        Self { arrows, steps: steps(meta), text }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The arrows reachable from the start. Unreachable steps are drawn too, unconnected.
    pub(crate) fn come_to(&self) -> BTreeSet<Arrow> {
        let (mut found, mut next) = (BTreeSet::new(), vec!["start"]);
        while let Some(at) = next.pop() {
            for arrow in self.arrows.iter().filter(|(from, _)| from == at) {
                if found.insert(arrow.clone()) {
                    next.push(&arrow.1);
                }
            }
        }
        found
    }

    /// The name in the drawing of the step at a place.
    fn name(&self, place: &str) -> &str {
        &self.steps[id(place)].0
    }

    /// Whether two steps may be under way at once.
    fn are_siblings(&self, one: &str, other: &str) -> bool {
        let (ours, theirs) = (&self.steps[id(one)].1, &self.steps[id(other)].1);
        let segments = |place: &str, most: usize| place.split('/').take(most).map(str::to_owned).collect::<Vec<_>>();
        let same = |most| segments(one, most) == segments(other, most);
        ours.iter().zip(theirs).any(|(a, b)| {
            let same_block = a.block == b.block && same(a.depth);
            same_block && (a.part != b.part || (a.is_map && !same(a.depth + 1)))
        })
    }

    /// The arrows taken by a run that executed these steps in order and ended in `end`, if known. An error names two nodes
    /// that no path connects.
    pub(crate) fn walked(&self, places: &[String], end: Option<&str>) -> Result<BTreeSet<Arrow>, (String, String)> {
        let mut arrows = BTreeSet::new();
        for (at, place) in places.iter().enumerate() {
            let before = places[..at].iter().rev().find(|before| !self.are_siblings(before, place));
            let from = before.map_or("start", |before| self.name(before));
            arrows.extend(self.between(from, self.name(place))?);
        }
        if let Some(end) = end {
            let from = places.last().map_or("start", |last| self.name(last));
            arrows.extend(self.between(from, end)?);
        }
        Ok(arrows)
    }

    /// The arrows on all paths between two nodes that pass through no step.
    fn between(&self, from: &str, to: &str) -> Result<BTreeSet<Arrow>, (String, String)> {
        let forwards = self.reached(from, false);
        let backwards = self.reached(to, true);
        let on_the_way = |(a, b): &&Arrow| (a == from || forwards.contains(a)) && (b == to || backwards.contains(b));
        let between: BTreeSet<_> = self
            .arrows
            .iter()
            .filter(|(a, b)| (a == from || a.starts_with('b')) && (b == to || b.starts_with('b')))
            .filter(on_the_way)
            .cloned()
            .collect();
        if between.iter().any(|(_, b)| b == to) && between.iter().any(|(a, _)| a == from) {
            Ok(between)
        } else {
            Err((from.to_owned(), to.to_owned()))
        }
    }

    /// The blocks reachable from a node without passing through a step.
    fn reached(&self, from: &str, backwards: bool) -> BTreeSet<String> {
        let (mut found, mut next) = (BTreeSet::new(), VecDeque::from([from.to_owned()]));
        while let Some(at) = next.pop_front() {
            for (a, b) in &self.arrows {
                let (a, b) = if backwards { (b, a) } else { (a, b) };
                if *a == at && b.starts_with('b') && found.insert(b.clone()) {
                    next.push_back(b.clone());
                }
            }
        }
        found
    }
}

/// The last segment of a place without its index: the id of a node.
fn id(place: &str) -> &str {
    place.rsplit('/').next().unwrap_or_default()
}

/// Parses `a --> b` and `a -- "label" --> b`.
fn arrow(line: &str) -> Option<Arrow> {
    let (before, to) = line.rsplit_once(" --> ")?;
    let from = before.trim().split(' ').next()?;
    Some((from.to_owned(), to.to_owned()))
}

fn steps(meta: &'static Meta) -> BTreeMap<String, (String, Vec<Around>)> {
    let graph = meta.graph.expect("a workflow");
    let (mut around, mut depth, mut found): (Vec<Option<Around>>, usize, _) = (Vec::new(), 0, BTreeMap::new());
    let mut blocks = Vec::new();
    for (at, op) in graph.structure.iter().enumerate() {
        match op {
            Op::Step(node) => {
                let id = graph.nodes[*node as usize].id().to_string();
                found.insert(id, (format!("n{node}"), around.iter().flatten().cloned().collect()));
            }
            Op::Open(block) => {
                let is_map = matches!(block, Block::Map { .. });
                let has_place = is_map || matches!(block, Block::Loop { .. });
                let is_function = is_map || matches!(block, Block::Parallel);
                around.push(is_function.then_some(Around { block: at, part: 0, depth, is_map }));
                depth += usize::from(has_place);
                blocks.push(has_place);
            }
            Op::Arm(_) => around.iter_mut().last().into_iter().flatten().for_each(|around| around.part += 1),
            Op::Close => {
                around.pop();
                depth -= usize::from(blocks.pop().unwrap_or_default());
            }
            Op::Leave(_) => {}
        }
    }
    found
}
