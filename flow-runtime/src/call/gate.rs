//! Gates at a step: functions that judge at once, and steps that are asked.

use super::Call;
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
    label = "not a gate"
)]
pub trait Judged: Send + Sized {
    /// The step that judges, if it is one.
    const STEP: Option<MetaPtr>;

    /// The verdict.
    fn judge<'c>(self, cx: &'c Cx<'c>, gate: &'static str) -> BoxFuture<'c, Result<Verdict>>
    where
        Self: 'c;
}

impl Judged for Verdict {
    const STEP: Option<MetaPtr> = None;

    fn judge<'c>(self, _: &'c Cx<'c>, _: &'static str) -> BoxFuture<'c, Result<Verdict>>
    where
        Self: 'c,
    {
        Box::pin(std::future::ready(Ok(self)))
    }
}

impl<C: Call<Ok = Verdict>> Judged for C {
    const STEP: Option<MetaPtr> = Some(C::META);

    fn judge<'c>(self, cx: &'c Cx<'c>, gate: &'static str) -> BoxFuture<'c, Result<Verdict>>
    where
        C: 'c,
    {
        Box::pin(self.__at(cx, NodeId::first(gate)))
    }
}

/// A function that can be a gate.
pub trait GateFn<A> {
    /// The step that judges, if it is one.
    const STEP: Option<MetaPtr>;
}

/// The step behind a gate, for the graph.
pub const fn gate_step<A, F: GateFn<A>>(_: &F) -> Option<MetaPtr> {
    F::STEP
}

macro_rules! gates {
    ($($arg:ident),*) => {
        impl<F, R, $($arg),*> GateFn<($($arg,)*)> for F
        where
            F: Fn($($arg),*) -> R,
            R: Judged,
        {
            const STEP: Option<MetaPtr> = R::STEP;
        }
    };
}

gates!(A0);
gates!(A0, A1);
gates!(A0, A1, A2);
gates!(A0, A1, A2, A3);
gates!(A0, A1, A2, A3, A4);
gates!(A0, A1, A2, A3, A4, A5);
gates!(A0, A1, A2, A3, A4, A5, A6);
gates!(A0, A1, A2, A3, A4, A5, A6, A7);
