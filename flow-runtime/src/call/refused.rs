//! The call of a step that has errors, so that its callers compile without further errors.

use std::future::Future;
use std::marker::{PhantomData, PhantomPinned};
use std::pin::Pin;
use std::task::{Context, Poll};

use serde_json::Value;

use super::{Call, Workflow};
use crate::call::Cx;
use crate::contract::{Shape, Violation};
use crate::error::{Error, Result};
use crate::graph::{Contract, Kind, Meta, MetaPtr, Policy};
use crate::place::{NodeId, RunId};
use crate::provider::Model;

/// A call that is never made: the build has failed.
#[derive(Debug)]
pub struct Refused<T, E>(PhantomData<fn() -> (T, E)>, PhantomPinned);

/// Creates such a call.
pub fn refused<T, E>() -> Refused<T, E> {
    Refused(PhantomData, PhantomPinned)
}

/// The description of a function that is not a step.
pub(super) const NO_STEP: &Meta = &NOTHING;

/// The description of a step whose attribute is wrong, which was reported already. Checks recognise it by its empty module.
pub(super) const META: &Meta = &Meta { name: "a step with errors", ..NOTHING };

const NOTHING: Meta = Meta {
    name: "",
    id: "",
    module: "",
    doc: "",
    file: "",
    line: 0,
    kind: Kind::Code,
    arguments: &[],
    states: &[],
    output: Contract { shape: &Shape::Any, schema: |_| Value::Bool(true) },
    policy: Policy::PLAIN,
    graph: None,
};

impl<T, E> Future for Refused<T, E> {
    type Output = Result<T, E>;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<T, E>> {
        Poll::Pending
    }
}

impl<T: Send, E> Call for Refused<T, E> {
    type Ok = T;
    type Err = E;
    type Inputs = ();
    type Inner = Self;
    const META: MetaPtr = MetaPtr::new(META);

    fn model(self, _: Model) -> Self {
        self
    }

    fn id(self, _: impl Into<String>) -> Self {
        self
    }

    fn timeout(self, _: &'static str) -> Self {
        self
    }

    #[inline(always)]
    fn __inner(self) -> Self {
        self
    }

    async fn __at<'c>(self, _: &'c Cx<'c>, _: NodeId) -> Result<T>
    where
        Self: 'c,
    {
        std::future::pending().await
    }
}

#[diagnostic::do_not_recommend]
impl<T: Send + 'static> Workflow<T> for Refused<T, crate::error::Error> {
    fn __id(&self) -> Result<Option<RunId>> {
        Ok(None)
    }

    async fn __run<'c>(self, _: Cx<'c>) -> Result<T> {
        std::future::pending().await
    }

    fn __input(&self) -> Result<Value> {
        Ok(Value::Null)
    }

    fn __recorded(self) -> Result<(Self, Value)> {
        Ok((self, Value::Null))
    }

    fn __given(self, _: Value) -> Result<Self, Vec<Violation>> {
        Ok(self)
    }

    fn __read(_: Value) -> Result<Self, Vec<Violation>> {
        Ok(refused())
    }

    fn __encode(_: &T) -> Result<Value> {
        Ok(Value::Null)
    }

    fn __read_back(_: &T) -> Result<(T, Value)> {
        Err(Error::terminal("the build rejected this workflow"))
    }

    fn __decode(_: Value) -> Result<T> {
        Err(Error::terminal("the build rejected this workflow"))
    }
}
