//! Limits of time: of an attempt, of a call, of a workflow.

use std::time::Duration;

use flow::prelude::*;

use crate::support::{Crowd, Draft, FAST, Say, draft, fake, only, rest};

#[step(timeout = "1s", retry(max_attempts = 3, initial_delay = "100ms", factor = 1, jitter = false))]
async fn slow_at_first(#[state] crowd: &Crowd) -> Result<u32> {
    let _present = crowd.enter();
    let attempt = flow::current()?.attempt;
    rest(if attempt < 3 { 5_000 } else { 10 }).await;
    Ok(attempt)
}

#[workflow]
async fn hurrying(#[state] crowd: &Crowd) -> Result<u32> {
    slow_at_first(crowd).await
}

#[flow::tokio::test(start_paused = true)]
async fn a_limit_counts_for_each_attempt_and_is_tried_again() {
    let crowd = Crowd::default();
    let (runtime, happened) = Runtime::test().state(crowd.clone()).build().unwrap();
    assert_eq!(runtime.run(hurrying()).await.unwrap(), 3);
    assert_eq!(
        happened.lines()[2..],
        [
            "will attempt slow_at_first #1",
            "did attempt slow_at_first #1: no answer within 1s",
            "will retry slow_at_first after 100ms",
            "will attempt slow_at_first #2",
            "did attempt slow_at_first #2: no answer within 1s",
            "will retry slow_at_first after 100ms",
            "will attempt slow_at_first #3",
            "did attempt slow_at_first #3",
            "did step slow_at_first",
            "did run",
        ]
    );
    assert_eq!((crowd.most(), crowd.now()), (1, 0), "a late attempt is dropped before the next begins");
}

#[step]
async fn slow() -> Result<u32> {
    rest(5_000).await;
    Ok(1)
}

#[workflow]
async fn limiting() -> Result<u32> {
    slow().timeout("2s").await
}

#[flow::tokio::test(start_paused = true)]
async fn a_call_may_have_a_limit_of_its_own() {
    for runtime in [Runtime::builder().build().unwrap(), Runtime::test().build().unwrap().0] {
        let error = runtime.run(limiting()).await.unwrap_err();
        assert_eq!(error.kind(), &flow::ErrorKind::TimedOut { after: Duration::from_secs(2) });
        assert_eq!(error.in_run().to_string(), "step `slow`: no answer within 2s");
    }
}

#[workflow(timeout = "3s")]
async fn limited() -> Result<u32> {
    slow().await
}

#[flow::tokio::test(start_paused = true)]
async fn a_workflow_has_a_limit_for_the_whole() {
    let (runtime, happened) = Runtime::test().build().unwrap();
    let error = runtime.run(limited()).await.unwrap_err();
    assert_eq!(error.in_run().to_string(), "the workflow did not end within 3s");
    assert_eq!(error.at().unwrap().workflow, "limited");
    assert_eq!(
        happened.lines()[3..],
        ["did step slow: the step was cancelled", "did run: the workflow did not end within 3s"]
    );
    assert_eq!(runtime.run(limited().timeout("6s")).await.unwrap(), 1);
}

#[step(model = FAST, prompt = "Write {{ what }}.", timeout = "1s")]
async fn write(what: &str) -> Result<Draft>;

#[workflow]
async fn writing(what: String) -> Result<Draft> {
    write(&what).await
}

#[flow::tokio::test(start_paused = true)]
async fn a_slow_model_is_asked_again() {
    let (fake, asked) = fake(
        "fake",
        [
            Say::Late(Duration::from_secs(9), r#"{"text": "late"}"#),
            Say::Late(Duration::from_millis(900), r#"{"text": "in time"}"#),
        ],
    );
    let (runtime, happened) = Runtime::test().provider(fake).build().unwrap();
    assert_eq!(runtime.run(writing("x".into())).await.unwrap(), draft("in time"));
    assert_eq!(asked.count(), 2);
    assert_eq!(only(&happened.lines(), "did attempt "), ["write #1: no answer within 1s", "write #2"]);
}

#[flow::tokio::test(start_paused = true)]
async fn a_test_may_leave_a_step_without_an_answer() {
    let (runtime, happened) = Runtime::test().unanswered(write).build().unwrap();
    let error = runtime.run(writing("x".into())).await.unwrap_err();
    assert!(matches!(error.kind(), flow::ErrorKind::TimedOut { .. }), "{error}");
    assert_eq!(only(&happened.lines(), "will attempt ").len(), 3);
}

#[step(concurrency = 1, timeout = "1s")]
async fn queued(n: u32) -> Result<u32> {
    rest(900).await;
    Ok(n)
}

#[workflow]
async fn queueing() -> Result<u32> {
    let (a, b, c) = try_join!(queued(1), queued(2), queued(3))?;
    Ok(a + b + c)
}

#[flow::tokio::test(start_paused = true)]
async fn waiting_for_a_free_place_does_not_count() {
    assert_eq!(Runtime::test().run(queueing()).await.unwrap(), 6);
}
