//! Plain code between the steps: whether a value is a call that is not awaited.

use std::marker::PhantomData;

use super::Call;

/// Determines whether a value is a call, either by reference or by value.
///
/// Calls are not `Unpin`, and hardly anything else is not, so an `Unpin` value is not a call. The same is assumed for types that
/// are not inferred yet, such as `parse(text)` in a closure, because rustc prefers the inherent method whenever it may apply; the
/// build fails if such a type later turns out not to be `Unpin`.
#[derive(Debug)]
pub struct StepProbe<T, V = ()>(V, PhantomData<fn() -> T>);

/// The answer for `Unpin` values.
#[derive(Debug)]
pub struct Movable<T, V>(V, PhantomData<fn() -> T>);

/// The answer for other values, which are mostly calls. Calls have inherent methods.
#[derive(Debug)]
pub struct Pinned<T, V>(V, PhantomData<fn() -> T>);

/// A call that is held instead of awaited.
#[derive(Debug)]
pub struct NotAwaited;

/// Anything else.
#[derive(Debug)]
pub struct PlainValue;

/// A value that a workflow may hold.
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
    /// Takes a reference to a value.
    pub const fn of(_: &T) -> Self {
        Self((), PhantomData)
    }
}

impl<T> StepProbe<T, T> {
    /// Takes a value, to be used as if it had been awaited.
    pub const fn taking(value: T) -> Self {
        Self(value, PhantomData)
    }
}

impl<T: Unpin, V> StepProbe<T, V> {
    /// Not a call.
    pub fn look(self) -> Movable<T, V> {
        Movable(self.0, PhantomData)
    }
}

/// The fallback of [`StepProbe`].
pub trait Look<T, V> {
    /// Possibly a call.
    fn look(self) -> Pinned<T, V>;
}

impl<T, V> Look<T, V> for StepProbe<T, V> {
    fn look(self) -> Pinned<T, V> {
        Pinned(self.0, PhantomData)
    }
}

impl<T, V> Movable<T, V> {
    /// Not a call.
    pub fn awaited(self) -> PlainValue {
        PlainValue
    }
}

impl<T> Movable<T, T> {
    /// Returns the value itself.
    pub fn value(self) -> T {
        self.0
    }
}

impl<C: Call, V> Pinned<C, V> {
    /// A call.
    pub fn awaited(self) -> NotAwaited {
        NotAwaited
    }
}

impl<C: Call> Pinned<C, C> {
    /// The output of the call; never called, because the build has failed.
    ///
    /// # Panics
    ///
    /// Always.
    pub fn value(self) -> C::Ok {
        unreachable!("the build rejects a call that is not awaited")
    }
}

/// The fallback of [`Pinned`].
pub trait Awaitable: Sized {
    /// Not a call.
    fn awaited(self) -> PlainValue {
        PlainValue
    }
}

impl<T, V> Awaitable for Pinned<T, V> {}

/// The fallback of [`Pinned`] for the value.
pub trait Settle<T> {
    /// Returns the value itself.
    fn value(self) -> T;
}

impl<T> Settle<T> for Pinned<T, T> {
    fn value(self) -> T {
        self.0
    }
}

/// Reports a call that is not awaited.
pub fn require_awaited<V: Kept>(_: V) {}

/// A value that a closure of plain code may create.
#[diagnostic::on_unimplemented(
    message = "a closure of plain code hides this step from the workflow's graph: await it in the closure of `map`, as in `map(items, async |item| …)`",
    label = "called in a closure, but never awaited",
    note = "see flow::errors::hidden_step"
)]
pub trait Shown {}

#[diagnostic::do_not_recommend]
impl Shown for PlainValue {}

/// Reports a call in a closure.
pub fn require_shown<V: Shown>(_: V) {}
