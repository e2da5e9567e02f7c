//! A step's states move between threads with its future. If a state cannot, the build reports it at the state's type, and the
//! call becomes one that is never made.

use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

use super::{Body, Cx, Refused, StepCall, StepDef, refused};
use crate::call::Held;
use crate::error::Result;

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
    /// Takes a state from the runtime.
    ///
    /// # Errors
    ///
    /// Fails if the runtime has none, which is checked before the first step.
    pub fn take(cx: &Cx<'_>, name: &str) -> Result<Arc<S>> {
        cx.state::<S>(name)
    }

    /// All states are `Send + Sync + 'static`.
    pub const IS_HELD: bool = true;

    /// Makes the call.
    #[inline(always)]
    pub fn call<M, A, F: Body<A>>(self, step: M, arguments: A, body: F) -> StepCall<M, A, F> {
        StepCall::new(step, arguments, body)
    }
}

/// The fallback of [`Lent`].
pub trait NotHeld<S>: Sized {
    /// At least one state is not.
    const IS_HELD: bool = false;

    /// Never called: the build has failed.
    fn take(_: &Cx<'_>, _: &str) -> Result<Absent<S>> {
        Ok(Absent(PhantomData))
    }

    /// Never called: the build has failed.
    fn call<M: StepDef<A>, A, F>(self, _: M, _: A, _: F) -> Refused<M::Ok, M::Err> {
        refused()
    }
}

impl<S> NotHeld<S> for Lent<S> {}

/// A state that cannot be shared. It can, so that nothing else is reported.
#[derive(Debug)]
pub struct Absent<S>(PhantomData<fn() -> S>);

impl<S> Deref for Absent<S> {
    type Target = S;

    fn deref(&self) -> &S {
        unreachable!("the build has failed")
    }
}
