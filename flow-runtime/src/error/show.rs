//! Errors as text.

use std::fmt;

use super::{BoxedError, Error, ErrorKind};
use crate::text::{Cited, escaped};

impl Error {
    /// Displays the error without workflow and run, for contexts where the run is known.
    pub fn in_run(&self) -> impl fmt::Display + '_ {
        InRun(self)
    }
}

struct InRun<'a>(&'a Error);

impl fmt::Display for InRun<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &self.0.0;
        if let Some(place) = inner.at.as_ref().and_then(|at| at.in_run()) {
            write!(f, "{place}: ")?;
        }
        match inner.kind {
            // These messages are entirely our own.
            ErrorKind::Setup | ErrorKind::Journal => f.write_str(&inner.message)?,
            _ => Cited(&inner.message).fmt(f)?,
        }
        inner.kind.details(f)?;
        if let Some((step, error)) = &inner.fallback {
            write!(f, "\n  the fallback `{step}` failed too: {}", error.in_run())?;
        }
        for (index, error) in inner.branches.iter().enumerate() {
            let text = error.in_run().to_string().replace('\n', "\n  ");
            write!(f, "\n  branch {}: {text}", index + 1)?;
        }
        let mut not_undone = inner.not_undone.iter();
        not_undone.try_for_each(|(step, error)| write!(f, "\n  `{step}` could not be undone: {}", error.in_run()))
    }
}

/// Place, message and details, then a line with workflow and run.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.in_run())?;
        match &self.0.at {
            Some(at) => write!(f, "\n  in workflow `{}`, run `{}`", at.workflow, at.run),
            None => Ok(()),
        }
    }
}

/// `fn main() -> flow::Result<()>` prints errors with `Debug`: the text for people, then the causes, with terminal control
/// characters escaped.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&escaped(&self.to_string()))?;
        let mut next = self.0.source.as_ref().and_then(|e| e.source());
        while let Some(cause) = next {
            write!(f, "\ncaused by: {}", Cited(&escaped(&cause.to_string())))?;
            next = cause.source();
        }
        Ok(())
    }
}

impl fmt::Debug for BoxedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Display for BoxedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}
