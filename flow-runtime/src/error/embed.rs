//! Conversion of our error into the error types of other crates.

use std::any::Any;
use std::error::Error as StdError;
use std::ops::Deref;

use super::{BoxError, Error};

/// An [`Error`] as a standard error.
///
/// `?` creates it when it converts an [`Error`] into a `Box<dyn std::error::Error>`, an `anyhow::Error` or an `eyre::Report`. It
/// derefs to the error.
///
/// ```
/// use flow_runtime::error::{BoxedError, Error, ErrorKind};
///
/// fn program() -> Result<(), Box<dyn std::error::Error>> {
///     Err(Error::new(ErrorKind::Refused, "no"))?
/// }
///
/// let error = program().unwrap_err();
/// assert_eq!(error.downcast_ref::<BoxedError>().unwrap().kind(), &ErrorKind::Refused);
/// ```
pub struct BoxedError(pub(super) Error);

impl BoxedError {
    /// Returns the error itself.
    pub fn into_inner(self) -> Error {
        self.0
    }
}

impl Deref for BoxedError {
    type Target = Error;

    fn deref(&self) -> &Error {
        &self.0
    }
}

impl StdError for BoxedError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.0.source.as_deref().map(|e| e as _)
    }
}

impl From<Error> for BoxedError {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl From<Error> for BoxError {
    fn from(error: Error) -> Self {
        Box::new(BoxedError(error))
    }
}

impl From<Error> for Box<dyn StdError> {
    fn from(error: Error) -> Self {
        Box::new(BoxedError(error))
    }
}

#[cfg(feature = "anyhow")]
impl From<Error> for anyhow::Error {
    fn from(error: Error) -> Self {
        Self::new(BoxedError(error))
    }
}

#[cfg(feature = "eyre")]
impl From<Error> for eyre::Report {
    // The report shows the line with the `?`.
    #[track_caller]
    fn from(error: Error) -> Self {
        Self::new(BoxedError(error))
    }
}

/// Boxes any error. `anyhow` and `eyre` wrap errors in a type of their own that hides the original, so our error is taken out
/// first.
pub(super) fn boxed<E: Into<BoxError> + 'static>(error: E) -> BoxError {
    let mut error = Some(error);
    let ours = ours(&mut error);
    match (ours, error) {
        (Some(ours), _) => Box::new(ours),
        (None, Some(error)) => error.into(),
        (None, None) => unreachable!("an error is taken out only if it is ours"),
    }
}

/// Takes our error out of an `anyhow` or `eyre` error, unless context was added to it.
#[cfg_attr(
    not(any(feature = "anyhow", feature = "eyre")),
    allow(unused_variables, reason = "there is nothing to open")
)]
fn ours(error: &mut dyn Any) -> Option<BoxedError> {
    #[cfg(feature = "anyhow")]
    if let Some(error) = error.downcast_mut::<Option<anyhow::Error>>()
        && error.as_ref()?.chain().next()?.is::<BoxedError>()
    {
        return error.take()?.downcast().ok();
    }
    #[cfg(feature = "eyre")]
    if let Some(error) = error.downcast_mut::<Option<eyre::Report>>()
        && error.as_ref()?.chain().next()?.is::<BoxedError>()
    {
        return error.take()?.downcast().ok();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    fn failed() -> Error {
        let cause = std::io::Error::other("no route");
        Error::new(ErrorKind::Provider { status: Some(503), retryable: true }, "unreachable").with_source(cause)
    }

    fn is_whole(error: &(dyn StdError + 'static)) {
        let ours = error.downcast_ref::<BoxedError>().expect("it is ours");
        assert!(ours.is_retryable() && matches!(ours.kind(), ErrorKind::Provider { status: Some(503), .. }));
        assert_eq!(ours.to_string(), failed().to_string());
        assert_eq!(error.source().map(ToString::to_string).as_deref(), Some("no route"));
    }

    #[test]
    fn it_converts_with_a_question_mark_and_keeps_what_it_knows() {
        let sent = || -> Result<(), Box<dyn StdError + Send + Sync>> { Err(failed())? };
        is_whole(&*sent().unwrap_err());
        let plain = || -> Result<(), Box<dyn StdError>> { Err(failed())? };
        is_whole(&*plain().unwrap_err());
    }

    #[cfg(feature = "anyhow")]
    #[test]
    fn it_converts_into_anyhow() {
        use anyhow::Context;
        let run = || -> anyhow::Result<()> { Err(failed())? };
        is_whole(&*run().unwrap_err());
        let told = || -> anyhow::Result<()> { Err::<(), _>(anyhow::Error::from(failed())).context("while screening") };
        let error = told().unwrap_err();
        assert_eq!(
            error.chain().map(ToString::to_string).collect::<Vec<_>>(),
            ["while screening", &failed().to_string(), "no route"]
        );
        assert!(error.downcast_ref::<BoxedError>().is_some());
        assert!(
            matches!(error.downcast::<BoxedError>().map(BoxedError::into_inner), Ok(error) if error.is_retryable())
        );
    }

    #[cfg(feature = "eyre")]
    #[test]
    fn it_converts_into_eyre() {
        let run = || -> eyre::Result<()> { Err(failed())? };
        is_whole(&*run().unwrap_err());
    }
}
