//! States at a call: the caller passes the states of a step.
//!
//! If only states are missing, the error says so; rustc alone would just count arguments.

use std::marker::PhantomData;
use std::ops::Deref;

use super::{Call, InWorkflow, Refused, StepCall, StepDef, StepFn};
use crate::error::Result;

/// The call of a step with states `S`. Without some of them it would have `N` arguments.
pub trait LentStates<const N: usize, S> {}

/// Implemented by `#[step]` for a step with states.
pub trait LentDef<const N: usize, S> {}

impl<const N: usize, S, M, A, F> LentStates<N, S> for StepCall<M, A, F>
where
    M: StepDef<A> + LentDef<N, S>,
    F: super::Body<A>,
{
}

impl<const N: usize, S, C: LentStates<N, S>> LentStates<N, S> for InWorkflow<C> {}

// The errors of such a function were reported.
impl<const N: usize, S, T, E> LentStates<N, S> for Refused<T, E> {}

/// A function called with `N` arguments; `A` are its parameters, inferred by rustc.
#[derive(Debug)]
pub struct Stated<F, A, const N: usize>(F, PhantomData<fn() -> A>);

impl<F, A, const N: usize> Stated<F, A, N> {
    /// Wraps the function.
    #[inline(always)]
    pub const fn of(function: F) -> Self {
        Self(function, PhantomData)
    }
}

/// A function with `N` parameters.
pub trait Takes<A, const N: usize> {}

impl<A, F: Takes<A, N>, const N: usize> Stated<F, A, N> {
    /// Returns the function itself: the number of arguments is right.
    #[inline(always)]
    pub fn called(self) -> F {
        self.0
    }
}

/// A step whose calls have `N` arguments if they omit some of its states.
pub trait LeavesOut<A, C, S, const N: usize> {}

impl<F, A, C, S, const N: usize> LeavesOut<A, C, S, N> for F
where
    F: StepFn<A, Call = C>,
    C: LentStates<N, S>,
{
}

/// Only names the place of the error.
#[derive(Debug)]
pub struct AtTheCall;

/// Never implemented; it only provides the error text.
#[diagnostic::on_unimplemented(
    message = "this call omits a state: the step needs `{S}`",
    label = "a state is missing",
    note = "pass states in the call, at their positions in the signature: add a state of that type to the workflow, `#[state] name: &Type`, and pass it on",
    note = "see flow::errors::signature"
)]
pub trait Lends<S> {}

/// A function that is never called, because the build has failed. It accepts anything.
#[derive(Debug)]
pub struct Mute<F>(F);

impl<F> Deref for Mute<F> {
    type Target = F;

    fn deref(&self) -> &F {
        &self.0
    }
}

impl<F> Mute<F> {
    /// Wraps a value for any parameter, like [`Feed`](super::Feed).
    pub fn __feed<const I: usize, A: Nothing, V>(&self, value: V) -> Fed<V> {
        Fed(value)
    }
}

/// A value for [`Mute`].
#[derive(Debug)]
pub struct Fed<V>(V);

impl<V> Fed<V> {
    /// Returns the value itself.
    pub fn hold(self) -> Result<Self> {
        Ok(self)
    }

    /// Returns the value itself.
    pub fn read(self) -> Result<Self> {
        Ok(self)
    }

    /// Returns the value itself.
    pub fn give(self) -> V {
        self.0
    }
}

/// Stands for unknown parameters.
pub trait Nothing {}

impl Nothing for () {}

macro_rules! lengths {
    ($($number:literal $left_out:ident: $($param:ident)*;)*) => {$(
        impl<Fun, Gives, $($param),*> Takes<($($param,)*), $number> for Fun where Fun: Fn($($param),*) -> Gives {}

        /// The fallback of [`Stated`] for a call without some states: a function with as many arguments as given, so that there
        /// are no further errors.
        pub trait $left_out<C: Call, S> {
            /// Reports the error and returns a function.
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

/// The fallback for everything else. It takes the function by reference, so it is found last; rustc reports the error.
pub trait GivenOther<'f, F> {
    /// Returns the function.
    fn called(self) -> &'f F;
}

impl<'f, F, const N: usize> GivenOther<'f, F> for &'f Stated<F, (), N> {
    fn called(self) -> &'f F {
        &self.0
    }
}

/// The fallbacks of [`Stated`], called in the body of a workflow.
pub mod given {
    pub use super::{
        GivenOther as _, LeftOut0 as _, LeftOut1 as _, LeftOut2 as _, LeftOut3 as _, LeftOut4 as _, LeftOut5 as _,
        LeftOut6 as _, LeftOut7 as _, LeftOut8 as _,
    };
}
