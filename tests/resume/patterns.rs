//! Answers in branches, maps, loops and sub-workflows, and failures known from other engines.

use std::time::Duration;

use flow::journal::{Memory, Query};
use flow::prelude::*;
use flow::run::{RunId, Status, WaitsFor};
use flow::serde_json::json;
use flow::{Ending, ErrorKind};

use super::support::{Counts, process, settle};

#[step]
async fn prepare(n: u32, #[state] counts: &Counts) -> Result<u32> {
    counts.count(format!("prepare {n}"));
    Ok(n * 10)
}

#[step(human, timeout = "7d")]
async fn check(n: u32) -> Result<Review<u32>>;

#[step]
async fn close(n: u32, #[state] counts: &Counts) -> Result<u32> {
    counts.count(format!("close {n}"));
    Ok(n)
}

#[workflow]
async fn each(ns: Vec<u32>, #[state] counts: &Counts) -> Result<Vec<u32>> {
    let done = flow::map(ns, async |n| {
        let n = prepare(n, counts).await?;
        match check(n).await? {
            Review::Accept(n) | Review::Edit(n) => close(n, counts).await,
            Review::Reject { reason } => flow::bail!("{reason}"),
        }
    })
    .concurrency(64)
    .settle()
    .await?;
    Ok(done.into_iter().map(|item| item.unwrap_or(0)).collect())
}

#[tokio::test(start_paused = true)]
async fn each_item_of_a_map_is_answered_for_itself() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let (id, ns): (_, Vec<u32>) = (RunId::named("r"), (0..50).collect());
    let runtime = process(&journal, &counts);
    drop(runtime.start(each(ns.clone()).id("r")).await.unwrap());
    settle().await;
    let waits = runtime.runs(&Query::all()).await.unwrap().remove(0).waits;
    assert_eq!(waits.len(), 50, "all of them wait at once, though the map polls them in turns");
    // Half of them are answered here, out of order, the rest in another process.
    for n in (0..50).rev().step_by(2) {
        let place = format!("map[{n}]/check");
        match n % 5 {
            0 => runtime.answer(&id, &place).reject("no").await.unwrap(),
            1 => runtime.answer(&id, &place).edit(json!(n + 1000)).await.unwrap(),
            _ => runtime.answer(&id, &place).accept().await.unwrap(),
        }
    }
    settle().await;
    runtime.shut_down(Duration::ZERO).await;
    drop(runtime);
    let runtime = process(&journal, &counts);
    let handle = runtime.start(each(ns).id("r")).await.unwrap();
    settle().await;
    for n in (0..50).step_by(2) {
        runtime.answer(&id, &format!("map[{n}]/check")).accept().await.unwrap();
    }
    let expected: Vec<u32> = (0..50)
        .map(|n| match n % 5 {
            _ if n % 2 == 0 => n * 10,
            0 => 0,
            1 => n + 1000,
            _ => n * 10,
        })
        .collect();
    assert_eq!(handle.result().await.unwrap(), expected);
    assert!(counts.all().iter().all(|(_, times)| *times == 1), "{:?}", counts.all());
}

#[workflow]
async fn inner(n: u32, #[state] counts: &Counts) -> Result<u32> {
    let mut n = prepare(n, counts).await?;
    #[bound(5)]
    loop {
        match check(n).await? {
            Review::Accept(accepted) => return Ok(accepted),
            Review::Edit(edited) => n = close(edited, counts).await?,
            Review::Reject { reason } => flow::bail!("{reason}"),
        }
    }
}

#[workflow]
async fn outer(n: u32, #[state] counts: &Counts) -> Result<u32> {
    let (a, b) = try_join!(inner(n), async {
        let n = prepare(n + 1, counts).await?;
        inner(n).await
    })?;
    close(a + b, counts).await
}

#[tokio::test(start_paused = true)]
async fn reviews_in_a_loop_of_a_sub_workflow_in_a_branch_resume_turn_by_turn() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let id = RunId::named("r");
    for (place, answer) in [
        ("inner/loop[0]/check", Some(11)),
        ("inner.2/loop[0]/check", None),
        ("inner/loop[1]/check", Some(12)),
        ("inner/loop[2]/check", None),
    ] {
        // Each answer goes to a new process.
        let runtime = process(&journal, &counts);
        drop(runtime.start(outer(1).id("r")).await.unwrap());
        settle().await;
        let answering = runtime.answer(&id, place).by("ann");
        match answer {
            Some(n) => answering.edit(json!(n)).await.unwrap(),
            None => answering.accept().await.unwrap(),
        }
        settle().await;
        runtime.shut_down(Duration::from_secs(1)).await;
    }
    let runtime = process(&journal, &counts);
    assert_eq!(runtime.run(outer(1).id("r")).await.unwrap(), 12 + 200);
    assert!(counts.all().iter().all(|(_, times)| *times == 1), "{:?}", counts.all());
}

#[step(effect = irreversible)]
async fn pay(amount: u32, #[state] counts: &Counts) -> Result<u32> {
    counts.count("pay");
    flow::tokio::time::sleep(Duration::from_secs(60)).await;
    Ok(amount)
}

#[workflow]
async fn buy(amount: u32, #[state] counts: &Counts) -> Result<u32> {
    let paid = pay(amount, counts).await?;
    close(paid, counts).await
}

#[tokio::test(start_paused = true)]
async fn an_irreversible_step_is_not_begun_again_by_itself() {
    for happened in [true, false] {
        let (journal, counts) = (Memory::new(), Counts::default());
        let id = RunId::named("r");
        let runtime = process(&journal, &counts);
        drop(runtime.start(buy(7).id("r")).await.unwrap());
        settle().await;
        runtime.shut_down(Duration::ZERO).await;
        drop(runtime);

        let runtime = process(&journal, &counts);
        let handle = runtime.start(buy(7).id("r")).await.unwrap();
        settle().await;
        let summary = runtime.runs(&Query::all()).await.unwrap().remove(0);
        assert_eq!((summary.status, summary.waits[0].waits_for), (Status::Waiting, WaitsFor::Outcome));
        let wrong = runtime.answer(&id, "pay").accept().await.unwrap_err();
        assert_eq!(wrong.message(), "step `pay` has no argument that its review can accept; pass the complete answer");
        if happened {
            runtime.answer(&id, "pay").happened(json!(7)).await.unwrap();
        } else {
            runtime.answer(&id, "pay").did_not_happen().await.unwrap();
        }
        assert_eq!(handle.result().await.unwrap(), 7);
        assert_eq!(counts.of("pay"), if happened { 1 } else { 2 });
    }
}

#[step(compensate = give_back)]
async fn reserve(n: u32, #[state] counts: &Counts) -> Result<u32> {
    counts.count(format!("reserve {n}"));
    Ok(n)
}

#[step(effect = idempotent)]
async fn give_back(n: u32) -> Result<()> {
    flow::tokio::time::sleep(Duration::from_secs(u64::from(n) * 60)).await;
    Ok(())
}

#[step]
async fn full(#[state] counts: &Counts) -> Result<u32> {
    counts.count("full");
    flow::bail!("no room left")
}

#[workflow]
async fn trip(#[state] counts: &Counts) -> Result<u32> {
    let a = reserve(1, counts).await?;
    let b = reserve(2, counts).await?;
    let c = full(counts).await?;
    Ok(a + b + c)
}

#[tokio::test(start_paused = true)]
async fn undoing_is_durable_and_is_not_resumed_from() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    drop(runtime.start(trip().id("r")).await.unwrap());
    flow::tokio::time::sleep(Duration::from_secs(130)).await;
    // The second was undone after two minutes; undoing the first is under way.
    runtime.shut_down(Duration::ZERO).await;
    let runtime = process(&journal, &counts);
    let start = flow::tokio::time::Instant::now();
    let error = runtime.run(trip().id("r")).await.unwrap_err();
    assert_eq!(error.message(), "no room left");
    assert_eq!(start.elapsed().as_secs(), 60, "only the first is given back again");
    assert_eq!(counts.all(), [("full".into(), 1), ("reserve 1".into(), 1), ("reserve 2".into(), 1)]);
    let resumed = runtime.resume(&RunId::named("r")).await.and_then(Ending::result).unwrap_err();
    assert_eq!(resumed.kind(), &ErrorKind::Setup);
    assert!(resumed.message().contains("has undone `reserve.2`, `reserve`"), "{resumed}");
}

#[workflow]
async fn unlike(n: u32, #[state] counts: &Counts) -> Result<u32> {
    let n = prepare(n, counts).await?;
    // Simulates code that changed between two builds.
    let n = n + counts.of("changed");
    let n = close(n, counts).await?;
    flow::sleep("1d").await?;
    close(n, counts).await
}

#[tokio::test(start_paused = true)]
async fn a_recorded_step_that_is_asked_with_another_input_is_named() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    drop(runtime.start(unlike(1).id("r")).await.unwrap());
    settle().await;
    drop(runtime);
    counts.count("changed");
    let runtime = process(&journal, &counts);
    let error = runtime.run(unlike(1).id("r")).await.unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::Diverged);
    assert!(
        error.message().starts_with("step `close` was recorded with a different input: at `/n`: recorded 10, now 11;")
    );
    // Nothing was written: the original build can still finish the run.
    assert_eq!(runtime.runs(&Query::all()).await.unwrap()[0].status, Status::Waiting);
}
