//! Plain code between the steps: whether a value is a call that nobody awaits.

use std::marker::PhantomData;

use super::Call;

/// Says whether a type is a call. For calls the method is the inherent one.
#[derive(Debug)]
pub struct StepProbe<T>(PhantomData<fn() -> T>);

/// A call that is held instead of awaited.
#[derive(Debug)]
pub struct NotAwaited;

/// Anything else.
#[derive(Debug)]
pub struct PlainValue;

/// What a workflow may hold on to.
#[diagnostic::on_unimplemented(
    message = "this step is called but not awaited: add `.await?`",
    label = "called but not awaited",
    note = "a step does nothing until it is awaited; to run several at once, use `try_join!`",
    note = "see flow::errors::not_awaited"
)]
pub trait Kept {}

#[diagnostic::do_not_recommend]
impl Kept for PlainValue {}

impl<T> StepProbe<T> {
    /// The probe of a value's type.
    pub const fn of(_: &T) -> Self {
        Self(PhantomData)
    }
}

impl<T: Call> StepProbe<T> {
    /// It is a call.
    pub fn awaited(self) -> NotAwaited {
        NotAwaited
    }
}

/// The answer of [`StepProbe`] for everything else.
pub trait Awaitable: Sized {
    /// It is no call.
    fn awaited(self) -> PlainValue {
        PlainValue
    }
}

impl<T> Awaitable for StepProbe<T> {}

/// Complains about a call that nobody awaits.
pub fn require_awaited<V: Kept>(_: V) {}

/// What a closure of plain code may make.
#[diagnostic::on_unimplemented(
    message = "a closure of plain code hides this step from the workflow's graph: await it in the closure of `map`, as in `map(items, async |item| …)`",
    label = "called in a closure, where nobody awaits it",
    note = "see flow::errors::hidden_step"
)]
pub trait Shown {}

#[diagnostic::do_not_recommend]
impl Shown for PlainValue {}

/// Complains about a call in a closure.
pub fn require_shown<V: Shown>(_: V) {}

/// A value to be used. Of a call that nobody awaits, it is what the call would give: [`require_awaited`] has complained already.
#[derive(Debug)]
pub struct Settled<T>(pub T);

impl<C: Call> Settled<C> {
    /// Never called: the build has stopped.
    ///
    /// # Panics
    ///
    /// Always.
    pub fn value(self) -> C::Ok {
        unreachable!("the build refuses a call that nobody awaits")
    }
}

/// The value of [`Settled`] for everything else.
pub trait Settle<T> {
    /// The value itself.
    fn value(self) -> T;
}

impl<T> Settle<T> for Settled<T> {
    fn value(self) -> T {
        self.0
    }
}
