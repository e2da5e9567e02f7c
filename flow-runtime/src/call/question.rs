//! Questions about a function that its type answers while the crate compiles.
//!
//! Which method a call means depends on the type: the inherent one where its bounds hold, a trait's where they do not. Methods of
//! traits are not const, so the call stands in a closure that never runs, and the answer is the type that it would return.

use std::marker::PhantomData;

use super::{Call, InputContract, Judged, Parameter, Parameters, StepFn, WorkflowFn};
use crate::contract::Shape;
use crate::graph::{Kind, Meta, MetaPtr};

/// Types that are only named.
pub(super) type Names<T> = PhantomData<fn() -> T>;

/// A type that stands for a value.
pub trait Answer {
    /// The type of the value.
    type Value;
    /// The value.
    const VALUE: Self::Value;
}

/// The answer that a closure would give.
pub const fn ask<A: Answer>(_: &impl FnOnce() -> A) -> A::Value {
    A::VALUE
}

/// A function that is asked about; `A` are its parameters, which rustc infers.
#[derive(Debug)]
pub struct Function<F, A>(PhantomData<fn() -> (F, A)>);

impl<F, A> Function<F, A> {
    /// The function.
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
    /// How many parameters it has.
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
    /// What it returns is a verdict, or a step that gives one.
    pub fn judges(self) -> Yes {
        Yes
    }
}

/// The answer of a function that is no step.
pub trait PlainFn<R>: Sized {
    /// Not a step; its return type is known.
    fn step(self) -> IsPlain<R> {
        IsPlain(PhantomData)
    }
}

impl<A, F: Parameters<A>> PlainFn<F::Returns> for Function<F, A> {}

/// A function that might be a workflow with output `T`, which rustc infers as well.
#[derive(Debug)]
pub struct Program<F, A, T>(Names<(F, A, T)>);

impl<F, A, T> Program<F, A, T> {
    /// The function.
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

/// The answers of what is no function, and of a function to which those of [`Function`] and [`Program`] do not apply.
pub trait Unlike: Sized {
    /// It is no step.
    fn step(self) -> IsNoStep {
        IsNoStep
    }

    /// It is no workflow.
    fn workflow(self) -> No {
        No
    }

    /// It gives no verdict.
    fn judges(self) -> No {
        No
    }
}

// By reference, so that they are found last.
impl<F> Unlike for &Function<F, ()> {}
impl<F> Unlike for &Program<F, (), ()> {}

/// A type that is asked about.
#[derive(Debug)]
pub struct Asked<T>(PhantomData<fn() -> T>);

impl<T: InputContract + ?Sized> Asked<&T> {
    /// Its shape.
    pub fn shape(self) -> ShapeOf<T> {
        ShapeOf(PhantomData)
    }
}

/// The answer of a type that is no reference to a contract.
pub trait Shapeless: Sized {
    /// None is known.
    fn shape(self) -> NoShape {
        NoShape
    }
}

impl<T> Shapeless for Asked<T> {}

/// The step of a call.
#[derive(Debug)]
pub struct IsStep<C>(PhantomData<fn() -> C>);

impl<C> IsStep<C> {
    pub(super) const fn new() -> Self {
        Self(PhantomData)
    }
}

/// No step.
#[derive(Debug)]
pub struct IsNoStep;

/// No step, but a function that gives an `R`.
#[derive(Debug)]
pub struct IsPlain<R>(PhantomData<fn() -> R>);

/// A number of parameters.
#[derive(Debug)]
pub struct Count<A>(PhantomData<fn() -> A>);

/// The shape of a type.
#[derive(Debug)]
pub struct ShapeOf<T: ?Sized>(PhantomData<fn() -> T>);

/// No shape.
#[derive(Debug)]
pub struct NoShape;

/// It is so.
#[derive(Debug)]
pub struct Yes;

/// It is not so.
#[derive(Debug)]
pub struct No;

macro_rules! answers {
    ($([$($param:tt)*] $answer:ty: $value:ty = $is:expr;)*) => {$(
        impl<$($param)*> Answer for $answer {
            type Value = $value;
            const VALUE: $value = $is;
        }
    )*};
}

answers! {
    [C: Call] IsStep<C>: Option<MetaPtr> = Some(C::META);
    [] IsNoStep: Option<MetaPtr> = None;
    // What a function with errors gives has no size, and ends the constant without a word: its own errors are enough.
    [R] IsPlain<R>: Option<MetaPtr> = {
        let _ = size_of::<R>();
        None
    };
    [T: InputContract + ?Sized] ShapeOf<T>: Option<&'static Shape> = Some(T::SHAPE);
    [] NoShape: Option<&'static Shape> = None;
    [] Yes: bool = true;
    [] No: bool = false;
    [] Count<()>: usize = 0;
    [A] Count<(A,)>: usize = 1;
    [A, B] Count<(A, B)>: usize = 2;
    [A, B, C] Count<(A, B, C)>: usize = 3;
    [A, B, C, D] Count<(A, B, C, D)>: usize = 4;
    [A, B, C, D, E] Count<(A, B, C, D, E)>: usize = 5;
    [A, B, C, D, E, F] Count<(A, B, C, D, E, F)>: usize = 6;
    [A, B, C, D, E, F, G] Count<(A, B, C, D, E, F, G)>: usize = 7;
    [A, B, C, D, E, F, G, H] Count<(A, B, C, D, E, F, G, H)>: usize = 8;
}

macro_rules! together {
    ($($answer:ident),*) => {
        impl<$($answer: Answer),*> Answer for ($($answer,)*) {
            type Value = ($($answer::Value,)*);
            const VALUE: Self::Value = ($($answer::VALUE,)*);
        }
    };
}

together!(A);
together!(A, B);
together!(A, B, C);
together!(A, B, C, D);
together!(A, B, C, D, E);
together!(A, B, C, D, E, F);
together!(A, B, C, D, E, F, G);
together!(A, B, C, D, E, F, G, H);

/// What is known of a step; of a function that is none, nothing: [`require_step`] tells.
pub const fn known(step: Option<MetaPtr>) -> MetaPtr {
    const UNKNOWN: &Meta = super::refused::NO_STEP;
    match step {
        Some(step) => step,
        None => MetaPtr::new(UNKNOWN),
    }
}

/// What a workflow awaits is a step.
///
/// # Panics
///
/// With the names of both, while the crate compiles.
#[track_caller]
pub const fn require_step(step: MetaPtr, otherwise: &str) {
    if step.get().name.is_empty() {
        panic!("{}", otherwise);
    }
}

/// What runs beside others undoes nothing of theirs.
///
/// # Panics
///
/// For `flow::undo`, with the text, while the crate compiles.
#[track_caller]
pub const fn require_alone(step: MetaPtr, otherwise: &str) {
    if matches!(step.get().kind, Kind::Undo) {
        panic!("{}", otherwise);
    }
}

/// Ends the build at a call whose result is dropped: of a step with the one text, of anything else with that of [`require_step`].
///
/// # Panics
///
/// Always, while the crate compiles.
#[track_caller]
pub const fn require_taken(step: MetaPtr, otherwise: &str, dropped: &str) {
    require_step(step, otherwise);
    panic!("{}", dropped);
}
