//! A step's states move between threads with its future. If a state cannot, the build reports it at the state's type, and the
//! call becomes one that is never made.

use std::marker::PhantomData;

use super::{Body, Refused, StepCall, StepDef, refused};
use crate::call::Held;

/// The states of a step, as a tuple, or one of them.
#[derive(Debug)]
pub struct Lent<S>(PhantomData<fn() -> S>);

impl<S> Lent<S> {
    /// Names the states of a call.
    #[inline(always)]
    pub const fn states() -> Self {
        Self(PhantomData)
    }
}

impl<S: Held> Lent<S> {
    /// All states are `Send + Sync + 'static`.
    pub const IS_HELD: bool = true;

    /// Makes the call.
    #[inline(always)]
    pub fn call<M, A, F: Body<A>>(self, step: M, arguments: A, body: F) -> StepCall<M, A, F> {
        StepCall::new(step, arguments, body)
    }
}

/// The fallback of [`Lent`].
pub trait NotHeld: Sized {
    /// At least one state is not.
    const IS_HELD: bool = false;

    /// Never called: the build has failed.
    fn call<M: StepDef<A>, A, F>(self, _: M, _: A, _: F) -> Refused<M::Ok, M::Err> {
        refused()
    }
}

impl<S> NotHeld for Lent<S> {}
