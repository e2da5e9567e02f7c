//! Helper steps: fallback and fix. Constants check them and report errors; the code that runs them falls back silently.

use std::future::{Pending, pending};
use std::marker::PhantomData;

use super::answer::Names;
use super::{Call, IsNoStep, IsStep};
use crate::call::Cx;
use crate::error::Result;
use crate::gate::Rejection;
use crate::graph::MetaPtr;
use crate::place::NodeId;

/// A fallback for a step with arguments `A` and output `T`.
pub trait FallbackFn<A, T> {
    /// The call it returns.
    type Call: Call<Ok: Is<T>>;
    /// Calls it.
    fn call(&self, arguments: A) -> Self::Call;
}

/// A step that corrects a rejected output of type `T`.
pub trait FixFn<'r, T> {
    /// The call it returns.
    type Call: Call<Ok: Is<T>>;
    /// Calls it.
    fn call(&self, output: T, rejection: &'r Rejection) -> Self::Call;
}

/// The same type.
pub trait Is<T> {
    /// The value itself.
    fn it(self) -> T;
}

impl<T> Is<T> for T {
    fn it(self) -> T {
        self
    }
}

impl<'r, T, F, R> FixFn<'r, T> for F
where
    F: Fn(T, &'r Rejection) -> R,
    R: Call,
    R::Ok: Is<T>,
{
    type Call = R;

    fn call(&self, output: T, rejection: &'r Rejection) -> R {
        self(output, rejection)
    }
}

/// Runs a helper at its own place next to its step.
async fn at_its_place<'c, C: Call + 'c, T>(call: C, cx: &'c Cx<'c>, node: Option<NodeId>) -> Result<T>
where
    C::Ok: Is<T>,
{
    let node = node.unwrap_or(NodeId::first(C::META.get().id));
    call.__inner().__at(cx, node).await.map(Is::it)
}

/// Asks whether a function is a fallback for a step with arguments `A` and output `T`, or a fix for its output.
#[derive(Debug)]
pub struct Serving<A, T, F>(Names<(A, T, F)>);

impl<A, T, F> Serving<A, T, F> {
    /// Wraps the function.
    pub const fn of(_: &F) -> Self {
        Self(PhantomData)
    }
}

impl<A, T, F: FallbackFn<A, T>> Serving<A, T, F> {
    /// It is a fallback.
    pub fn fallback(self) -> IsStep<F::Call> {
        IsStep::new()
    }
}

impl<A, T, F: FixFn<'static, T>> Serving<A, T, F> {
    /// It is a fix.
    pub fn fix(self) -> IsStep<F::Call> {
        IsStep::new()
    }
}

/// The fallback of [`Serving`] for a function that is neither.
pub trait NotServing: Sized {
    /// It is not a fallback.
    fn fallback(self) -> IsNoStep {
        IsNoStep
    }

    /// It is not a fix.
    fn fix(self) -> IsNoStep {
        IsNoStep
    }
}

impl<A, T, F> NotServing for Serving<A, T, F> {}

/// A helper and its arguments. Inherent if it is a helper; [`NoHelper`] is the fallback.
#[derive(Debug)]
pub struct Helper<F, A, T>(pub F, pub A, pub PhantomData<fn() -> T>);

impl<F, A, T> Helper<F, A, T>
where
    F: FallbackFn<A, T>,
{
    /// Runs the fallback of a step.
    pub async fn fall_back<'c>(self, cx: &'c Cx<'c>, step: MetaPtr) -> Result<T>
    where
        F::Call: 'c,
    {
        at_its_place(self.0.call(self.1), cx, step.get().policy.fallback_node()).await
    }
}

impl<'r, F, T> Helper<F, (T, &'r Rejection), T>
where
    F: FixFn<'r, T>,
{
    /// Runs the fix of a step.
    pub async fn fix<'c>(self, cx: &'c Cx<'c>, step: MetaPtr) -> Result<T>
    where
        F::Call: 'c,
    {
        let (output, rejection) = self.1;
        at_its_place(self.0.call(output, rejection), cx, step.get().policy.fix_node()).await
    }
}

/// The fallback of [`Helper`] for anything that is not a helper; never called, because the build has failed.
pub trait NoHelper<T>: Sized {
    /// Does nothing.
    fn fall_back<'c>(self, _: &'c Cx<'c>, _: MetaPtr) -> Pending<Result<T>> {
        pending()
    }

    /// Does nothing.
    fn fix<'c>(self, _: &'c Cx<'c>, _: MetaPtr) -> Pending<Result<T>> {
        pending()
    }
}

impl<F, A, T> NoHelper<T> for Helper<F, A, T> {}

macro_rules! fallbacks {
    ($($arg:ident $value:ident),*) => {
        impl<F, R, T, $($arg),*> FallbackFn<($($arg,)*), T> for F
        where
            F: Fn($($arg),*) -> R,
            R: Call,
            R::Ok: Is<T>,
        {
            type Call = R;

            fn call(&self, ($($value,)*): ($($arg,)*)) -> R {
                self($($value),*)
            }
        }
    };
}

fallbacks!();
fallbacks!(A0 a0);
fallbacks!(A0 a0, A1 a1);
fallbacks!(A0 a0, A1 a1, A2 a2);
fallbacks!(A0 a0, A1 a1, A2 a2, A3 a3);
fallbacks!(A0 a0, A1 a1, A2 a2, A3 a3, A4 a4);
fallbacks!(A0 a0, A1 a1, A2 a2, A3 a3, A4 a4, A5 a5);
fallbacks!(A0 a0, A1 a1, A2 a2, A3 a3, A4 a4, A5 a5, A6 a6);
fallbacks!(A0 a0, A1 a1, A2 a2, A3 a3, A4 a4, A5 a5, A6 a6, A7 a7);
