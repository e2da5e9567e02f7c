//! Plain code between the steps: whether a function that it is handed by name is a step.
//!
//! As in [`StepProbe`](super::StepProbe), a function whose return value may be moved is not a step, nor is a generic one whose return
//! type is not known yet.

use std::marker::PhantomData;

use super::{NotAwaited, Parameters, PlainValue, StepFn};

/// Says whether a function is a step; `A` are its parameters, which rustc infers.
#[derive(Debug)]
pub struct HandedProbe<F, A>(PhantomData<fn() -> (F, A)>);

impl<F, A> HandedProbe<F, A> {
    /// The function.
    pub const fn of(_: &F) -> Self {
        Self(PhantomData)
    }
}

impl<A, F: Parameters<A, Returns: Unpin>> HandedProbe<F, A> {
    /// It gives an ordinary value.
    pub fn handed(self) -> PlainValue {
        PlainValue
    }
}

/// The answer of [`HandedProbe`] for a step.
pub trait HandedStep: Sized {
    /// It is a step.
    fn handed(self) -> NotAwaited {
        NotAwaited
    }
}

impl<A, F: StepFn<A>> HandedStep for HandedProbe<F, A> {}

/// The answer for everything else. It is found last, since it takes the probe by reference.
pub trait HandedOther: Sized {
    /// It is no step.
    fn handed(self) -> PlainValue {
        PlainValue
    }
}

impl<F> HandedOther for &HandedProbe<F, ()> {}

/// What plain code may be handed by name.
#[diagnostic::on_unimplemented(
    message = "this step is handed to plain code by name, which hides it from the workflow's graph: await it in the closure of `map`, as in `map(items, async |item| …)`",
    label = "a step, handed over by name",
    note = "see flow::errors::hidden_step"
)]
pub trait Plain {}

#[diagnostic::do_not_recommend]
impl Plain for PlainValue {}

/// Complains about a step that is handed over by name.
pub fn require_plain<V: Plain>(_: V) {}
