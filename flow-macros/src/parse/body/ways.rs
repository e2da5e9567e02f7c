//! The ways through a body: where control leaves a block, and what is never come to.

use std::ops::Range;

use super::Reader;
use super::arms::{Arms, Tail};
use crate::model::{Block, Ending, Leave, Op};

/// Where the reader is, and how it may go on from there.
#[derive(Default)]
pub(super) struct Ways {
    /// The blocks that are open, the innermost last; each is an `Open` of the structure.
    frames: Vec<Frame>,
    /// Nothing comes to here, since control has left: which time that was.
    gone: Option<usize>,
    times: usize,
    /// What the last call that no run comes to stands behind.
    behind: Option<usize>,
    /// What the expression that is read next is to the function.
    pub(super) tail: Tail,
    /// What the value of the expression around what is read is to the function.
    pub(super) part_of: Tail,
    /// What the value is that `break` takes out of the block that is opened next.
    pub(super) broken: Tail,
    /// What the expression that is read next fails with ends the function.
    pub(super) tried: bool,
    /// How many blocks without steps are drawn all the same.
    shown: usize,
    /// The arms that handle a failure.
    pub(super) arms: Arms,
}

/// An open block.
struct Frame {
    kind: Kind,
    label: Option<String>,
    /// What the value of a `break` is to the function.
    broken: Tail,
    gone_before: Option<usize>,
    /// Something comes behind the block.
    goes_on: bool,
    /// Something leads to another turn before the end of the body.
    continues: bool,
    parts: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// One of the parts is taken.
    Branch,
    /// The same, by code that is repeated: a loop without steps.
    Repeated,
    /// A loop around steps; whether it ends without a `break`.
    Loop { ends: bool },
    /// A block with a label.
    Labelled,
    /// The parts are functions of their own: items of a map, branches of a `join!`. Whether the workflow goes on where one fails.
    Functions { kept: bool },
}

impl Ways {
    /// What the open blocks are, from the outermost.
    pub(super) fn kinds(&self) -> impl DoubleEndedIterator<Item = Kind> {
        self.frames.iter().map(|frame| frame.kind)
    }
}

impl Kind {
    fn is_loop(self) -> bool {
        matches!(self, Self::Repeated | Self::Loop { .. })
    }

    pub(super) fn is_function(self) -> bool {
        matches!(self, Self::Functions { .. })
    }
}

impl Reader<'_> {
    /// Reads a block of the control structure, and leaves it out of the structure where it awaits nothing and control does not leave
    /// what is around it either.
    pub(super) fn structured<T>(&mut self, block: Block, read: impl FnOnce(&mut Self) -> T) -> T {
        let kind = match &block {
            Block::Branch { .. } => Kind::Branch,
            Block::Labelled(_) => Kind::Labelled,
            Block::Loop(index) => Kind::Loop { ends: self.flow.loops[*index].ends },
            Block::Parallel | Block::Map(_) => Kind::Functions { kept: true },
        };
        self.structured_as(block, kind, None, read)
    }

    /// Reads the parts of a block that are functions of their own. Where what they fail with is `passed` on, it ends the function
    /// around.
    pub(super) fn functions<T>(&mut self, block: Block, passed: bool, read: impl FnOnce(&mut Self) -> T) -> T {
        let kept = !passed || self.keeps_failures();
        self.structured_as(block, Kind::Functions { kept }, None, read)
    }

    /// Whether a step that fails ends less than the workflow: the item of a map with `.settle()`, a branch of `join!`.
    pub(super) fn keeps_failures(&self) -> bool {
        let innermost = self.ways.kinds().rfind(|kind| kind.is_function());
        matches!(innermost, Some(Kind::Functions { kept: true }))
    }

    /// A macro may end the function, with whatever it is given.
    pub(super) fn may_return(&mut self, on: String) {
        self.structured(Block::Branch { on }, |reader| {
            reader.arm("goes on");
            reader.arm("returns");
            reader.leave(Leave::End(Ending::Either));
        });
    }

    /// A failure ends the item or branch here, and the workflow goes on.
    pub(super) fn may_fail(&mut self, on: String, [goes_on, fails]: [&str; 2]) {
        if self.is_come_to() && self.keeps_failures() {
            self.structured(Block::Branch { on }, |reader| {
                reader.arm(goes_on);
                reader.arm(fails);
                reader.leave(Leave::End(Ending::Error));
            });
        }
    }

    pub(super) fn structured_as<T>(
        &mut self,
        block: Block,
        kind: Kind,
        label: Option<&syn::Label>,
        read: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let (before, start) = (self.drawn(), self.flow.structure.len());
        let label = label.map(|label| label.name.to_string());
        let (gone_before, broken) = (self.ways.gone, std::mem::take(&mut self.ways.broken));
        self.flow.structure.push(Op::Open(block));
        let frame = Frame { kind, label, broken, gone_before, goes_on: false, continues: false, parts: 0 };
        self.ways.frames.push(frame);
        let value = read(self);
        self.end_part();
        self.close();
        if self.drawn() == before && !leaves_what_is_around(&self.flow.structure[start..]) {
            self.flow.structure.truncate(start);
            self.ways.arms.left_out(start);
        } else {
            self.flow.structure.push(Op::Close);
        }
        value
    }

    /// How many things were found so far that are drawn for their own sake; the same number before and after means none between.
    fn drawn(&self) -> usize {
        self.flow.nodes.len() + self.flow.maps.len() + self.ways.shown
    }

    /// The blocks that are open are drawn, steps in them or not.
    pub(super) fn show(&mut self) {
        self.ways.shown += 1;
    }

    /// The next part of the innermost block.
    pub(super) fn arm(&mut self, label: impl Into<String>) {
        self.end_part();
        if let Some(frame) = self.ways.frames.last_mut() {
            frame.parts += 1;
            // The body of a loop stands behind its condition.
            if !matches!(frame.kind, Kind::Loop { .. }) || frame.parts == 1 {
                self.ways.gone = frame.gone_before;
            }
        }
        self.flow.structure.push(Op::Arm(label.into()));
    }

    fn end_part(&mut self) {
        let is_come_to = self.is_come_to();
        let Some(frame) = self.ways.frames.last_mut() else { return };
        frame.goes_on |= match frame.kind {
            Kind::Branch | Kind::Repeated => frame.parts > 0 && is_come_to,
            Kind::Labelled => is_come_to,
            Kind::Loop { ends } => ends,
            Kind::Functions { .. } => true,
        };
    }

    fn close(&mut self) {
        let Some(frame) = self.ways.frames.pop() else { return };
        self.ways.gone = frame.gone_before;
        if !frame.goes_on {
            self.go();
        }
    }

    pub(super) fn is_come_to(&self) -> bool {
        self.ways.gone.is_none()
    }

    /// Nothing comes to what follows.
    pub(super) fn go(&mut self) {
        if self.is_come_to() {
            self.ways.times += 1;
            self.ways.gone = Some(self.ways.times);
        }
    }

    /// Control leaves here.
    pub(super) fn leave(&mut self, leave: Leave) {
        if self.is_come_to() {
            self.flow.structure.push(Op::Leave(leave));
            self.go();
        }
    }

    /// `break`, with its label.
    pub(super) fn leave_behind(&mut self, label: Option<&syn::Lifetime>) {
        let is_come_to = self.is_come_to();
        if let Some((depth, frame)) = self.target(label) {
            frame.goes_on |= is_come_to;
            self.leave(Leave::Break(depth));
        }
        self.go();
    }

    /// What the value of a `break` is to the function.
    pub(super) fn broken(&mut self, label: Option<&syn::Lifetime>) -> Tail {
        self.target(label).map_or(Tail::No, |(_, frame)| frame.broken)
    }

    /// `continue`, with its label.
    pub(super) fn leave_for_next_turn(&mut self, label: Option<&syn::Lifetime>) {
        let is_come_to = self.is_come_to();
        if let Some((depth, frame)) = self.target(label) {
            frame.continues |= is_come_to;
            self.leave(Leave::Continue(depth));
        }
        self.go();
    }

    /// The block that a `break` or `continue` targets, and how many blocks lie inside it. `None` if there is no such block, which
    /// rustc reports.
    fn target(&mut self, label: Option<&syn::Lifetime>) -> Option<(usize, &mut Frame)> {
        let label = label.map(ToString::to_string);
        let around = self.ways.frames.iter_mut().rev().enumerate();
        let mut of_this_function = around.take_while(|(_, frame)| !frame.kind.is_function());
        of_this_function.find(|(_, frame)| match &label {
            Some(label) => frame.label.as_ref() == Some(label),
            None => frame.kind.is_loop(),
        })
    }

    /// `return` as the last thing of the body is its end.
    pub(super) fn leave_out_the_end(&mut self) {
        if let Some(Op::Leave(Leave::End(Ending::Ok | Ending::Either))) = self.flow.structure.last() {
            self.flow.structure.pop();
        }
    }

    /// Whether the body of the loop that has been read leads to another turn.
    pub(super) fn turns_again(&self) -> bool {
        self.is_come_to() || self.ways.frames.last().is_some_and(|frame| frame.continues)
    }

    /// Nothing goes on behind the loop that has been read but what breaks out of it.
    pub(super) fn never_ends(&mut self, index: usize) {
        self.flow.loops[index].ends = false;
        if let Some(frame) = self.ways.frames.last_mut() {
            frame.kind = Kind::Loop { ends: false };
        }
    }

    /// A call has been met that may be one that no run comes to.
    pub(super) fn met(&mut self, call: usize) {
        let Some(gone) = self.ways.gone else { return };
        match self.flow.unreachable.last_mut().filter(|_| self.ways.behind == Some(gone)) {
            Some(calls) => calls.end = call + 1,
            None => self.flow.unreachable.push(Range { start: call, end: call + 1 }),
        }
        self.ways.behind = Some(gone);
    }

    /// Reads code that control does not pass through: a closure of plain code, for what it makes.
    pub(super) fn aside<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        let (around, start) = (std::mem::take(&mut self.ways), self.flow.structure.len());
        let value = read(self);
        self.flow.structure.truncate(start);
        self.ways = around;
        value
    }
}

/// Whether control leaves the block with which this begins for what is around it.
fn leaves_what_is_around(structure: &[Op]) -> bool {
    let mut depth = 0;
    structure.iter().any(|op| {
        match op {
            Op::Open(_) => depth += 1,
            Op::Close => depth -= 1,
            Op::Leave(Leave::Break(target) | Leave::Continue(target)) => return *target >= depth,
            Op::Leave(Leave::End(_)) => return true,
            Op::Step(_) | Op::Arm(_) => {}
        }
        false
    })
}
