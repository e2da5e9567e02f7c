//! Substitutes for a failed step: the next model of a chain, another step. Also the concurrency limit of a step.

use std::time::Duration;

use flow::prelude::*;
use flow::provider::FailureKind;

use crate::support::{Busy, Crowd, Draft, FAST, SMART, Say, draft, fake, only, rest};

#[step(model = [FAST, SMART], prompt = "Write {{ what }}.", retry(max_attempts = 2, jitter = false))]
async fn write(what: &str) -> Result<Draft>;

#[workflow]
async fn writing(what: String) -> Result<Draft> {
    write(&what).await
}

#[workflow]
async fn writing_smartly(what: String) -> Result<Draft> {
    write(&what).model(SMART).await
}

const WRITTEN: Say = Say::Text(r#"{"text": "ok"}"#);

#[flow::tokio::test(start_paused = true)]
async fn the_second_model_is_asked_when_the_first_has_failed_for_good() {
    let overloaded = FailureKind::Overloaded { retry_after: None };
    let (fast, _) = fake("fake", [Say::Fail(overloaded), Say::Fail(overloaded)]);
    let (smart, _) = fake("other", [WRITTEN]);
    let (runtime, happened) = Runtime::test().provider(fast).provider(smart).build().unwrap();
    assert_eq!(runtime.run(writing("x".into())).await.unwrap(), draft("ok"));
    assert_eq!(
        happened.lines()[2..],
        [
            "will attempt write #1 with fake/fast",
            "did attempt write #1: model `fake/fast`: no luck",
            "will retry write after 500ms",
            "will attempt write #2 with fake/fast",
            "did attempt write #2: model `fake/fast`: no luck",
            "will attempt write #3 with other/smart",
            "did attempt write #3",
            "did step write",
            "did run",
        ]
    );
}

#[flow::tokio::test(start_paused = true)]
async fn a_refusal_is_not_tried_again_but_the_next_model_is_asked() {
    let (fast, fast_asked) = fake("fake", [Say::Fail(FailureKind::Refused)]);
    let (smart, _) = fake("other", [Say::Fail(FailureKind::Length)]);
    let error = Runtime::test().provider(fast).provider(smart).run(writing("x".into())).await.unwrap_err();
    assert_eq!(fast_asked.count(), 1);
    assert_eq!(error.kind(), &flow::ErrorKind::Length);
    assert_eq!(error.in_run().to_string(), "step `write`, attempt 2: model `other/smart`: no luck");
}

#[flow::tokio::test(start_paused = true)]
async fn a_call_may_ask_another_model_alone() {
    let (fast, fast_asked) = fake("fake", []);
    let (smart, smart_asked) = fake("other", [WRITTEN]);
    Runtime::test().provider(fast).provider(smart).run(writing_smartly("x".into())).await.unwrap();
    assert_eq!((fast_asked.count(), smart_asked.count()), (0, 1));
}

#[flow::tokio::test(start_paused = true)]
async fn the_wait_a_provider_asks_for_is_kept_and_a_very_long_one_ends_the_attempts() {
    let limited = |secs| Say::Fail(FailureKind::RateLimited { retry_after: Some(Duration::from_secs(secs)) });
    let (fast, asked) = fake("fake", [limited(30), limited(3_600)]);
    let (smart, _) = fake("other", [WRITTEN]);
    let (runtime, happened) = Runtime::test().provider(fast).provider(smart).build().unwrap();
    runtime.run(writing("x".into())).await.unwrap();
    assert_eq!(only(&happened.lines(), "will retry "), ["write after 30s"]);
    assert_eq!(asked.count(), 2);
}

#[step]
async fn plain(what: &str) -> Result<Draft> {
    Ok(draft(what))
}

#[step(model = FAST, prompt = "Write {{ what }}.", timeout = "1s", retry(max_attempts = 2, jitter = false), fallback = plain)]
async fn write_or_copy(what: &str) -> Result<Draft>;

#[workflow]
async fn relying(what: String) -> Result<Draft> {
    write_or_copy(&what).await
}

#[flow::tokio::test(start_paused = true)]
async fn a_fallback_runs_after_the_last_attempt_has_timed_out() {
    let (runtime, happened) = Runtime::test().unanswered(write_or_copy).build().unwrap();
    assert_eq!(runtime.run(relying("x".into())).await.unwrap(), draft("x"));
    assert_eq!(
        happened.lines()[2..],
        [
            "will attempt write_or_copy #1",
            "did attempt write_or_copy #1: no answer within 1s",
            "will retry write_or_copy after 500ms",
            "will attempt write_or_copy #2",
            "did attempt write_or_copy #2: no answer within 1s",
            "will fall back write_or_copy to plain",
            "will step write_or_copy/plain",
            "will attempt write_or_copy/plain #1",
            "did attempt write_or_copy/plain #1",
            "did step write_or_copy/plain",
            "did step write_or_copy",
            "did run",
        ]
    );
}

#[flow::tokio::test(start_paused = true)]
async fn a_test_may_mix_failures_with_answers() {
    let (runtime, happened) =
        Runtime::test().results(write, [Err(flow::retryable(Busy)), Ok(draft("ok"))]).build().unwrap();
    assert_eq!(runtime.run(writing("x".into())).await.unwrap(), draft("ok"));
    assert_eq!(only(&happened.lines(), "did attempt "), ["write #1: busy", "write #2"]);
}

#[step]
async fn hopeless(what: &str) -> Result<Draft> {
    flow::bail!("nothing to say of {what}")
}

#[step(retry(max_attempts = 2, initial_delay = "1ms"), fallback = hopeless)]
async fn failing(what: &str) -> Result<Draft> {
    let _ = what;
    Err(Busy.into())
}

#[workflow]
async fn losing(what: String) -> Result<Draft> {
    failing(&what).await
}

#[flow::tokio::test(start_paused = true)]
async fn a_fallback_that_fails_too_hides_nothing() {
    for runtime in [Runtime::builder().build().unwrap(), Runtime::test().build().unwrap().0] {
        let error = runtime.run(losing("x".into())).await.unwrap_err();
        assert_eq!(
            error.in_run().to_string(),
            "step `failing`, attempt 1: busy\n  the fallback `hopeless` failed too: step `hopeless` at `failing/hopeless`: nothing to say of x"
        );
        assert_eq!(error.downcast_ref::<Busy>(), Some(&Busy));
        assert_eq!(error.fallback().unwrap().message(), "nothing to say of x");
    }
}

#[step]
async fn last_resort(number: u32, #[state] crowd: &Crowd) -> Result<u32> {
    let _present = crowd.enter();
    rest(10).await;
    Ok(number)
}

#[step(concurrency = 2, fallback = last_resort)]
async fn crowded(number: u32, #[state] crowd: &Crowd) -> Result<u32> {
    let _present = crowd.enter();
    rest(10).await;
    if number.is_multiple_of(2) { Err(Busy.into()) } else { Ok(number) }
}

#[workflow]
async fn crowding(numbers: Vec<u32>, #[state] crowd: &Crowd) -> Result<Vec<u32>> {
    map(numbers, async |number: u32| crowded(number, crowd).await).concurrency(8).await
}

#[flow::tokio::test(start_paused = true)]
async fn no_more_than_the_limit_run_at_once_and_a_fallback_leaves_its_place() {
    let crowd = Crowd::default();
    let runtime = Runtime::builder().state(crowd.clone()).build().unwrap();
    let odd: Vec<u32> = (0..10).map(|n| 2 * n + 1).collect();
    assert_eq!(runtime.run(crowding(odd.clone())).await.unwrap(), odd);
    assert_eq!(crowd.most(), 2);
    let all: Vec<u32> = (0..10).collect();
    assert_eq!(runtime.run(crowding(all.clone())).await.unwrap(), all);
    assert!(crowd.most() > 2, "two at work and a fallback beside them");
}
