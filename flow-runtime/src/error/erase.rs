//! Conversion of any error into ours.

use std::error::Error as StdError;

use super::embed::boxed;
use super::{BoxError, BoxedError, Error, ErrorKind};

impl Error {
    /// Converts any error returned by a step. Our own keeps everything; if another error wraps ours, it keeps the kind of ours
    /// under its own message. `said` is whether a retry may help, if the error's type knows.
    pub(crate) fn erase(error: impl Into<BoxError> + 'static, said: Option<bool>) -> Self {
        match boxed(error).downcast::<BoxedError>() {
            Ok(ours) => ours.0,
            Err(other) => Self::from_source(other, said),
        }
    }

    /// The nearest of our errors in the chain of sources.
    fn within<'e>(error: &'e (dyn StdError + 'static)) -> Option<&'e Self> {
        let mut next = Some(error);
        while let Some(error) = next {
            if let Some(ours) = error.downcast_ref::<BoxedError>() {
                return Some(&ours.0);
            }
            next = error.source();
        }
        None
    }

    fn from_source(source: BoxError, said: Option<bool>) -> Self {
        let kind = if said == Some(true) { ErrorKind::Retryable } else { ErrorKind::Terminal };
        let mut error = Self::new(kind, source.to_string());
        if let Some(ours) = Self::within(&*source) {
            error.0.kind = ours.0.kind.clone();
            error.0.retryable = said.or(ours.0.retryable);
        }
        error.with_source(source)
    }
}

impl<E: StdError + Send + Sync + 'static> From<E> for Error {
    fn from(error: E) -> Self {
        Self::erase(error, None)
    }
}

/// Marks an error as retryable: with `retry` on the step, the next attempt starts after the backoff.
///
/// An [`Error`] keeps its kind, source and place, except that [`Terminal`](ErrorKind::Terminal) becomes
/// [`Retryable`](ErrorKind::Retryable).
///
/// ```
/// # use flow_runtime::error::{Error, retryable};
/// let busy = std::io::Error::from(std::io::ErrorKind::WouldBlock);
/// let error: Error = retryable(busy);
/// assert!(error.is_retryable());
/// ```
pub fn retryable(error: impl Into<BoxError> + 'static) -> Error {
    let mut error = Error::erase(error, Some(true));
    error.0.retryable = Some(true);
    if error.0.kind == ErrorKind::Terminal {
        error.0.kind = ErrorKind::Retryable;
    }
    error
}

#[cfg(test)]
mod tests {
    use std::fmt;

    use super::*;

    #[derive(Debug)]
    struct Mine;

    impl fmt::Display for Mine {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("mine")
        }
    }

    impl StdError for Mine {}

    #[test]
    fn any_error_converts_and_is_found_again() {
        let error = Error::from(Mine);
        assert_eq!(error.to_string(), "mine");
        assert!(error.downcast_ref::<Mine>().is_some());
        assert!(!error.is_retryable());
    }

    #[test]
    fn another_try_does_not_change_what_went_wrong() {
        let refused = Error::new(ErrorKind::Refused, "no").with_source(Mine);
        let error = retryable(refused);
        assert_eq!((error.kind(), error.is_retryable()), (&ErrorKind::Refused, true));
        assert!(error.downcast_ref::<Mine>().is_some());
        assert_eq!(retryable(Error::terminal("no")).kind(), &ErrorKind::Retryable);
    }

    /// As `thiserror` writes them: its own message, with the cause as source.
    #[derive(Debug)]
    struct Around(BoxError);

    impl fmt::Display for Around {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("while screening")
        }
    }

    impl StdError for Around {
        fn source(&self) -> Option<&(dyn StdError + 'static)> {
            Some(&*self.0)
        }
    }

    #[test]
    fn what_is_around_an_error_of_ours_gives_the_message_and_ours_the_kind() {
        let inner = || {
            let kinds = [
                (Error::new(ErrorKind::Provider { status: Some(503), retryable: true }, "down"), true),
                (Error::new(ErrorKind::Refused, "no"), false),
                (retryable(Error::new(ErrorKind::Refused, "no")), true),
                (retryable(Mine), true),
                (Error::terminal("no"), false),
            ];
            kinds.into_iter()
        };
        for (ours, is_retryable) in inner() {
            let kind = ours.kind().clone();
            // At any depth of wrapping.
            let error = Error::from(Around(Around(ours.into()).into()));
            assert_eq!((error.kind(), error.is_retryable(), error.message()), (&kind, is_retryable, "while screening"));
            assert!(error.downcast_ref::<BoxedError>().is_some());
        }
        for (ours, _) in inner() {
            // A type that implements `Retryable` takes precedence over what it wraps.
            assert!(!Error::erase(Around(ours.into()), Some(false)).is_retryable());
        }
        for (ours, _) in inner() {
            let kind = match ours.kind().clone() {
                ErrorKind::Terminal => ErrorKind::Retryable,
                kind => kind,
            };
            let error = retryable(Around(ours.into()));
            assert_eq!((error.kind(), error.is_retryable()), (&kind, true));
        }
        assert_eq!(Error::from(Around(Mine.into())).kind(), &ErrorKind::Terminal);
    }

    #[test]
    fn our_own_error_survives_a_detour_through_a_box() {
        let error = Error::erase(retryable(Mine), None);
        assert!(error.is_retryable());
        assert!(error.downcast_ref::<Mine>().is_some());
    }
}
