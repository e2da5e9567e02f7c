//! The arms that handle a failure, and where each ends the workflow with `Ok`.

use proc_macro2::TokenStream;

use super::Reader;
use super::ways::Kind;
use crate::model::{Ending, Leave, Origin};

/// The arms that were read.
#[derive(Default)]
pub(super) struct Arms {
    all: Vec<Arm>,
    /// Those around what is read, by index.
    open: Vec<usize>,
}

/// An arm that is taken where a call has failed.
pub(super) struct Arm {
    /// The tokens that ask for the failure: a pattern, a method, or `else`.
    pub(super) at: TokenStream,
    /// The calls that have failed where it is taken.
    pub(super) failed: Vec<usize>,
    /// It is taken only where they have failed. Otherwise it begins before the element at its start, whichever way that goes.
    pub(super) is_certain: bool,
    /// The arms around it, by index.
    pub(super) within: Vec<usize>,
    /// Where it begins in the structure.
    pub(super) start: usize,
    /// Where in the structure it ends the workflow with `Ok`.
    pub(super) ends: Vec<usize>,
}

/// What an arm handles.
pub(super) struct Handled {
    pub(super) at: TokenStream,
    pub(super) failed: Vec<usize>,
    /// Control comes here only where a call has failed.
    pub(super) is_certain: bool,
}

/// What a value is to the function around it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Tail {
    /// The function goes on with it.
    #[default]
    No,
    /// It is the result of the function.
    Result,
    /// It is in the `Ok(…)` that is the result.
    InOk,
}

impl Arms {
    pub(super) fn read(self) -> Vec<Arm> {
        self.all
    }

    /// The structure from here on was left out.
    pub(super) fn left_out(&mut self, from: usize) {
        let ends = self.all.iter_mut().flat_map(|arm| &mut arm.ends);
        ends.for_each(|end| *end = from.min(*end));
    }

    fn has_failed(&self, call: usize) -> bool {
        self.open.iter().any(|arm| self.all[*arm].failed.contains(&call))
    }
}

impl Reader<'_> {
    /// Reads an arm. One that handles a failure is drawn even where nothing is called in it.
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

    /// The function ends here, unless control has left before.
    pub(super) fn ends(&mut self, tail: Tail, ending: Ending, value: &Origin) {
        match (tail, ending) {
            (Tail::No, _) => {}
            (Tail::InOk, _) | (Tail::Result, Ending::Ok) => self.ends_well(),
            // The end of a function needs no telling but where it is a failure.
            (Tail::Result, Ending::Error) => self.leave(Leave::End(ending)),
            (Tail::Result, Ending::Either) => {
                if self.results_in(value).iter().any(|call| !self.ways.arms.has_failed(*call)) {
                    self.ends_well();
                }
            }
        }
    }

    /// The function ends with `Ok`. The items of a map and the branches of a `join!` end less than the workflow.
    pub(super) fn ends_well(&mut self) {
        let is_workflow = !self.ways.kinds().any(Kind::is_function);
        if is_workflow && self.is_come_to() {
            let here = self.flow.structure.len();
            let Arms { all, open } = &mut self.ways.arms;
            open.iter().for_each(|arm| all[*arm].ends.push(here));
        }
    }
}
