//! The step that undoes another one when the run fails later.

use std::future::{Ready, ready};
use std::marker::PhantomData;

use serde_json::Value;

use super::answer::Names;
use super::gate::{Items, Text, Whole};
use super::{Call, IsNoStep, IsStep};
use crate::call::Cx;
use crate::contract::Violation;
use crate::error::{Error, ErrorKind, Result};
use crate::graph::MetaPtr;
use crate::place::NodeId;

/// Decodes an output that was stored as JSON.
///
/// # Errors
///
/// Returns what breaks the contract.
pub fn reread<T>(decode: fn(Value) -> Result<T, Vec<Violation>>, output: Value) -> Result<T> {
    let answer = output.to_string();
    decode(output).map_err(|violations| {
        Error::new(ErrorKind::ContractViolated { violations, answer }, "the output cannot be read back")
    })
}

/// The step takes the output by value.
#[derive(Debug)]
pub struct Taken;

/// A step that undoes one with output `T`; `L` is how it takes the output, inferred by rustc.
pub trait UndoFn<'o, T, L = Whole> {
    /// The call it returns.
    type Call: Call;
    /// Calls it; `held` keeps the output alive if it is borrowed.
    fn call(&self, output: T, held: &'o mut Option<T>) -> Self::Call;
}

impl<'o, T, F: Fn(T) -> R, R: Call> UndoFn<'o, T, Taken> for F {
    type Call = R;

    fn call(&self, output: T, _: &'o mut Option<T>) -> R {
        self(output)
    }
}

macro_rules! lent {
    ($([$($param:ident)?] $output:ty, $seen:ty, $look:ty;)*) => {$(
        impl<'o, $($param: 'o,)? F: Fn(&'o $seen) -> R, R: Call> UndoFn<'o, $output, $look> for F {
            type Call = R;

            fn call(&self, output: $output, held: &'o mut Option<$output>) -> R {
                self(held.insert(output))
            }
        }
    )*};
}

lent! {
    [T] T, T, Whole;
    [] String, str, Text;
    [T] Vec<T>, [T], Items;
}

/// Asks whether a function undoes a step with output `T`.
#[derive(Debug)]
pub struct Undoing<T, L, F>(Names<(T, L, F)>);

impl<T, L, F> Undoing<T, L, F> {
    /// Wraps the function.
    pub const fn of(_: &F) -> Self {
        Self(PhantomData)
    }
}

impl<T: 'static, L, F: UndoFn<'static, T, L>> Undoing<T, L, F> {
    /// It undoes the step.
    pub fn compensate(self) -> IsStep<F::Call> {
        IsStep::new()
    }
}

/// The fallback for a function that does not.
pub trait NotUndoing: Sized {
    /// It does not undo the step.
    fn compensate(self) -> IsNoStep {
        IsNoStep
    }
}

impl<T, F> NotUndoing for Undoing<T, Whole, F> {}

/// A compensation and the output it takes. Inherent if it fits; [`NoUndo`] is the fallback.
#[derive(Debug)]
pub struct Undo<'o, F, T, L>(F, T, &'o mut Option<T>, PhantomData<fn() -> L>);

impl<'o, F, T, L> Undo<'o, F, T, L> {
    /// Wraps a function and the output.
    pub const fn new(function: F, output: T, held: &'o mut Option<T>) -> Self {
        Self(function, output, held, PhantomData)
    }
}

impl<'o, F: UndoFn<'o, T, L>, T, L> Undo<'o, F, T, L> {
    /// Undoes a step, at the compensation's own place next to it.
    pub async fn compensate<'c>(self, cx: &'c Cx<'c>, step: MetaPtr) -> Result<()>
    where
        F::Call: 'c,
    {
        let node = step.get().policy.compensate_node();
        let call = self.0.call(self.1, self.2);
        call.__inner().__at(cx, node.unwrap_or(NodeId::first(F::Call::META.get().id))).await.map(drop)
    }
}

/// The fallback of [`Undo`] for a function that does not fit; never called, because the build has failed.
pub trait NoUndo: Sized {
    /// Does nothing.
    fn compensate<'c>(self, _: &'c Cx<'c>, _: MetaPtr) -> Ready<Result<()>> {
        ready(Ok(()))
    }
}

impl<F, T> NoUndo for Undo<'_, F, T, Whole> {}
