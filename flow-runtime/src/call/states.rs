//! States at a call: the caller passes a step its states.
//!
//! If only states are missing, all or some, this says so; rustc alone would just count the arguments.

use std::marker::PhantomData;
use std::ops::Deref;

use super::{Call, InWorkflow, Refused, StepCall, StepDef, StepFn};
use crate::error::Result;

/// The call of a step that is lent the states `S`; without some of them it would have `N` arguments.
pub trait LentStates<const N: usize, S> {}

/// What `#[step]` says of a step that is lent states.
pub trait LentDef<const N: usize, S> {}

impl<const N: usize, S, M, A, F> LentStates<N, S> for StepCall<M, A, F>
where
    M: StepDef<A> + LentDef<N, S>,
    F: super::Body<A>,
{
}

impl<const N: usize, S, C: LentStates<N, S>> LentStates<N, S> for InWorkflow<C> {}

// A function with errors has told them.
impl<const N: usize, S, T, E> LentStates<N, S> for Refused<T, E> {}

/// A function that is given `N` arguments; `A` are its parameters, which rustc infers.
#[derive(Debug)]
pub struct Stated<F, A, const N: usize>(F, PhantomData<fn() -> A>);

impl<F, A, const N: usize> Stated<F, A, N> {
    /// The function.
    #[inline(always)]
    pub const fn of(function: F) -> Self {
        Self(function, PhantomData)
    }
}

/// A function of `N` parameters.
pub trait Takes<A, const N: usize> {}

impl<A, F: Takes<A, N>, const N: usize> Stated<F, A, N> {
    /// The function itself: the number is right.
    #[inline(always)]
    pub fn called(self) -> F {
        self.0
    }
}

/// A step whose calls have `N` arguments where they leave out some of its states.
pub trait LeavesOut<A, C, S, const N: usize> {}

impl<F, A, C, S, const N: usize> LeavesOut<A, C, S, N> for F
where
    F: StepFn<A, Call = C>,
    C: LentStates<N, S>,
{
}

/// Where states are missing.
#[derive(Debug)]
pub struct AtTheCall;

/// Never: it is there for the text of the error.
#[diagnostic::on_unimplemented(
    message = "this call leaves out a state: the step is lent `{S}`",
    label = "a state is missing",
    note = "a step is given its states at the call, in the place where it takes them: give the workflow one of that type, `#[state] name: &Type`, and pass it on",
    note = "see flow::errors::signature"
)]
pub trait Lends<S> {}

/// A function that is never called: the build has stopped. It takes anything.
#[derive(Debug)]
pub struct Mute<F>(F);

impl<F> Deref for Mute<F> {
    type Target = F;

    fn deref(&self) -> &F {
        &self.0
    }
}

impl<F> Mute<F> {
    /// The way of a value to any parameter, as that of [`Feed`](super::Feed).
    pub fn __feed<const I: usize, A: Nothing, V>(&self, value: V) -> Fed<V> {
        Fed(value)
    }
}

/// A value on its way to [`Mute`].
#[derive(Debug)]
pub struct Fed<V>(V);

impl<V> Fed<V> {
    /// The value itself.
    pub fn hold(self) -> Result<Self> {
        Ok(self)
    }

    /// The value itself.
    pub fn read(self) -> Result<Self> {
        Ok(self)
    }

    /// The value itself.
    pub fn give(self) -> V {
        self.0
    }
}

/// Stands for parameters that nobody knows.
pub trait Nothing {}

impl Nothing for () {}

macro_rules! lengths {
    ($($number:literal $left_out:ident: $($param:ident)*;)*) => {$(
        impl<Fun, Gives, $($param),*> Takes<($($param,)*), $number> for Fun where Fun: Fn($($param),*) -> Gives {}

        /// The answer of [`Stated`] for a step without its states: a function of as many arguments, so that nothing else is wrong
        /// on its account.
        pub trait $left_out<C: Call, S> {
            /// Complains, and gives a function.
            fn called<$($param),*>(self) -> Mute<fn($($param),*) -> Refused<C::Ok, C::Err>>
            where
                AtTheCall: Lends<S>;
        }

        impl<F, A, C: Call, S> $left_out<C, S> for Stated<F, A, $number>
        where
            F: LeavesOut<A, C, S, $number>,
        {
            fn called<$($param),*>(self) -> Mute<fn($($param),*) -> Refused<C::Ok, C::Err>>
            where
                AtTheCall: Lends<S>,
            {
                Mute(|$(_: $param),*| super::refused())
            }
        }

    )*};
}

lengths! {
    0 LeftOut0:;
    1 LeftOut1: P0;
    2 LeftOut2: P0 P1;
    3 LeftOut3: P0 P1 P2;
    4 LeftOut4: P0 P1 P2 P3;
    5 LeftOut5: P0 P1 P2 P3 P4;
    6 LeftOut6: P0 P1 P2 P3 P4 P5;
    7 LeftOut7: P0 P1 P2 P3 P4 P5 P6;
    8 LeftOut8: P0 P1 P2 P3 P4 P5 P6 P7;
}

/// The answer for everything else. It is found last, since it takes the function by reference; rustc says what is wrong.
pub trait GivenOther<'f, F> {
    /// The function.
    fn called(self) -> &'f F;
}

impl<'f, F, const N: usize> GivenOther<'f, F> for &'f Stated<F, (), N> {
    fn called(self) -> &'f F {
        &self.0
    }
}

/// The answers of [`Stated`], which the body of a workflow calls.
pub mod given {
    pub use super::{
        GivenOther as _, LeftOut0 as _, LeftOut1 as _, LeftOut2 as _, LeftOut3 as _, LeftOut4 as _, LeftOut5 as _,
        LeftOut6 as _, LeftOut7 as _, LeftOut8 as _,
    };
}
