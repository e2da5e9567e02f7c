//! Answers to questions that are asked at compile time: types that encode values.

use std::marker::PhantomData;

use super::{Call, InputContract};
use crate::contract::Shape;
use crate::graph::MetaPtr;

/// Types that are only named.
pub(super) type Names<T> = PhantomData<fn() -> T>;

/// A type that encodes a value.
pub trait Answer {
    /// The type of the value.
    type Value;
    /// The value.
    const VALUE: Self::Value;
}

/// The answer that a closure would return.
pub const fn ask<A: Answer>(_: &impl FnOnce() -> A) -> A::Value {
    A::VALUE
}

/// The answer: the step of a call.
#[derive(Debug)]
pub struct IsStep<C>(PhantomData<fn() -> C>);

impl<C> IsStep<C> {
    pub(super) const fn new() -> Self {
        Self(PhantomData)
    }
}

/// The answer: not a step.
#[derive(Debug)]
pub struct IsNoStep;

/// The answer: not a step, but a function that returns an `R`.
#[derive(Debug)]
pub struct IsPlain<R>(pub(super) PhantomData<fn() -> R>);

/// The answer: the number of parameters.
#[derive(Debug)]
pub struct Count<A>(pub(super) PhantomData<fn() -> A>);

/// The answer: the shape of a type.
#[derive(Debug)]
pub struct ShapeOf<T: ?Sized>(pub(super) PhantomData<fn() -> T>);

/// The answer: no shape.
#[derive(Debug)]
pub struct NoShape;

/// The answer: yes.
#[derive(Debug)]
pub struct Yes;

/// The answer: no.
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
    // The return type of a function with errors has no size, which ends the constant silently: the function's own errors suffice.
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
