//! Waits follow the clock: after a suspension or a clock change, they end within a minute of the time the clock then shows.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering::SeqCst};
use std::time::Duration;

use flow::journal::{Memory, Query};
use flow::prelude::*;
use flow::run::{RunId, Stamp, Status};
use flow::tokio::time::Instant;
use flow::{Error, ErrorKind};

use super::support::settle;

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// A clock that follows tokio's, which the test has paused, and jumps on demand.
#[derive(Clone, Default)]
struct Wall(Arc<AtomicI64>);

impl Wall {
    /// Simulates a suspension or a clock change of `millis`; negative values set the clock back.
    fn jump(&self, millis: i64) {
        self.0.fetch_add(millis, SeqCst);
    }

    /// A new process on a machine with this clock.
    fn process(&self, journal: Option<&Memory>) -> Runtime {
        let (jumped, begun) = (self.0.clone(), Instant::now());
        let base = Stamp(1_800_000_000_000);
        let now = move || {
            let passed = i64::try_from(begun.elapsed().as_millis()).unwrap();
            Stamp(base.0.checked_add_signed(passed + jumped.load(SeqCst)).unwrap())
        };
        let builder = Runtime::builder().clock(now).workflow(asks).workflow(sleeps).workflow(hurries);
        journal.into_iter().fold(builder, |builder, journal| builder.journal(journal.clone())).build().unwrap()
    }
}

#[step(human, timeout = "7d")]
async fn approve(n: u32) -> Result<u32>;

#[step(signal, timeout = "7d")]
async fn paid(n: u32) -> Result<u32>;

#[step]
async fn never(n: u32) -> Result<u32> {
    std::future::pending::<()>().await;
    Ok(n)
}

/// The waits leave memory, since nothing else is under way.
#[workflow]
async fn asks(n: u32) -> Result<u32> {
    match n {
        0 => approve(n).await,
        _ => paid(n).await,
    }
}

/// Waits in memory, beside a step that is under way.
#[workflow]
async fn asks_beside(n: u32) -> Result<u32> {
    let (n, _) = try_join!(approve(n), never(n))?;
    Ok(n)
}

#[workflow]
async fn sleeps(n: u32) -> Result<u32> {
    flow::sleep("7d").await?;
    Ok(n)
}

#[workflow(timeout = "7d")]
async fn hurries(n: u32) -> Result<u32> {
    never(n).await
}

#[step(timeout = "6h")]
async fn long(n: u32) -> Result<u32> {
    never(n).await
}

#[step(timeout = "30s")]
async fn short(n: u32) -> Result<u32> {
    never(n).await
}

/// A single attempt; its limit exceeds a minute only for 0.
#[workflow]
async fn attempts(n: u32) -> Result<u32> {
    match n {
        0 => long(n).await,
        _ => short(n).await,
    }
}

#[step(retry(max_attempts = 2, initial_delay = "6h", max_delay = "6h"))]
async fn patient(n: u32) -> Result<u32> {
    match flow::current()?.attempt {
        1 => Err(flow::retryable(std::io::Error::other("not yet"))),
        _ => Ok(n),
    }
}

#[workflow]
async fn retries(n: u32) -> Result<u32> {
    patient(n).await
}

/// The time on tokio's clock until a run is over, in seconds.
async fn until_over<T>(run: impl Future<Output = T>) -> (T, u64) {
    let begun = Instant::now();
    let ended = run.await;
    (ended, begun.elapsed().as_secs())
}

fn is_late<T: std::fmt::Debug>(ended: Result<T, Error>) {
    assert!(matches!(ended.as_ref().map_err(Error::kind), Err(ErrorKind::TimedOut { .. })), "{ended:?}");
}

#[tokio::test(start_paused = true)]
async fn a_wait_is_over_within_a_minute_of_a_long_suspension() {
    for held in [true, false] {
        let (wall, journal) = (Wall::default(), Memory::new());
        let runtime = wall.process(Some(&journal));
        let all = [
            runtime.start(asks(0).id("person")).await.unwrap(),
            runtime.start(asks(1).id("signal")).await.unwrap(),
            runtime.start(asks_beside(0).id("beside")).await.unwrap(),
            runtime.start(sleeps(0).id("sleep")).await.unwrap(),
            runtime.start(hurries(0).id("hurry")).await.unwrap(),
        ];
        let all = if held { Vec::from(all) } else { Vec::new() };
        settle().await;
        flow::tokio::time::sleep(Duration::from_secs(3600)).await;
        wall.jump(7 * DAY);
        if held {
            let ((), seconds) = until_over(async {
                for handle in all {
                    match handle.id().to_string().as_str() {
                        "sleep" => assert_eq!(handle.result().await.unwrap(), 0),
                        _ => is_late(handle.result().await),
                    }
                }
            })
            .await;
            assert!(seconds <= 61, "{seconds}");
        } else {
            flow::tokio::time::sleep(Duration::from_secs(61)).await;
            settle().await;
        }
        let ended = runtime.runs(&Query::all().status([Status::Failed, Status::Finished])).await.unwrap();
        assert_eq!(ended.len(), 5, "held: {held}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_was_set_back_ends_nothing_early() {
    let (wall, journal) = (Wall::default(), Memory::new());
    let runtime = wall.process(Some(&journal));
    let all = [
        runtime.start(asks(0).id("person")).await.unwrap(),
        runtime.start(asks_beside(0).id("beside")).await.unwrap(),
        runtime.start(sleeps(0).id("sleep")).await.unwrap(),
        runtime.start(hurries(0).id("hurry")).await.unwrap(),
    ];
    settle().await;
    wall.jump(-DAY);
    flow::tokio::time::sleep(Duration::from_millis((8 * DAY - HOUR) as u64)).await;
    let open = runtime.runs(&Query::all().status([Status::Waiting, Status::Running])).await.unwrap();
    assert_eq!(open.len(), 4, "an hour is left");
    let ((), seconds) = until_over(async {
        for handle in all {
            _ = handle.result().await;
        }
    })
    .await;
    assert!((3_540..=3_661).contains(&seconds), "{seconds}");
}

/// Without a journal a wait ends when the clock says so, or when the machine has been awake for that long.
#[tokio::test(start_paused = true)]
async fn without_a_journal_too() {
    let wall = Wall::default();
    let runtime = wall.process(None);
    let suspended = async |run: std::pin::Pin<Box<dyn Future<Output = Result<u32>>>>, millis: i64| {
        let suspension = async {
            flow::tokio::time::sleep(Duration::from_secs(90)).await;
            wall.jump(millis);
        };
        until_over(async { flow::tokio::join!(run, suspension).0 }).await
    };
    for (millis, least, most) in [(7 * DAY, 90, 151), (-DAY, 7 * 86_400, 7 * 86_400 + 1)] {
        let (ended, seconds) = suspended(Box::pin(runtime.run(sleeps(3))), millis).await;
        assert_eq!(ended.unwrap(), 3);
        assert!((least..=most).contains(&seconds), "sleep, {millis}: {seconds}");
        let (ended, seconds) = suspended(Box::pin(runtime.run(hurries(3))), millis).await;
        is_late(ended);
        assert!((least..=most).contains(&seconds), "time limit, {millis}: {seconds}");
    }
    let (ended, seconds) = suspended(Box::pin(runtime.run(retries(3))), 6 * HOUR).await;
    assert_eq!(ended.unwrap(), 3);
    assert!((90..=151).contains(&seconds), "retry: {seconds}");
}

/// The limit of an attempt follows the clock like a wait, unless it is so short that a suspension or clock change is unlikely.
#[tokio::test(start_paused = true)]
async fn the_limit_of_an_attempt_too() {
    for journal in [Some(Memory::new()), None] {
        let wall = Wall::default();
        let runtime = wall.process(journal.as_ref());
        for (n, at, millis, least, most) in [
            (0, 90, 7 * DAY, 90, 151),
            (0, 90, -DAY, 6 * 3600, 6 * 3600 + 1),
            (1, 10, 7 * DAY, 30, 31),
            (1, 10, -DAY, 30, 31),
        ] {
            let suspension = async {
                flow::tokio::time::sleep(Duration::from_secs(at)).await;
                wall.jump(millis);
            };
            let (ended, seconds) =
                until_over(async { flow::tokio::join!(runtime.run(attempts(n)), suspension).0 }).await;
            is_late(ended);
            assert!((least..=most).contains(&seconds), "{n}, {millis}: {seconds}");
        }
    }
}

/// The deadline of a wait is the same in the next process, even if the clock jumps in between.
#[tokio::test(start_paused = true)]
async fn a_later_process_waits_until_the_same_moment() {
    let (wall, journal) = (Wall::default(), Memory::new());
    let runtime = wall.process(Some(&journal));
    drop(runtime.start(sleeps(3).id("r")).await.unwrap());
    settle().await;
    let until = runtime.state(&RunId::named("r")).await.unwrap().unwrap().waits[0].until.unwrap();
    runtime.shut_down(Duration::ZERO).await;
    drop(runtime);
    wall.jump(6 * DAY);
    let runtime = wall.process(Some(&journal));
    let (ended, seconds) = until_over(runtime.run(sleeps(3).id("r"))).await;
    assert_eq!(ended.unwrap(), 3);
    let left = until.since(Stamp(1_800_000_000_000 + 6 * DAY as u64)).as_secs();
    assert!((left..=left + 1).contains(&seconds), "{seconds} instead of {left}");
}
