//! Errors of a step's body. Types with a certain trait have inherent items; the traits here are the fallbacks for all others.

use std::error::Error as StdError;
use std::marker::PhantomData;

use serde_json::Value;

use super::OutputContract;
use crate::contract::{Direction, Ways, decode, encode, read_back, schema};
use crate::error::{BoxError, Error, OwnError, Result, Retryable};

/// Asks an error whether it is retryable. Inherent for types that implement [`Retryable`].
#[derive(Debug)]
pub struct RetryProbe<'a, E>(pub &'a E);

impl<E: Retryable> RetryProbe<'_, E> {
    /// Returns what the error says.
    pub fn retryable(&self) -> Option<bool> {
        Some(self.0.is_retryable())
    }
}

/// The fallback for errors that do not implement [`Retryable`].
pub trait NotRetryable {
    /// Unknown.
    fn retryable(&self) -> Option<bool> {
        None
    }
}

impl<E> NotRetryable for RetryProbe<'_, E> {}

/// An error returned by a step's body.
#[derive(Debug)]
pub struct Failure<E>(pub E);

impl<E: Into<BoxError> + 'static> Failure<E> {
    /// The type is an error.
    pub const IS_ERROR: bool = true;

    /// Converts it to our error type.
    pub fn erase(self, said: Option<bool>) -> Error {
        Error::erase(self.0, said)
    }
}

impl Failure<Error> {
    /// The type is our error.
    pub const IS_OURS: bool = true;

    /// Returns the error itself.
    pub fn ours(self) -> Error {
        self.0
    }
}

/// The fallback of [`Failure`] for a type that is not an error, or not this crate's.
pub trait NoFailure: Sized {
    /// Not an error.
    const IS_ERROR: bool = false;
    /// Not this crate's error.
    const IS_OURS: bool = false;

    /// Never called: the build has failed.
    fn erase(self, _: Option<bool>) -> Error {
        Error::terminal("not an error")
    }

    /// Never called: the build has failed.
    fn ours(self) -> Error {
        Error::terminal("not our error")
    }
}

impl<E> NoFailure for Failure<E> {}

/// The result of a call in a workflow declared with another error type. The build rejects that type, so `?` must not report it
/// again. Inherent if the type can be made from our error.
#[derive(Debug)]
pub struct Tried<T, E>(Result<T>, PhantomData<fn() -> E>);

impl<T, E> Tried<T, E> {
    /// Wraps the result of a call.
    pub fn of<F: Into<Error>>(given: Result<T, F>) -> Self {
        Self(given.map_err(Into::into), PhantomData)
    }
}

impl<T, E: From<Error>> Tried<T, E> {
    /// Converts to the error of the workflow.
    pub fn into_written(self) -> std::result::Result<T, E> {
        self.0.map_err(E::from)
    }
}

/// The fallback of [`Tried`] for an error type that cannot be made from ours.
pub trait NotTried<T, E> {
    /// Never called: the build has failed.
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

/// The return type of a function without a body of its own. Inherent constants if they hold; [`NotReturned`] is the fallback.
#[derive(Debug)]
pub struct Returned<R>(PhantomData<fn() -> R>);

impl<T, E> Returned<std::result::Result<T, E>> {
    /// The type is a result.
    pub const IS_RESULT: bool = true;
}

impl<T> Returned<std::result::Result<T, Error>> {
    /// The error is ours.
    pub const IS_OURS: bool = true;
}

/// The fallback of [`Returned`] for a type that is not a result, or has another error.
pub trait NotReturned {
    /// Not a result.
    const IS_RESULT: bool = false;
    /// Not this crate's error.
    const IS_OURS: bool = false;
}

impl<R> NotReturned for Returned<R> {}

/// A step's error as a resumed run will see it: the user's own error inside is read back from its recorded form. If that fails, the
/// result is a contract violation with the original error's text as source.
pub(crate) fn read_back_error(error: Error, own: Option<OwnError>) -> Error {
    error.read_back(|source| {
        let own = own?;
        // Only an error of that type.
        let _written = (own.encode)(&**source)?;
        let encode = |error: &BoxError| (own.encode)(&**error).unwrap_or(Ok(Value::Null));
        let ways = Ways { what: "the error", encode: &encode, decode: &own.decode, schema: &own.schema };
        Some(read_back(source, &ways).map(|(error, _)| error))
    })
}

/// Asks whether an error type can be recorded: it must be a contract.
#[derive(Debug)]
pub struct Recordable<E>(PhantomData<fn() -> E>);

impl<E: StdError + OutputContract + Send + Sync> Recordable<E> {
    /// The conversions.
    pub const OWN: Option<OwnError> = Some(OwnError {
        encode: |error| error.downcast_ref::<E>().map(|own| encode(own)),
        decode: |json| decode::<E>(json).map(BoxError::from),
        schema: || schema::<E>(Direction::Write),
    });
}

/// The fallback for all other types: only their text is recorded.
pub trait NotRecordable {
    /// Not recordable.
    const OWN: Option<OwnError> = None;
}

impl<E> NotRecordable for Recordable<E> {}
