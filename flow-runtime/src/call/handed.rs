//! Plain code between the steps: whether a function passed by name is a step.
//!
//! As in [`StepProbe`](super::StepProbe), a function with an `Unpin` return type is not a step, nor is a generic function whose
//! return type is not inferred yet.

use std::marker::PhantomData;

use super::{NotAwaited, Parameters, PlainValue, StepFn};

/// Determines whether a function is a step; `A` are its parameters, inferred by rustc.
#[derive(Debug)]
pub struct HandedProbe<F, A>(PhantomData<fn() -> (F, A)>);

impl<F, A> HandedProbe<F, A> {
    /// Wraps the function.
    pub const fn of(_: &F) -> Self {
        Self(PhantomData)
    }
}

impl<A, F: Parameters<A, Returns: Unpin>> HandedProbe<F, A> {
    /// It returns an ordinary value.
    pub fn handed(self) -> PlainValue {
        PlainValue
    }
}

/// The fallback of [`HandedProbe`] for a step.
pub trait HandedStep: Sized {
    /// It is a step.
    fn handed(self) -> NotAwaited {
        NotAwaited
    }
}

impl<A, F: StepFn<A>> HandedStep for HandedProbe<F, A> {}

/// The fallback for everything else. It takes the probe by reference, so it is found last.
pub trait HandedOther: Sized {
    /// It is not a step.
    fn handed(self) -> PlainValue {
        PlainValue
    }
}

impl<F> HandedOther for &HandedProbe<F, ()> {}

/// A function that may be passed to plain code by name.
#[diagnostic::on_unimplemented(
    message = "this step is passed to plain code by name, which hides it from the workflow's graph: await it in the closure of `map`, as in `map(items, async |item| …)`",
    label = "a step, passed by name",
    note = "see flow::errors::hidden_step"
)]
pub trait Plain {}

#[diagnostic::do_not_recommend]
impl Plain for PlainValue {}

/// Reports a step that is passed by name.
pub fn require_plain<V: Plain>(_: V) {}
