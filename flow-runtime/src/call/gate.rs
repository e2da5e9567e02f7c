//! Gates at a step: functions that judge at once, and steps that are asked.

use std::marker::PhantomData;

use super::question::Names;
use super::{Answer, Call, Judgements};
use crate::error::Result;
use crate::gate::Verdict;
use crate::graph::MetaPtr;
use crate::provider::BoxFuture;
use crate::run::{Cx, NodeId};

/// What one gate said.
#[derive(Debug)]
pub struct Judgement {
    /// The gate's name.
    pub gate: &'static str,
    /// What it said.
    pub verdict: Verdict,
}

/// What a gate returns: a verdict, or the call of a step that gives one.
#[diagnostic::on_unimplemented(
    message = "a gate returns a `Verdict`, or is a step that returns `Result<Verdict>`",
    label = "not a gate",
    note = "see flow::errors::gate_form"
)]
pub trait Judged: Send + Sized {
    /// The step that judges, if it is one.
    const STEP: Option<MetaPtr>;

    /// The verdict; `node` is where a step that judges stands.
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

/// The gate looks at the output as it is.
#[derive(Debug)]
pub struct Whole;

/// The gate looks at the text of a `String`.
#[derive(Debug)]
pub struct Text;

/// The gate looks at the items of a `Vec`.
#[derive(Debug)]
pub struct Items;

/// A function that can be a gate of arguments `A`; `L` is how it looks at the output, which rustc infers.
pub trait GateFn<A, L = Whole> {
    /// The step that judges, if it is one.
    const STEP: Option<MetaPtr>;
    /// What it returns.
    type Judged: Judged;
    /// Asks it.
    fn ask(&self, arguments: A) -> Self::Judged;
}

/// Asks whether a function is a gate.
#[derive(Debug)]
pub struct Judging<A, L, F>(Names<(A, L, F)>);

impl<A, L, F> Judging<A, L, F> {
    /// The function.
    pub const fn of(_: &F) -> Self {
        Self(PhantomData)
    }
}

impl<A, L, F: GateFn<A, L>> Judging<A, L, F> {
    /// It is one.
    pub fn gate(self) -> IsGate<A, L, F> {
        IsGate(PhantomData)
    }
}

/// The answer of a function that is no gate.
pub trait NotJudging: Sized {
    /// It is none.
    fn gate(self) -> IsNoGate {
        IsNoGate
    }
}

impl<A, F> NotJudging for Judging<A, Whole, F> {}

/// A gate.
#[derive(Debug)]
pub struct IsGate<A, L, F>(Names<(A, L, F)>);

/// No gate.
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

/// A gate and what it is given. Inherent where it is a gate; [`NoGate`] answers for all other functions.
#[derive(Debug)]
pub struct Passed<F, A, L>(F, A, PhantomData<L>);

impl<F, A, L> Passed<F, A, L> {
    /// A gate and what it is given.
    pub const fn new(gate: F, given: A) -> Self {
        Self(gate, given, PhantomData)
    }
}

impl<F: GateFn<A, L>, A, L> Passed<F, A, L> {
    /// Asks the gate, unless it is a step and something was rejected already: functions all judge, asking a step costs.
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

/// The names of [`Passed`] for what is no gate; never called, since the build has stopped.
pub trait NoGate: Sized {
    /// Nothing.
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
