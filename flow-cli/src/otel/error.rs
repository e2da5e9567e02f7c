//! Errors of setting up the export.

use flow_runtime::error::{Error, ErrorKind};

pub(super) fn setup(text: &str, error: impl std::error::Error) -> Error {
    Error::new(ErrorKind::Setup, format!("{text}: {error}"))
}
