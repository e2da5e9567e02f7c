//! Reads arms that handle an error, and where they end the workflow with `Ok`.

use super::arms::{Arm, Arms, Handled, Tail};
use super::reader::Reader;
use super::ways::Kind;
use crate::model::{Ending, Leave, Origin};

impl Reader {
    /// Reads an arm. An arm that handles an error is drawn even if it calls nothing.
    pub(super) fn handling<T>(&mut self, handled: Option<Handled>, read: impl FnOnce(&mut Self) -> T) -> T {
        let Some(Handled { at, failed, is_certain }) = handled else { return read(self) };
        let (start, within) = (self.flow.structure.len(), self.ways.arms.open.clone());
        let index = self.ways.arms.all.len();
        self.ways.arms.all.push(Arm { at, failed, is_certain, within, start, ends: Vec::new() });
        self.ways.arms.open.push(index);
        let value = read(self);
        if self.ways.part_of == Tail::InOk {
            self.ends_well();
        }
        self.ways.arms.open.pop();
        self.show();
        value
    }

    /// Records the end of the function, unless control has left before.
    pub(super) fn ends(&mut self, tail: Tail, ending: Ending, value: &Origin) {
        match (tail, ending) {
            (Tail::No, _) => {}
            (Tail::InOk, _) | (Tail::Result, Ending::Ok) => self.ends_well(),
            // Only an end with an error is part of the structure.
            (Tail::Result, Ending::Error) => self.leave(Leave::End(ending)),
            (Tail::Result, Ending::Either) => {
                if self.results_in(value).iter().any(|call| !self.ways.arms.has_failed(*call)) {
                    self.ends_well();
                }
            }
        }
    }

    /// Records an end with `Ok`, unless it only ends an item of a map or a branch of a `join!`.
    pub(super) fn ends_well(&mut self) {
        let is_workflow = !self.ways.kinds().any(Kind::is_function);
        if is_workflow && self.is_come_to() {
            let here = self.flow.structure.len();
            let Arms { all, open } = &mut self.ways.arms;
            open.iter().for_each(|arm| all[*arm].ends.push(here));
        }
    }
}
