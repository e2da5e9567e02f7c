//! What remains of a user's error after it has passed through a run.

use std::error::Error as StdError;
use std::fmt;

use flow::prelude::*;

use crate::support::Busy;

/// As `thiserror` generates it: with a message of its own, and the cause as its source.
#[derive(Debug)]
struct Wrapped(Busy);

impl fmt::Display for Wrapped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the store is closed")
    }
}

impl StdError for Wrapped {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&self.0)
    }
}

type Boxed = Box<dyn StdError + Send + Sync>;

#[step]
async fn typed() -> Result<u32, Wrapped> {
    Err(Wrapped(Busy))
}

#[step]
async fn boxed() -> Result<u32, Boxed> {
    Err(Wrapped(Busy).into())
}

#[step]
async fn ours() -> Result<u32> {
    Err(Wrapped(Busy))?
}

#[step]
async fn ours_boxed() -> Result<u32, Boxed> {
    Err(flow::retryable(Wrapped(Busy)).into())
}

#[step]
async fn around() -> Result<u32, Boxed> {
    ours_boxed().await
}

#[workflow]
async fn detour() -> Result<u32> {
    around().await
}

#[workflow]
async fn failing(which: u32) -> Result<u32> {
    match which {
        0 => typed().await,
        1 => boxed().await,
        2 => ours().await,
        3 => ours_boxed().await,
        _ => flow::bail!("no step {which}"),
    }
}

#[flow::tokio::test]
async fn the_users_own_error_is_found_again() {
    let quiet = Runtime::builder().build().unwrap();
    let (watched, _) = Runtime::test().build().unwrap();
    for runtime in [quiet, watched] {
        for which in 0..4 {
            let error = runtime.run(failing(which)).await.unwrap_err();
            assert!(error.downcast_ref::<Wrapped>().is_some(), "{which}: {error}");
            assert_eq!(error.downcast_ref::<Busy>(), Some(&Busy), "{which}: {error}");
            assert_eq!(error.message(), "the store is closed");
            assert_eq!(error.is_retryable(), which == 3);
            assert_eq!(format!("{error:?}").lines().last(), Some("caused by: busy"));
        }
    }
}

#[flow::tokio::test]
async fn an_error_of_a_step_says_where_it_happened() {
    let runtime = Runtime::builder().build().unwrap();
    let error = runtime.run(failing(0).id("cv-17")).await.unwrap_err();
    let at = error.at().unwrap();
    assert_eq!((&*at.workflow, &*at.run, at.attempt), ("failing", "cv-17", 1));
    assert_eq!(at.step.as_deref(), Some("typed"));
    assert_eq!(at.place.as_str(), "typed");
}

#[flow::tokio::test]
async fn glue_ends_a_run_with_its_own_words() {
    let error = Runtime::test().run(failing(7).id("cv-17")).await.unwrap_err();
    assert_eq!(error.to_string(), "no step 7\n  in workflow `failing`, run `cv-17`");
    assert_eq!(error.kind(), &flow::ErrorKind::Terminal);
}

#[workflow]
async fn nesting(which: u32) -> Result<u32> {
    failing(which).await
}

#[flow::tokio::test]
async fn glue_of_a_sub_workflow_says_which_call_it_was() {
    for runtime in [Runtime::builder().build().unwrap(), Runtime::test().build().unwrap().0] {
        let error = runtime.run(nesting(7).id("cv-17")).await.unwrap_err();
        assert_eq!(error.to_string(), "at `failing`: no step 7\n  in workflow `nesting`, run `cv-17`");
        assert_eq!(error.at().unwrap().to_string(), "at `failing`, workflow `nesting`, run `cv-17`");
        let error = runtime.run(nesting(0).id("cv-17")).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "step `typed` at `failing/typed`: the store is closed\n  in workflow `nesting`, run `cv-17`"
        );
    }
}

#[flow::tokio::test]
async fn an_error_keeps_what_it_knows_on_its_way_through_other_types() {
    let error = Runtime::test().run(detour()).await.unwrap_err();
    assert!(error.is_retryable());
    assert_eq!(error.message(), "the store is closed");
    assert!(error.downcast_ref::<Busy>().is_some());
}
