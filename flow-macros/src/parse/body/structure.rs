//! Reads the control structure: where control leaves a block, and which calls are unreachable.

use std::ops::Range;

use super::arms::Tail;
use super::reader::Reader;
use super::ways::{Frame, Kind};
use crate::model::{Block, Ending, Leave, Op};

impl Reader {
    /// Reads a block of the control structure. It is left out of the structure if it awaits nothing and control cannot leave an
    /// enclosing block from it.
    pub(super) fn structured<T>(&mut self, block: Block, read: impl FnOnce(&mut Self) -> T) -> T {
        let kind = match &block {
            Block::Branch { .. } => Kind::Branch,
            Block::Labelled(_) => Kind::Labelled,
            Block::Loop(index) => Kind::Loop { ends: self.flow.loops[*index].ends },
            Block::Parallel | Block::Race(_) | Block::Map(_) => Kind::Functions { kept: true },
        };
        self.structured_as(block, kind, None, read)
    }

    /// Reads the arms of a block that are separate functions. If their errors are `passed` on, they end the enclosing function.
    pub(super) fn functions<T>(&mut self, block: Block, passed: bool, read: impl FnOnce(&mut Self) -> T) -> T {
        let kept = !passed || self.keeps_failures();
        self.structured_as(block, Kind::Functions { kept }, None, read)
    }

    /// Whether a failing step ends only an item of a map with `.settle()` or a branch of `join!`, not the workflow.
    pub(super) fn keeps_failures(&self) -> bool {
        let innermost = self.ways.kinds().rfind(|kind| kind.is_function());
        matches!(innermost, Some(Kind::Functions { kept: true }))
    }

    /// Records that a macro may end the function.
    pub(super) fn may_return(&mut self, on: String) {
        self.structured(Block::Branch { on }, |reader| {
            reader.arm("goes on");
            reader.arm("returns");
            reader.leave(Leave::End(Ending::Either));
        });
    }

    /// Records that an error may end the current item or branch while the workflow continues.
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

    /// Counts what has to be drawn so far; unchanged after a block means that the block contains nothing to draw.
    fn drawn(&self) -> usize {
        self.flow.nodes.len() + self.flow.maps.len() + self.ways.shown
    }

    /// Marks the open blocks as drawn even without steps.
    pub(super) fn show(&mut self) {
        self.ways.shown += 1;
    }

    /// Begins the next arm of the innermost block.
    pub(super) fn arm(&mut self, label: impl Into<String>) {
        self.end_part();
        if let Some(frame) = self.ways.frames.last_mut() {
            frame.parts += 1;
            // The body of a loop follows its condition.
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

    /// Marks the code that follows as unreachable.
    pub(super) fn go(&mut self) {
        if self.is_come_to() {
            self.ways.times += 1;
            self.ways.gone = Some(self.ways.times);
        }
    }

    /// Records a jump.
    pub(super) fn leave(&mut self, leave: Leave) {
        if self.is_come_to() {
            self.flow.structure.push(Op::Leave(leave));
            self.go();
        }
    }

    /// Records a `break`.
    pub(super) fn leave_behind(&mut self, label: Option<&syn::Lifetime>) {
        let is_come_to = self.is_come_to();
        if let Some((depth, frame)) = self.target(label) {
            frame.goes_on |= is_come_to;
            self.leave(Leave::Break(depth));
        }
        self.go();
    }

    /// The role of a `break`'s value in the function.
    pub(super) fn broken(&mut self, label: Option<&syn::Lifetime>) -> Tail {
        self.target(label).map_or(Tail::No, |(_, frame)| frame.broken)
    }

    /// Records a `continue`.
    pub(super) fn leave_for_next_turn(&mut self, label: Option<&syn::Lifetime>) {
        let is_come_to = self.is_come_to();
        if let Some((depth, frame)) = self.target(label) {
            frame.continues |= is_come_to;
            self.leave(Leave::Continue(depth));
        }
        self.go();
    }

    /// The block that a `break` or `continue` targets, and how many blocks lie inside it. `None` if there is no such
    /// block, which rustc reports.
    fn target(&mut self, label: Option<&syn::Lifetime>) -> Option<(usize, &mut Frame)> {
        let label = label.map(ToString::to_string);
        let around = self.ways.frames.iter_mut().rev().enumerate();
        let mut of_this_function = around.take_while(|(_, frame)| !frame.kind.is_function());
        of_this_function.find(|(_, frame)| match &label {
            Some(label) => frame.label.as_ref() == Some(label),
            None => frame.kind.is_loop(),
        })
    }

    /// Removes a final `return`, which is the end of the body anyway.
    pub(super) fn leave_out_the_end(&mut self) {
        if let Some(Op::Leave(Leave::End(Ending::Ok | Ending::Either))) = self.flow.structure.last() {
            self.flow.structure.pop();
        }
    }

    /// Whether the loop body that was read can lead to another iteration.
    pub(super) fn turns_again(&self) -> bool {
        self.is_come_to() || self.ways.frames.last().is_some_and(|frame| frame.continues)
    }

    /// Marks the loop that was read as one that only a `break` can end.
    pub(super) fn never_ends(&mut self, index: usize) {
        self.flow.loops[index].ends = false;
        if let Some(frame) = self.ways.frames.last_mut() {
            frame.kind = Kind::Loop { ends: false };
        }
    }

    /// Records a call as unreachable if the position is.
    pub(super) fn met(&mut self, call: usize) {
        let Some(gone) = self.ways.gone else { return };
        match self.flow.unreachable.last_mut().filter(|_| self.ways.behind == Some(gone)) {
            Some(calls) => calls.end = call + 1,
            None => self.flow.unreachable.push(Range { start: call, end: call + 1 }),
        }
        self.ways.behind = Some(gone);
    }

    /// Reads code only for its value, outside the control flow: a closure in plain code.
    pub(super) fn aside<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        let (around, start) = (std::mem::take(&mut self.ways), self.flow.structure.len());
        let value = read(self);
        self.flow.structure.truncate(start);
        self.ways = around;
        value
    }
}

/// Whether control can leave an enclosing block from within the block that the structure begins with.
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
