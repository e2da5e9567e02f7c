//! Gates of a step: functions that judge at once, and steps that are called.

use std::marker::PhantomData;

use super::answer::Names;
use super::{Answer, Call, Judgements};
use crate::call::Cx;
use crate::error::Result;
use crate::gate::Verdict;
use crate::graph::MetaPtr;
use crate::place::NodeId;
use crate::provider::BoxFuture;

/// The return type of a gate: a verdict, or the call of a step that returns one.
#[diagnostic::on_unimplemented(
    message = "a gate must return a `Verdict`, or be a step that returns `Result<Verdict>`",
    label = "not a gate",
    note = "see flow::errors::gate_form"
)]
pub trait Judged: Send + Sized {
    /// The step, if the gate is one.
    const STEP: Option<MetaPtr>;

    /// Returns the verdict; `node` is the place of the step, if the gate is one.
    fn judge<'c>(self, cx: &'c Cx<'c>, node: NodeId) -> BoxFuture<'c, Result<Verdict>>
    where
        Self: 'c;
}

impl Judged for Verdict {
    const STEP: Option<MetaPtr> = None;

    fn judge<'c>(self, _: &'c Cx<'c>, _: NodeId) -> BoxFuture<'c, Result<Verdict>>
    where
        Self: 'c,
    {
        Box::pin(std::future::ready(Ok(self)))
    }
}

impl<C: Call<Ok = Verdict>> Judged for C {
    const STEP: Option<MetaPtr> = Some(C::META);

    fn judge<'c>(self, cx: &'c Cx<'c>, node: NodeId) -> BoxFuture<'c, Result<Verdict>>
    where
        C: 'c,
    {
        Box::pin(self.__inner().__at(cx, node))
    }
}

/// The gate receives the output unchanged.
#[derive(Debug)]
pub struct Whole;

/// The gate receives a `String` as `&str`.
#[derive(Debug)]
pub struct Text;

/// The gate receives a `Vec` as a slice.
#[derive(Debug)]
pub struct Items;

/// A function that can be a gate with arguments `A`; `L` is how it receives the output, inferred by rustc.
pub trait GateFn<A, L = Whole> {
    /// The step, if the gate is one.
    const STEP: Option<MetaPtr>;
    /// Its return type.
    type Judged: Judged;
    /// Calls the gate.
    fn ask(&self, arguments: A) -> Self::Judged;
}

/// Asks whether a function is a gate.
#[derive(Debug)]
pub struct Judging<A, L, F>(Names<(A, L, F)>);

impl<A, L, F> Judging<A, L, F> {
    /// Wraps the function.
    pub const fn of(_: &F) -> Self {
        Self(PhantomData)
    }
}

impl<A, L, F: GateFn<A, L>> Judging<A, L, F> {
    /// It is a gate.
    pub fn gate(self) -> IsGate<A, L, F> {
        IsGate(PhantomData)
    }
}

/// The fallback for a function that is not a gate.
pub trait NotJudging: Sized {
    /// It is not a gate.
    fn gate(self) -> IsNoGate {
        IsNoGate
    }
}

impl<A, F> NotJudging for Judging<A, Whole, F> {}

/// The answer: a gate.
#[derive(Debug)]
pub struct IsGate<A, L, F>(Names<(A, L, F)>);

/// The answer: not a gate.
#[derive(Debug)]
pub struct IsNoGate;

impl<A, L, F: GateFn<A, L>> Answer for IsGate<A, L, F> {
    type Value = Option<Option<MetaPtr>>;
    const VALUE: Self::Value = Some(F::STEP);
}

impl Answer for IsNoGate {
    type Value = Option<Option<MetaPtr>>;
    const VALUE: Self::Value = None;
}

/// A gate and its arguments. Inherent if it is a gate; [`NoGate`] is the fallback.
#[derive(Debug)]
pub struct Passed<F, A, L>(F, A, PhantomData<L>);

impl<F, A, L> Passed<F, A, L> {
    /// Wraps a gate and its arguments.
    pub const fn new(gate: F, given: A) -> Self {
        Self(gate, given, PhantomData)
    }
}

impl<F: GateFn<A, L>, A, L> Passed<F, A, L> {
    /// Calls the gate, unless it is a step and the output was rejected already: functions always judge, but calling a step costs.
    pub async fn judge<'c>(self, said: &mut Judgements, cx: &'c Cx<'c>, gate: &'static str) -> Result<()>
    where
        F::Judged: 'c,
    {
        let node = said.next().unwrap_or(NodeId::first(gate));
        if said.asks(F::STEP) {
            let verdict = self.0.ask(self.1).judge(cx, node).await;
            return said.add(gate, verdict);
        }
        said.leave(gate);
        Ok(())
    }
}

/// The fallback of [`Passed`] for anything that is not a gate; never called, because the build has failed.
pub trait NoGate: Sized {
    /// Does nothing.
    fn judge<'c>(self, _: &mut Judgements, _: &'c Cx<'c>, _: &'static str) -> std::future::Ready<Result<()>> {
        std::future::ready(Ok(()))
    }
}

impl<F, A> NoGate for Passed<F, A, Whole> {}

macro_rules! gates {
    ($($arg:ident $value:ident),*) => {
        gates!(@one [T] &'a T, &'a T, Whole; $($arg $value),*);
        gates!(@one [] &'a String, &'a str, Text; $($arg $value),*);
        gates!(@one [T] &'a Vec<T>, &'a [T], Items; $($arg $value),*);
    };
    (@one [$($param:ident)?] $output:ty, $looked_at:ty, $look:ty; $($arg:ident $value:ident),*) => {
        impl<'a, F, R, $($param,)? $($arg),*> GateFn<($output, $($arg,)*), $look> for F
        where
            F: Fn($looked_at, $($arg),*) -> R,
            R: Judged,
        {
            const STEP: Option<MetaPtr> = R::STEP;
            type Judged = R;

            fn ask(&self, (output, $($value,)*): ($output, $($arg,)*)) -> R {
                self(output, $($value),*)
            }
        }
    };
}

gates!();
gates!(A1 a1);
gates!(A1 a1, A2 a2);
gates!(A1 a1, A2 a2, A3 a3);
gates!(A1 a1, A2 a2, A3 a3, A4 a4);
gates!(A1 a1, A2 a2, A3 a3, A4 a4, A5 a5);
gates!(A1 a1, A2 a2, A3 a3, A4 a4, A5 a5, A6 a6);
gates!(A1 a1, A2 a2, A3 a3, A4 a4, A5 a5, A6 a6, A7 a7);
