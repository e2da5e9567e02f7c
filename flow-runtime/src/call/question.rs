//! Questions about a function, answered through its type at compile time.
//!
//! Method lookup selects the answer: the inherent method if its bounds hold, a trait's otherwise. Trait methods are not const, so
//! the call is in a closure that never runs, and the answer is encoded in its return type.

use std::marker::PhantomData;

use super::answer::{Count, IsNoStep, IsPlain, IsStep, Names, No, NoShape, ShapeOf, Yes};
use super::refused::NO_STEP;
use super::{InputContract, Judged, Parameter, Parameters, StepFn, WorkflowFn};
use crate::graph::{Kind, Meta, MetaPtr};

/// The function in question; `A` are its parameters, inferred by rustc.
#[derive(Debug)]
pub struct Function<F, A>(PhantomData<fn() -> (F, A)>);

impl<F, A> Function<F, A> {
    /// Wraps the function.
    pub const fn of(_: &F) -> Self {
        Self(PhantomData)
    }
}

impl<A, F: StepFn<A>> Function<F, A> {
    /// It is a step or a workflow.
    pub fn step(self) -> IsStep<F::Call> {
        IsStep::new()
    }
}

impl<A, F: Parameters<A>> Function<F, A> {
    /// The number of its parameters.
    pub fn count(self) -> Count<A> {
        Count(PhantomData)
    }

    /// The type of a parameter.
    pub fn parameter<const I: usize>(self) -> Asked<<A as Parameter<I>>::Type>
    where
        A: Parameter<I>,
    {
        Asked(PhantomData)
    }
}

impl<A, F: Parameters<A, Returns: Judged>> Function<F, A> {
    /// It returns a verdict, or is a step that returns one.
    pub fn judges(self) -> Yes {
        Yes
    }
}

/// The fallback for a function that is not a step.
pub trait PlainFn<R>: Sized {
    /// Not a step; its return type is known.
    fn step(self) -> IsPlain<R> {
        IsPlain(PhantomData)
    }
}

impl<A, F: Parameters<A>> PlainFn<F::Returns> for Function<F, A> {}

/// A function that might be a workflow with output `T`, which rustc infers, too.
#[derive(Debug)]
pub struct Program<F, A, T>(Names<(F, A, T)>);

impl<F, A, T> Program<F, A, T> {
    /// Wraps the function.
    pub const fn of(_: &F) -> Self {
        Self(PhantomData)
    }
}

impl<A, T, F: WorkflowFn<A, T>> Program<F, A, T> {
    /// It is a workflow.
    pub fn workflow(self) -> Yes {
        Yes
    }
}

/// The fallback for anything to which the answers of [`Function`] and [`Program`] do not apply.
pub trait Unlike: Sized {
    /// It is not a step.
    fn step(self) -> IsNoStep {
        IsNoStep
    }

    /// It is not a workflow.
    fn workflow(self) -> No {
        No
    }

    /// It returns no verdict.
    fn judges(self) -> No {
        No
    }
}

// By reference, so that they are found last.
impl<F> Unlike for &Function<F, ()> {}
impl<F> Unlike for &Program<F, (), ()> {}

/// The type in question.
#[derive(Debug)]
pub struct Asked<T>(PhantomData<fn() -> T>);

impl<T: InputContract + ?Sized> Asked<&T> {
    /// Its shape.
    pub fn shape(self) -> ShapeOf<T> {
        ShapeOf(PhantomData)
    }
}

/// The fallback for a type that is not a reference to a contract.
pub trait Shapeless: Sized {
    /// Unknown.
    fn shape(self) -> NoShape {
        NoShape
    }
}

impl<T> Shapeless for Asked<T> {}

/// The description of a step. It is empty for a function that is not a step, which [`require_step`] reports.
pub const fn known(step: Option<MetaPtr>) -> MetaPtr {
    const UNKNOWN: &Meta = NO_STEP;
    match step {
        Some(step) => step,
        None => MetaPtr::new(UNKNOWN),
    }
}

/// Checks that an awaited value is a step.
///
/// # Panics
///
/// With `otherwise`, at compile time.
#[track_caller]
pub const fn require_step(step: MetaPtr, otherwise: &str) {
    if step.get().name.is_empty() {
        panic!("{}", otherwise);
    }
}

/// Checks that a parallel branch does not undo steps of other branches.
///
/// # Panics
///
/// With `otherwise` for `flow::undo`, at compile time.
#[track_caller]
pub const fn require_alone(step: MetaPtr, otherwise: &str) {
    if matches!(step.get().kind, Kind::Undo) {
        panic!("{}", otherwise);
    }
}

/// Fails the build at a call whose result is dropped: with `dropped` for a step, with `otherwise` for anything else.
///
/// # Panics
///
/// Always, at compile time.
#[track_caller]
pub const fn require_taken(step: MetaPtr, otherwise: &str, dropped: &str) {
    require_step(step, otherwise);
    panic!("{}", dropped);
}
