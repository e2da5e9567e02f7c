//! Information about the current step that is available to its body.

use flow::prelude::*;
use flow::provider::Usage;

use crate::support::{Book, Busy, Lines};

#[step(retry(max_attempts = 3, initial_delay = "1ms", jitter = false))]
async fn curious(#[state] lines: &Lines) -> Result<u32> {
    let current = flow::current()?;
    flow::tokio::task::yield_now().await;
    current.report(Usage::new(7, 3));
    lines.push(format!("{} {} #{}", current.idempotency_key(), current.step, current.attempt));
    if current.attempt < 2 { Err(flow::retryable(Busy)) } else { Ok(current.attempt) }
}

#[step(effect = none)]
async fn plain(#[state] lines: &Lines) -> Result<()> {
    let current = flow::current()?;
    flow::tokio::task::yield_now().await;
    assert_eq!(flow::current()?, current, "the same after an await");
    current.report(Usage::new(1, 1));
    lines.push(format!("{} #{}", current.idempotency_key(), current.attempt));
    Ok(())
}

#[workflow]
async fn asking(#[state] lines: &Lines) -> Result<u32> {
    for _ in 0..2 {
        plain(lines).await?;
    }
    curious(lines).await
}

#[flow::tokio::test(start_paused = true)]
async fn a_body_knows_its_run_place_and_attempt() {
    let said = ["r1/for[0]/plain #1", "r1/for[1]/plain #1", "r1/curious curious #1", "r1/curious curious #2"];
    let lines = Lines::default();
    let quiet = Runtime::builder().state(lines.clone()).build().unwrap();
    quiet.run(asking().id("r1")).await.unwrap();
    assert_eq!(lines.all(), said);

    let lines = Lines::default();
    Runtime::test().state(lines.clone()).run(asking().id("r1")).await.unwrap();
    assert_eq!(lines.all(), said);
}

#[flow::tokio::test(start_paused = true)]
async fn reported_tokens_reach_the_record_of_their_attempt() {
    let book = Book::default();
    let runtime = Runtime::builder().state(Lines::default()).observe(book.clone()).build().unwrap();
    runtime.run(asking()).await.unwrap();
    let usage: Vec<_> = book.attempts().iter().map(|attempt| attempt.usage).collect();
    assert_eq!(usage, [Usage::new(1, 1), Usage::new(1, 1), Usage::new(7, 3), Usage::new(7, 3)]);
}

#[test]
fn outside_a_step_nothing_is_known() {
    assert!(flow::current().unwrap_err().to_string().contains("only inside the body of a step"));
}
