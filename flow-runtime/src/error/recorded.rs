//! The recorded form of an error.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{At, BoxError, Error, ErrorKind, OwnError, Result};
use crate::place::Place;

/// An error in recorded form, with everything needed to recreate it when the run is resumed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Recorded {
    /// The kind of failure.
    pub kind: ErrorKind,
    /// The message, without the place.
    pub message: String,
    /// Where it happened.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub at: Option<At>,
    /// Whether a retry may help, if set explicitly; otherwise the kind decides.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub retryable: Option<bool>,
    /// The underlying error as JSON, if it is a contract defined by the user.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub own: Option<Value>,
    /// The messages of the underlying errors, the nearest first.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub causes: Vec<String>,
    /// The error of the fallback that failed after the step itself.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub fallback: Option<Box<Beside>>,
    /// The finished steps that could not be undone.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub not_undone: Vec<Beside>,
    /// The errors of the branches of a race, in the order written.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub branches: Vec<Recorded>,
}

/// The error of another step, caused by the first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Beside {
    /// The step's name.
    pub step: String,
    /// Its error.
    pub error: Recorded,
}

impl From<&Error> for Recorded {
    fn from(error: &Error) -> Self {
        let inner = &error.0;
        Self {
            kind: inner.kind.clone(),
            message: inner.message.clone(),
            at: inner.at.clone(),
            retryable: inner.retryable,
            own: None,
            causes: causes(error),
            fallback: inner.fallback.as_ref().map(|(step, error)| Box::new(Beside::new(step, error))),
            not_undone: inner.not_undone.iter().map(|(step, error)| Beside::new(step, error)).collect(),
            branches: error.branches().map(Self::from).collect(),
        }
    }
}

impl From<Recorded> for Error {
    fn from(recorded: Recorded) -> Self {
        let mut error = Error::new(recorded.kind, recorded.message);
        error.0.at = recorded.at;
        error.0.retryable = recorded.retryable;
        error.0.source = recorded.causes.into_iter().rev().fold(None, |next, text| Some(Cause { text, next }.into()));
        error.0.fallback = recorded.fallback.map(|fallback| fallback.into_error());
        error.0.not_undone = recorded.not_undone.into_iter().map(Beside::into_error).collect();
        error.0.branches = recorded.branches.into_iter().map(Error::from).collect();
        error
    }
}

impl Beside {
    fn new(step: &str, error: &Error) -> Self {
        Self { step: step.to_owned(), error: error.into() }
    }

    fn into_error(self) -> (Cow<'static, str>, Error) {
        (self.step.into(), self.error.into())
    }
}

impl Recorded {
    /// Records a step's error; the user's own error inside is encoded as its contract says.
    pub(crate) fn of(error: &Error, own: Option<OwnError>) -> Self {
        let source = error.0.source.as_deref().map(|source| source as &(dyn StdError + 'static));
        Self { own: own.zip(source).and_then(|(own, source)| (own.encode)(source)?.ok()), ..error.into() }
    }

    /// Returns the places of the failures behind this one: its own, or those of the branches of a race.
    pub(crate) fn places(&self) -> Vec<&Place> {
        match self.branches.as_slice() {
            [] => self.at.iter().map(|at| &at.place).collect(),
            branches => branches.iter().flat_map(Self::places).collect(),
        }
    }

    /// Recreates the error, with the user's own error inside.
    pub(crate) fn into_error(self, own: Option<OwnError>) -> Error {
        let source = own.zip(self.own.clone()).and_then(|(own, json)| (own.decode)(json).ok());
        let mut error = Error::from(self);
        error.0.source = source.or(error.0.source);
        error
    }
}

impl Error {
    /// Replaces the source by what reading it back gives, if it can be recorded. If that fails, the result is that failure, with this
    /// error's text as source.
    pub(crate) fn read_back(mut self, read: impl FnOnce(&BoxError) -> Option<Result<BoxError>>) -> Self {
        match self.0.source.as_ref().and_then(read) {
            None => {}
            Some(Ok(source)) => self.0.source = Some(source),
            Some(Err(lost)) => {
                let first = Cause { text: self.in_run().to_string(), next: None };
                return lost.with_source(first);
            }
        }
        self
    }
}

fn causes(error: &Error) -> Vec<String> {
    let mut next: Option<&(dyn StdError + 'static)> = error.0.source.as_deref().map(|error| error as _);
    let mut texts = Vec::new();
    while let Some(cause) = next {
        texts.push(cause.to_string());
        next = cause.source();
    }
    texts
}

/// A cause whose text alone was recorded.
#[derive(Debug)]
struct Cause {
    text: String,
    next: Option<BoxError>,
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl StdError for Cause {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.next.as_deref().map(|next| next as _)
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;
    use crate::place::RunId;

    #[test]
    fn an_error_is_made_again_with_all_that_its_text_says() {
        let disk = Error::from(io::Error::other("disk"));
        let kind = ErrorKind::Rejected { reasons: vec!["too long".into()], answer: "\"…\"".into() };
        let error = Error::new(kind, "no")
            .with_source(io::Error::other("cause"))
            .with_fallback("plan_b", Error::terminal("down too"))
            .with_branches(vec![
                Error::terminal("first"),
                Error::terminal("second").with_source(io::Error::other("why")),
            ])
            .with_not_undone(&RunId::named("r"), vec![("book", disk)]);
        let text = serde_json::to_string(&Recorded::from(&error)).unwrap();
        let again = Error::from(serde_json::from_str::<Recorded>(&text).unwrap());
        assert_eq!(format!("{again:?}"), format!("{error:?}"));
        assert_eq!(again.kind(), error.kind());
        assert_eq!(Recorded::from(&again), Recorded::from(&error));
    }
}
