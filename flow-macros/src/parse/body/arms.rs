//! Arms that handle an error, and where they end the workflow with `Ok`.

use proc_macro2::TokenStream;

use super::Reader;
use super::ways::Kind;
use crate::model::{Ending, Leave, Origin};

#[derive(Default)]
pub(super) struct Arms {
    all: Vec<Arm>,
    /// Indices of the arms around the current position.
    open: Vec<usize>,
}

/// An arm that is taken if a call has failed.
pub(super) struct Arm {
    /// The tokens that test for the error: a pattern, a method, or `else`.
    pub(super) at: TokenStream,
    /// Indices of the calls that have failed if it is taken.
    pub(super) failed: Vec<usize>,
    /// It is only taken if they have failed. Otherwise it begins before the element at its start, however that ends.
    pub(super) is_certain: bool,
    /// Indices of the arms around it.
    pub(super) within: Vec<usize>,
    /// Its first position in the structure.
    pub(super) start: usize,
    /// The positions in the structure at which it ends the workflow with `Ok`.
    pub(super) ends: Vec<usize>,
}

/// The errors that an arm handles.
pub(super) struct Handled {
    pub(super) at: TokenStream,
    pub(super) failed: Vec<usize>,
    /// The arm is only taken if a call has failed.
    pub(super) is_certain: bool,
}

/// The role of a value in the enclosing function.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Tail {
    /// The function continues after it.
    #[default]
    No,
    /// It is the result of the function.
    Result,
    /// It is inside the `Ok(…)` that is the result.
    InOk,
}

impl Arms {
    pub(super) fn read(self) -> Vec<Arm> {
        self.all
    }

    /// Adjusts the arms after the structure was truncated to `from`.
    pub(super) fn left_out(&mut self, from: usize) {
        let ends = self.all.iter_mut().flat_map(|arm| &mut arm.ends);
        ends.for_each(|end| *end = from.min(*end));
    }

    fn has_failed(&self, call: usize) -> bool {
        self.open.iter().any(|arm| self.all[*arm].failed.contains(&call))
    }
}

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
