//! Which failures are retried, how often, and after which delays.

use flow::prelude::*;

use crate::support::{Busy, only};

#[step(retry(max_attempts = 5, initial_delay = "1s", factor = 2, max_delay = "3s", jitter = false))]
async fn flaky(good: u32) -> Result<u32> {
    let attempt = flow::current()?.attempt;
    if attempt < good { Err(flow::retryable(Busy)) } else { Ok(attempt) }
}

#[workflow]
async fn patient(good: u32) -> Result<u32> {
    flaky(good).await
}

#[flow::tokio::test(start_paused = true)]
async fn a_retryable_failure_is_tried_again_until_it_succeeds() {
    let (runtime, happened) = Runtime::test().build().unwrap();
    assert_eq!(runtime.run(patient(3)).await.unwrap(), 3);
    assert_eq!(
        happened.lines(),
        [
            "will run patient",
            "will step flaky",
            "will attempt flaky #1",
            "did attempt flaky #1: busy",
            "will retry flaky after 1s",
            "will attempt flaky #2",
            "did attempt flaky #2: busy",
            "will retry flaky after 2s",
            "will attempt flaky #3",
            "did attempt flaky #3",
            "did step flaky",
            "did run",
        ]
    );
}

#[flow::tokio::test(start_paused = true)]
async fn waits_grow_up_to_the_longest_and_end_with_the_attempts() {
    let (runtime, happened) = Runtime::test().build().unwrap();
    let started = flow::tokio::time::Instant::now();
    let error = runtime.run(patient(9)).await.unwrap_err();
    let waits = only(&happened.lines(), "will retry flaky after ");
    assert_eq!(waits, ["1s", "2s", "3s", "3s"]);
    assert_eq!(started.elapsed().as_secs(), 9, "the waits are waited");
    assert_eq!(error.at().unwrap().attempt, 5);
    assert_eq!(error.in_run().to_string(), "step `flaky`, attempt 5: busy");
    assert!(error.is_retryable());
}

#[step(retry = 5)]
async fn hopeless() -> Result<u32> {
    Err(Busy.into())
}

#[workflow]
async fn resigned() -> Result<u32> {
    hopeless().await
}

#[flow::tokio::test(start_paused = true)]
async fn a_failure_is_terminal_unless_it_says_otherwise() {
    let (runtime, happened) = Runtime::test().build().unwrap();
    let error = runtime.run(resigned()).await.unwrap_err();
    assert!(!error.is_retryable());
    assert_eq!(only(&happened.lines(), "will attempt "), ["hopeless #1"]);
}

/// An error that decides for itself whether it is retryable.
#[derive(Debug)]
struct Sure(bool);

impl std::fmt::Display for Sure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("not sure")
    }
}

impl std::error::Error for Sure {}

impl flow::Retryable for Sure {
    fn is_retryable(&self) -> bool {
        self.0
    }
}

#[step(retry = 3)]
async fn knowing(again: bool) -> Result<u32, Sure> {
    Err(Sure(again))
}

#[workflow]
async fn informed(again: bool) -> Result<u32> {
    knowing(again).await
}

#[flow::tokio::test(start_paused = true)]
async fn an_error_type_may_know_whether_it_is_retryable() {
    for (again, attempts) in [(true, 3), (false, 1)] {
        let (runtime, happened) = Runtime::test().build().unwrap();
        let error = runtime.run(informed(again)).await.unwrap_err();
        assert_eq!(only(&happened.lines(), "will attempt ").len(), attempts);
        assert_eq!(error.downcast_ref::<Sure>().unwrap().0, again);
    }
}

#[step(retry = 3)]
async fn giving(words: Vec<String>) -> Result<usize> {
    if flow::current()?.attempt < 3 { Err(flow::retryable(Busy)) } else { Ok(words.len()) }
}

#[workflow]
async fn generous(words: Vec<String>) -> Result<usize> {
    giving(words).await
}

#[flow::tokio::test(start_paused = true)]
async fn each_attempt_has_arguments_of_its_own() {
    let words = vec!["a".to_owned(), "b".to_owned()];
    assert_eq!(Runtime::test().run(generous(words.clone())).await.unwrap(), 2);
    let bare = Runtime::builder().build().unwrap();
    assert_eq!(bare.run(generous(words)).await.unwrap(), 2);
}
