//! The steps that serve another: its fallback and its fix. The door complains, the probe keeps quiet.

use std::future::{Pending, pending};
use std::marker::PhantomData;

use super::Call;
use crate::error::Result;
use crate::gate::Rejection;
use crate::graph::MetaPtr;
use crate::run::{Cx, NodeId};

/// A step that stands in for another, with arguments `A` and output `T`.
#[diagnostic::on_unimplemented(
    message = "the fallback of a step is a step with the same arguments and the same output",
    label = "not a step that takes `{A}` and returns `Result<{T}>`",
    note = "mark the function with `#[step]` and give it the signature of the step it stands in for"
)]
pub trait FallbackFn<A, T> {
    /// The call it returns.
    type Call: Call<Ok: Is<T>>;
    /// Calls it.
    fn call(&self, arguments: A) -> Self::Call;
}

/// A step that mends a rejected output of type `T`.
#[diagnostic::on_unimplemented(
    message = "the fix of a step is a step that takes the rejected output and the rejection, and returns the output mended",
    label = "not a step `(output: {T}, rejection: &Rejection) -> Result<{T}>`",
    note = "mark the function with `#[step]` and give it that signature"
)]
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

#[diagnostic::do_not_recommend]
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

/// Runs a helper at a place of its own beside its step.
async fn at_its_place<'c, C: Call + 'c, T>(call: C, cx: &'c Cx<'c>, node: Option<NodeId>) -> Result<T>
where
    C::Ok: Is<T>,
{
    let node = node.unwrap_or(NodeId::first(C::META.get().id));
    call.__at(cx, node).await.map(Is::it)
}

/// What is known of a fallback; complains when it is none.
pub const fn fallback_ptr<A, T, F: FallbackFn<A, T>>(_: &F) -> MetaPtr {
    F::Call::META
}

/// What is known of a fix; complains when it is none.
pub const fn fix_ptr<T, F: FixFn<'static, T>>(_: &F) -> MetaPtr {
    F::Call::META
}

/// A helper and what it is asked. Inherent where it is a helper; [`NoHelper`] answers for all other functions.
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

/// The names of [`Helper`] for what is none; never called, since the build has stopped.
pub trait NoHelper<T>: Sized {
    /// Nothing.
    fn fall_back<'c>(self, _: &'c Cx<'c>, _: MetaPtr) -> Pending<Result<T>> {
        pending()
    }

    /// Nothing.
    fn fix<'c>(self, _: &'c Cx<'c>, _: MetaPtr) -> Pending<Result<T>> {
        pending()
    }
}

impl<F, A, T> NoHelper<T> for Helper<F, A, T> {}

macro_rules! fallbacks {
    ($($arg:ident $value:ident),*) => {
        #[diagnostic::do_not_recommend]
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
