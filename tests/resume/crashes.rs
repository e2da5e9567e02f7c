//! A run that was interrupted continues where it was.

use flow::journal::Memory;
use flow::prelude::*;
use flow::run::RunId;
use flow::{Ending, ErrorKind, Runtime};

use super::support::{Counts, lines, process, settle};

#[step]
async fn one(n: u32, #[state] counts: &Counts) -> Result<u32> {
    counts.count(format!("one {n}"));
    Ok(n + 1)
}

#[step]
async fn slow(n: u32, #[state] counts: &Counts) -> Result<u32> {
    counts.count(format!("slow {n}"));
    flow::tokio::time::sleep(std::time::Duration::from_secs(60)).await;
    Ok(n * 10)
}

#[workflow]
async fn chain(n: u32, #[state] counts: &Counts) -> Result<u32> {
    let a = one(n, counts).await?;
    let b = slow(a, counts).await?;
    one(b, counts).await
}

#[tokio::test(start_paused = true)]
async fn finished_steps_do_not_run_again() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    let handle = runtime.start(chain(1).id("r")).await.unwrap();
    settle().await;
    assert_eq!(counts.all(), [("one 1".into(), 1), ("slow 2".into(), 1)]);
    runtime.shut_down(std::time::Duration::ZERO).await;
    assert_eq!(handle.result().await.unwrap_err().kind(), &ErrorKind::Cancelled);
    drop(runtime);

    let runtime = process(&journal, &counts);
    assert_eq!(runtime.run(chain(1).id("r")).await.unwrap(), 21);
    assert_eq!(counts.all(), [("one 1".into(), 1), ("one 20".into(), 1), ("slow 2".into(), 2)]);
    // The third time, the result comes straight from the journal.
    assert_eq!(runtime.run(chain(1).id("r")).await.unwrap(), 21);
    let records = runtime.records(&RunId::named("r")).await.unwrap();
    assert_eq!(
        lines(&records),
        [
            "run_started",
            "step_started one",
            "attempt one",
            "step_finished one",
            "step_started slow",
            "attempt slow",
            "step_finished slow",
            "step_started one.2",
            "attempt one.2",
            "step_finished one.2",
            "run_finished",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn the_same_id_is_the_same_run() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    let first = runtime.start(chain(1).id("r")).await.unwrap();
    let second = runtime.start(chain(1).id("r")).await.unwrap();
    assert_eq!(first.result().await.unwrap(), 21);
    assert_eq!(second.result().await.unwrap(), 21);
    assert_eq!(counts.of("slow 2"), 1);
    let other = runtime.run(chain(2).id("r")).await.unwrap_err();
    assert_eq!(
        other.message(),
        "run `r` of workflow `chain` was started with a different input (at `/n`: recorded 1, now 2); use another id for a new input"
    );
}

#[step(retry(max_attempts = 3, initial_delay = "1s"))]
async fn shaky(n: u32, #[state] counts: &Counts) -> Result<u32> {
    counts.count("shaky");
    match counts.of("shaky") {
        1 | 2 => Err(flow::retryable(std::io::Error::other("not yet"))),
        _ => Ok(n),
    }
}

#[workflow]
async fn both(#[state] counts: &Counts) -> Result<u32> {
    let (a, b) = try_join!(
        async {
            let a = one(1, counts).await?;
            one(a, counts).await
        },
        async {
            let b = one(10, counts).await?;
            let b = slow(b, counts).await?;
            one(b, counts).await
        }
    )?;
    let last = flow::map(vec![a, b], async |n| {
        let n = one(n, counts).await?;
        slow(n, counts).await
    })
    .await?;
    shaky(last.iter().sum(), counts).await
}

#[tokio::test(start_paused = true)]
async fn branches_of_several_steps_and_maps_resume_exactly() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let mut result = None;
    // Each process lives for 61 seconds, long enough for one slow step: the first one is interrupted when the map has just
    // started its slow steps, and the second one starts them again.
    for _ in 0..3 {
        let runtime = process(&journal, &counts);
        let handle = runtime.start(both().id("r")).await.unwrap();
        tokio::time::sleep(std::time::Duration::from_secs(61)).await;
        runtime.shut_down(std::time::Duration::ZERO).await;
        result = Some(handle.result().await);
    }
    assert_eq!(result.unwrap().unwrap(), 40 + 1120);
    for (step, times) in counts.all() {
        let most = if step == "shaky" { 3 } else { 2 };
        assert!(times <= most, "{step} ran {times} times");
    }
    assert_eq!(counts.of("one 1"), 1);
    assert_eq!(counts.of("one 2"), 1);
}

#[step]
async fn refuse(n: u32, #[state] counts: &Counts) -> Result<u32> {
    counts.count("refuse");
    if counts.of("refuse") == 1 {
        flow::bail!("out of order: {n}")
    }
    Ok(n)
}

#[workflow]
async fn fails(#[state] counts: &Counts) -> Result<u32> {
    let n = one(1, counts).await?;
    refuse(n, counts).await
}

#[tokio::test(start_paused = true)]
async fn a_failed_run_goes_on_with_the_step_that_failed() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    let error = runtime.run(fails().id("r")).await.unwrap_err();
    let again = runtime.run(fails().id("r")).await.unwrap_err();
    assert_eq!(error.to_string(), again.to_string());
    assert_eq!(counts.of("refuse"), 1);
    assert_eq!(runtime.resume(&RunId::named("r")).await.and_then(Ending::result).unwrap(), 2);
    assert_eq!(counts.all(), [("one 1".into(), 1), ("refuse".into(), 2)]);
    let runtime: Runtime = process(&journal, &counts);
    assert_eq!(runtime.run(fails().id("r")).await.unwrap(), 2);
}

#[tokio::test(start_paused = true)]
async fn what_is_under_way_may_end_within_the_grace_of_a_shutdown() {
    for (grace, bodies) in [(59, 2), (61, 1)] {
        let (journal, counts) = (Memory::new(), Counts::default());
        let runtime = process(&journal, &counts);
        let handle = runtime.start(chain(1).id("r")).await.unwrap();
        settle().await;
        runtime.shut_down(std::time::Duration::from_secs(grace)).await;
        let error = handle.result().await.unwrap_err();
        assert_eq!(error.message(), "the runtime was shut down; resume the run to continue where it stopped");
        assert_eq!(counts.of("one 20"), 0);
        let runtime = process(&journal, &counts);
        assert_eq!(runtime.run(chain(1).id("r")).await.unwrap(), 21);
        assert_eq!(counts.of("slow 2"), bodies, "{grace}");
    }
}

#[step]
async fn weigh(text: &str, n: u32, #[state] counts: &Counts) -> Result<usize> {
    counts.count(format!("weigh {n}"));
    Ok(text.len() + n as usize)
}

#[workflow]
async fn heavy(text: String, #[state] counts: &Counts) -> Result<usize> {
    let all = flow::map(0..40u32, async |n| weigh(&text, n, counts).await).await?;
    flow::sleep("1d").await?;
    let more = weigh(&text, counts.of("again"), counts).await?;
    flow::sleep("1d").await?;
    Ok(all.into_iter().sum::<usize>() + more)
}

#[tokio::test(start_paused = true)]
async fn long_inputs_guard_their_steps_though_a_resumed_run_does_not_hold_them() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let text = "x".repeat(100_000);
    let runtime = process(&journal, &counts);
    assert_eq!(runtime.run(heavy(text.clone()).id("r")).await.unwrap(), 41 * 100_000 + 780);
    assert_eq!(counts.all().len(), 40);
    assert_eq!(counts.of("weigh 0"), 2);
    let other = process(&journal, &counts).run(heavy("y".repeat(100_000)).id("r")).await.unwrap_err();
    assert!(other.message().contains("was started with a different input (at `/text`: recorded \"xxx"), "{other}");
}
