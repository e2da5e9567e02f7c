//! Our errors keep their kind when a step's own error type wraps them, and are retried if that helps.

use std::error::Error as StdError;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};

use flow::prelude::*;
use flow::{BoxedError, ErrorKind};

use crate::support::Busy;

/// Counts the attempts of a step.
#[derive(Default)]
struct Tries(AtomicU32);

impl Tries {
    /// Fails as busy the first time, then succeeds.
    fn next(&self) -> Result<u32> {
        match self.0.fetch_add(1, SeqCst) {
            0 => Err(flow::retryable(Busy)),
            tries => Ok(tries),
        }
    }
}

#[derive(Debug, thiserror::Error)]
enum Mine {
    #[error("the search failed")]
    Search(#[from] BoxedError),
    #[error("the index failed")]
    Boxed(#[from] Box<dyn StdError + Send + Sync>),
    #[error("the store failed: {0}")]
    Told(#[source] BoxedError),
}

#[step(retry(max_attempts = 2, initial_delay = "1ms"))]
async fn typed(which: u32, #[state] tries: &Tries) -> Result<u32, Mine> {
    let tried = tries.next().map_err(BoxedError::from);
    Ok(match which {
        0 => tried?,
        1 => tried.map_err(|error| Box::<dyn StdError + Send + Sync>::from(error.into_inner()))?,
        _ => tried.map_err(Mine::Told)?,
    })
}

#[workflow]
async fn typed_run(which: u32, #[state] tries: &Tries) -> Result<u32> {
    typed(which, tries).await
}

#[flow::tokio::test]
async fn a_wrapped_error_is_tried_again() {
    for which in 0..3 {
        let runtime = Runtime::builder().state(Tries::default()).build().unwrap();
        assert_eq!(runtime.run(typed_run(which)).await.unwrap(), 1, "{which}");
    }
}

#[step]
async fn refused() -> Result<u32, Mine> {
    Err(BoxedError::from(flow::Error::new(ErrorKind::Refused, "it will not")))?
}

#[workflow]
async fn refusing() -> Result<u32> {
    refused().await
}

#[flow::tokio::test]
async fn a_wrapped_error_keeps_its_kind_under_the_message_of_what_wraps_it() {
    for journal in [None, Some(flow::journal::Memory::new())] {
        let builder = journal.into_iter().fold(Runtime::builder(), flow::Builder::journal);
        let error = builder.build().unwrap().run(refusing()).await.unwrap_err();
        assert_eq!((error.kind(), error.message()), (&ErrorKind::Refused, "the search failed"));
        assert_eq!(error.at().and_then(|at| at.step.as_deref()), Some("refused"));
        assert!(format!("{error:?}").contains("it will not"), "{error:?}");
    }
}

/// The same test for each library that derives wrapping errors.
macro_rules! wrapping {
    ($feature:literal $module:ident: $library:ident $trait:ident $around:ident) => {
        #[cfg(feature = $feature)]
        mod $module {
            use flow::prelude::*;
            use $library::$trait;

            use super::Tries;

            fn tried(tries: &Tries) -> $library::Result<u32> {
                Ok(tries.next()?)
            }

            #[step(retry(max_attempts = 2, initial_delay = "1ms"))]
            async fn search(depth: u32, #[state] tries: &Tries) -> $library::Result<u32> {
                (0..depth).fold(tried(tries), |found, depth| found.$around(format!("at depth {depth}")))
            }

            #[workflow]
            async fn searching(depth: u32, #[state] tries: &Tries) -> Result<u32> {
                search(depth, tries).await
            }

            #[step]
            async fn refused(depth: u32) -> $library::Result<u32> {
                let refused = flow::Error::new(flow::ErrorKind::Refused, "it will not");
                let refused: $library::Result<u32> = Err(refused.into());
                (0..depth).fold(refused, |found, depth| found.$around(format!("at depth {depth}")))
            }

            #[workflow]
            async fn refusing(depth: u32) -> Result<u32> {
                refused(depth).await
            }

            #[flow::tokio::test]
            async fn what_is_told_around_an_error_changes_neither_its_kind_nor_that_it_is_tried_again() {
                for (depth, message) in ["it will not", "at depth 0", "at depth 1"].into_iter().enumerate() {
                    let depth = u32::try_from(depth).unwrap();
                    let runtime = Runtime::builder().state(Tries::default()).build().unwrap();
                    assert_eq!(runtime.run(searching(depth)).await.unwrap(), 1, "{depth}");
                    let error = runtime.run(refusing(depth)).await.unwrap_err();
                    assert_eq!((error.kind(), error.message()), (&flow::ErrorKind::Refused, message));
                }
            }
        }
    };
}

wrapping!("anyhow" with_anyhow: anyhow Context context);
wrapping!("eyre" with_eyre: eyre WrapErr wrap_err);
