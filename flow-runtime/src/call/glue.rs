//! Plain code between the steps: whether a value is a call that nobody awaits.

use std::marker::PhantomData;

use super::Call;

/// Says whether a value is a call: of a value that is only looked at, or of one that is handed over.
///
/// Calls are not `Unpin`, and hardly anything else is not. So what may be moved is no call. Of a type that is not known yet, as
/// that of `parse(text)` may be in a closure, the same is said, since the inherent method is taken wherever it may apply; were it
/// to turn out later that the type is not `Unpin`, the build would fail.
#[derive(Debug)]
pub struct StepProbe<T, V = ()>(V, PhantomData<fn() -> T>);

/// The answer for what may be moved.
#[derive(Debug)]
pub struct Movable<T, V>(V, PhantomData<fn() -> T>);

/// The answer for what may not, which is most often a call. For calls the methods are the inherent ones.
#[derive(Debug)]
pub struct Pinned<T, V>(V, PhantomData<fn() -> T>);

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
    /// Looks at a value.
    pub const fn of(_: &T) -> Self {
        Self((), PhantomData)
    }
}

impl<T> StepProbe<T, T> {
    /// Takes a value over, to be used as if it had been awaited.
    pub const fn taking(value: T) -> Self {
        Self(value, PhantomData)
    }
}

impl<T: Unpin, V> StepProbe<T, V> {
    /// It is no call.
    pub fn look(self) -> Movable<T, V> {
        Movable(self.0, PhantomData)
    }
}

/// The answer of [`StepProbe`] for everything else.
pub trait Look<T, V> {
    /// It may be a call.
    fn look(self) -> Pinned<T, V>;
}

impl<T, V> Look<T, V> for StepProbe<T, V> {
    fn look(self) -> Pinned<T, V> {
        Pinned(self.0, PhantomData)
    }
}

impl<T, V> Movable<T, V> {
    /// It is no call.
    pub fn awaited(self) -> PlainValue {
        PlainValue
    }
}

impl<T> Movable<T, T> {
    /// The value itself.
    pub fn value(self) -> T {
        self.0
    }
}

impl<C: Call, V> Pinned<C, V> {
    /// It is a call.
    pub fn awaited(self) -> NotAwaited {
        NotAwaited
    }
}

impl<C: Call> Pinned<C, C> {
    /// What the call would give; never called: the build has stopped.
    ///
    /// # Panics
    ///
    /// Always.
    pub fn value(self) -> C::Ok {
        unreachable!("the build refuses a call that nobody awaits")
    }
}

/// The answer of [`Pinned`] for everything else.
pub trait Awaitable: Sized {
    /// It is no call.
    fn awaited(self) -> PlainValue {
        PlainValue
    }
}

impl<T, V> Awaitable for Pinned<T, V> {}

/// The value of [`Pinned`] for everything else.
pub trait Settle<T> {
    /// The value itself.
    fn value(self) -> T;
}

impl<T> Settle<T> for Pinned<T, T> {
    fn value(self) -> T {
        self.0
    }
}

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
