//! Time limits of attempts, calls and workflows.

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

/// Blocks the thread for at least this long.
fn block(millis: u64) {
    let (begun, time) = (flow::tokio::time::Instant::now(), Duration::from_millis(millis));
    while begun.elapsed() <= time {
        std::thread::sleep(time);
    }
}

#[step(timeout = "10ms")]
async fn blocking(crash: bool) -> Result<u32> {
    block(20);
    if crash { flow::bail!("out of order") } else { Ok(1) }
}

#[step]
async fn unlimited() -> Result<u32> {
    block(20);
    Ok(1)
}

#[step]
async fn waiting_after_it() -> Result<u32> {
    block(20);
    rest(60_000).await;
    Ok(1)
}

#[step(timeout = "10ms")]
async fn blocking_judge(number: &u32) -> Result<Verdict> {
    block(20);
    Ok(Verdict::ensure(*number > 0, "nothing"))
}

#[step(gate = blocking_judge)]
async fn judged() -> Result<u32> {
    Ok(1)
}

#[step]
async fn stand_in() -> Result<u32> {
    Ok(2)
}

#[step(timeout = "10ms", retry(max_attempts = 2, initial_delay = "1ms"), fallback = stand_in)]
async fn relying() -> Result<u32> {
    block(20);
    Ok(1)
}

#[step(timeout = "10ms", effect = irreversible, unreviewed)]
async fn charge() -> Result<u32> {
    block(20);
    Ok(1)
}

#[workflow]
async fn by_step() -> Result<u32> {
    blocking(false).await
}

#[workflow]
async fn by_call() -> Result<u32> {
    unlimited().timeout("10ms").await
}

#[workflow]
async fn by_await() -> Result<u32> {
    waiting_after_it().timeout("10ms").await
}

#[workflow]
async fn by_gate() -> Result<u32> {
    judged().await
}

#[workflow(timeout = "10ms")]
async fn by_workflow() -> Result<u32> {
    unlimited().await
}

#[workflow]
async fn by_sub_workflow() -> Result<u32> {
    by_workflow().await
}

#[workflow]
async fn by_fallback() -> Result<u32> {
    relying().await
}

#[workflow]
async fn charging() -> Result<u32> {
    charge().await
}

#[workflow]
async fn crashing() -> Result<u32> {
    blocking(true).await
}

/// One runtime without observers, and one with a journal.
fn runtimes() -> [Runtime; 2] {
    let kept = Runtime::builder().journal(flow::journal::Memory::new());
    [Runtime::builder(), kept].map(|builder| builder.build().unwrap())
}

#[flow::tokio::test]
async fn what_blocks_its_thread_past_a_limit_has_timed_out_and_is_told_so() {
    for runtime in runtimes() {
        for (error, who) in [
            (runtime.run(by_step()).await.unwrap_err(), "step `blocking`: no answer within 10ms; the body blocks"),
            (runtime.run(by_call()).await.unwrap_err(), "step `unlimited`: no answer within 10ms; the body blocks"),
            (runtime.run(by_await()).await.unwrap_err(), "no answer within 10ms; the body blocks"),
            (runtime.run(by_gate()).await.unwrap_err(), "step `blocking_judge` at `judged/blocking_judge`: no answer"),
            (runtime.run(by_workflow()).await.unwrap_err(), "did not end within 10ms; something in it blocks"),
            (runtime.run(by_sub_workflow()).await.unwrap_err(), "did not end within 10ms; something in it blocks"),
        ] {
            assert_eq!(error.kind(), &flow::ErrorKind::TimedOut { after: Duration::from_millis(10) }, "{error}");
            let text = error.in_run().to_string();
            assert!(text.contains(who), "{text}");
            assert!(text.contains("blocks its thread (") && text.contains("spawn_blocking"), "{text}");
        }
        assert_eq!(runtime.run(by_fallback()).await.unwrap(), 2);
        let crashed = runtime.run(crashing()).await.unwrap_err();
        assert_eq!(crashed.message(), "out of order", "what has failed by itself says more");
    }
}

#[flow::tokio::test]
async fn an_irreversible_effect_that_ends_too_late_is_not_begun_again() {
    let error = runtimes()[0].run(charging()).await.unwrap_err();
    assert_eq!(error.kind(), &flow::ErrorKind::UnknownOutcome);
    assert!(error.message().contains("the body blocks its thread"), "{error}");
}

/// A provider that blocks its thread while it is asked.
struct Stubborn;

impl flow::provider::Provider for Stubborn {
    fn name(&self) -> &str {
        "fake"
    }

    fn complete<'a>(
        &'a self,
        _: &'a flow::provider::Request,
    ) -> flow::provider::BoxFuture<'a, Result<flow::provider::Reply, flow::provider::Failure>> {
        Box::pin(async {
            block(20);
            Ok(flow::provider::Reply::new(r#"{"text": "late"}"#).usage(flow::provider::Usage::new(7, 3)))
        })
    }
}

#[step(model = FAST, prompt = "Write {{ what }}.", timeout = "10ms", retry = 1)]
async fn wait_for_it(what: &str) -> Result<Draft>;

#[workflow]
async fn waiting_for_it(what: String) -> Result<Draft> {
    wait_for_it(&what).await
}

#[flow::tokio::test]
async fn a_provider_that_blocks_is_late_and_what_it_took_is_on_the_bill() {
    let runtime = Runtime::builder().provider(Stubborn).build().unwrap();
    let handle = runtime.start(waiting_for_it("x".into())).await.unwrap();
    let mut events = handle.events();
    let error = handle.result().await.unwrap_err();
    assert_eq!(error.kind(), &flow::ErrorKind::TimedOut { after: Duration::from_millis(10) });
    assert!(error.message().contains("; the provider blocks its thread ("), "{error}");
    while events.next().await.is_some() {}
    assert_eq!(events.bill().total().usage.output_tokens, Some(3));
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
