//! The error of a step's body. Inherent items answer for types that have a trait, the traits beside them for all others.

use std::error::Error as StdError;
use std::marker::PhantomData;

use serde_json::Value;

use super::OutputContract;
use crate::contract::{Direction, Violation, Ways, decode, encode, read_back, schema};
use crate::error::{BoxError, Error, Result, Retryable};

/// Asks an error whether it is retryable. For types that know, the method is the inherent one.
#[derive(Debug)]
pub struct RetryProbe<'a, E>(pub &'a E);

impl<E: Retryable> RetryProbe<'_, E> {
    /// What the error says.
    pub fn retryable(&self) -> Option<bool> {
        Some(self.0.is_retryable())
    }
}

/// The answer for errors that do not know.
pub trait NotRetryable {
    /// Nothing.
    fn retryable(&self) -> Option<bool> {
        None
    }
}

impl<E> NotRetryable for RetryProbe<'_, E> {}

/// An error that a step's body has returned.
#[derive(Debug)]
pub struct Failure<E>(pub E);

impl<E: Into<BoxError> + 'static> Failure<E> {
    /// It is one.
    pub const IS_ERROR: bool = true;

    /// The error as ours.
    pub fn erase(self, said: Option<bool>) -> Error {
        Error::erase(self.0, said)
    }
}

impl Failure<Error> {
    /// It is ours.
    pub const IS_OURS: bool = true;

    /// The error itself.
    pub fn ours(self) -> Error {
        self.0
    }
}

/// The constants of [`Failure`] for a type that is not an error, or not this crate's.
pub trait NoFailure: Sized {
    /// Not an error.
    const IS_ERROR: bool = false;
    /// Not this crate's error.
    const IS_OURS: bool = false;

    /// Never called: the build has stopped.
    fn erase(self, _: Option<bool>) -> Error {
        Error::terminal("no error")
    }

    /// Never called: the build has stopped.
    fn ours(self) -> Error {
        Error::terminal("no error of ours")
    }
}

impl<E> NoFailure for Failure<E> {}

/// What is awaited in a workflow that is written to fail with another error. The build refuses the type, so that `?` need not refuse
/// it as well. For errors made from ours the method is the inherent one.
#[derive(Debug)]
pub struct Tried<T, E>(Result<T>, PhantomData<fn() -> E>);

impl<T, E> Tried<T, E> {
    /// What a call has given.
    pub fn of(given: Result<T>) -> Self {
        Self(given, PhantomData)
    }
}

impl<T, E: From<Error>> Tried<T, E> {
    /// With the error of the workflow.
    pub fn into_written(self) -> std::result::Result<T, E> {
        self.0.map_err(E::from)
    }
}

/// The answer of [`Tried`] for an error that is not made from ours.
pub trait NotTried<T, E> {
    /// Never called: the build has stopped.
    fn into_written(self) -> std::result::Result<T, E>;
}

impl<T, E> NotTried<T, E> for Tried<T, E> {
    fn into_written(self) -> std::result::Result<T, E> {
        match self.0 {
            Ok(value) => Ok(value),
            Err(error) => panic!("{error}"),
        }
    }
}

/// What a function returns whose work is done elsewhere. The names are inherent where they hold; [`NotReturned`] answers for all
/// other types.
#[derive(Debug)]
pub struct Returned<R>(PhantomData<fn() -> R>);

impl<T, E> Returned<std::result::Result<T, E>> {
    /// It is a result.
    pub const IS_RESULT: bool = true;
}

impl<T> Returned<std::result::Result<T, Error>> {
    /// Its error is ours.
    pub const IS_OURS: bool = true;
}

/// The constants of [`Returned`] for a type that is not a result, or has another error.
pub trait NotReturned {
    /// Not a result.
    const IS_RESULT: bool = false;
    /// Not this crate's error.
    const IS_OURS: bool = false;
}

impl<R> NotReturned for Returned<R> {}

/// An error type of the user's own on its way to JSON and back, so that a resumed run has it again.
#[derive(Clone, Copy, Debug)]
pub struct OwnError {
    /// The error as JSON, if it is one of this type.
    pub encode: fn(&(dyn StdError + 'static)) -> Option<Result<Value>>,
    /// The error that was recorded.
    pub decode: fn(Value) -> Result<BoxError, Vec<Violation>>,
    /// The published schema of what is written.
    pub schema: fn() -> Value,
}

impl OwnError {
    /// An error of the user's own as its record gives it back; `None` where it is of another type.
    pub(crate) fn read_back(&self, error: &BoxError) -> Option<Result<BoxError>> {
        let is_own = (self.encode)(&**error).is_some();
        let encode = |error: &BoxError| (self.encode)(&**error).unwrap_or(Ok(Value::Null));
        let ways = Ways { what: "the error", encode: &encode, decode: &self.decode, schema: &self.schema };
        is_own.then(|| read_back(error, &ways).map(|(error, _)| error))
    }
}

/// Asks an error type whether it can be recorded: an error that is a contract.
#[derive(Debug)]
pub struct Recordable<E>(PhantomData<fn() -> E>);

impl<E: StdError + OutputContract + Send + Sync> Recordable<E> {
    /// How.
    pub const OWN: Option<OwnError> = Some(OwnError {
        encode: |error| error.downcast_ref::<E>().map(|own| encode(own)),
        decode: |json| decode::<E>(json).map(BoxError::from),
        schema: || schema::<E>(Direction::Write),
    });
}

/// The answer for all other types: of them only the text is recorded.
pub trait NotRecordable {
    /// Not at all.
    const OWN: Option<OwnError> = None;
}

impl<E> NotRecordable for Recordable<E> {}
