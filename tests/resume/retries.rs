//! Long retry delays are recorded: the run leaves memory meanwhile, and the delay survives the process.

use std::time::Duration;

use flow::journal::{Memory, Query};
use flow::prelude::*;
use flow::provider::{BoxFuture, Failure, FailureKind, Provider, Reply, Request};
use flow::run::{Record, RunId, Status, WaitsFor};
use flow::serde_json::json;
use flow::tokio::time::{Instant, sleep};
use flow::{Ending, ErrorKind};

use super::support::{Counts, lines, process, settle, tokio_clock};

#[step(retry(max_attempts = 3, initial_delay = "1h", max_delay = "2h", jitter = false), effect = none)]
async fn busy(n: u32, #[state] counts: &Counts) -> Result<u32> {
    counts.count("busy");
    match flow::current()?.attempt {
        3 => Ok(n),
        _ => Err(flow::retryable(std::io::Error::other("busy"))),
    }
}

#[workflow]
async fn tries(n: u32, #[state] counts: &Counts) -> Result<u32> {
    busy(n, counts).await
}

const HOUR: Duration = Duration::from_secs(3600);

#[tokio::test(start_paused = true)]
async fn a_long_delay_is_as_long_across_processes_and_nothing_is_tried_twice() {
    let (journal, counts, start) = (Memory::new(), Counts::default(), Instant::now());
    let mut ended = None;
    for minutes in [40, 40, 40, 40, 400] {
        let runtime = process(&journal, &counts);
        let handle = runtime.start(tries(7).id("r")).await.unwrap();
        ended = flow::tokio::time::timeout(Duration::from_secs(60 * minutes), handle.result()).await.ok();
        runtime.shut_down(Duration::ZERO).await;
    }
    assert_eq!(ended.unwrap().unwrap(), 7);
    assert_eq!(start.elapsed().as_secs(), 3 * 3600);
    assert_eq!(counts.of("busy"), 3);
    assert_eq!(
        lines(&process(&journal, &counts).records(&RunId::named("r")).await.unwrap()),
        [
            "run_started",
            "step_started busy",
            "attempt busy",
            "waiting busy",
            "attempt busy",
            "waiting busy",
            "attempt busy",
            "step_finished busy",
            "run_finished",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_run_is_out_of_memory_until_it_tries_again() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    let Ending::Waiting(waits) = runtime.start(tries(7).id("r")).await.unwrap().ending().await.unwrap() else {
        panic!("it waits for its second attempt");
    };
    assert_eq!((waits[0].place.as_str(), waits[0].waits_for), ("busy", WaitsFor::Retry));
    assert_eq!(waits[0].until.unwrap().since(waits[0].at), HOUR);
    assert_eq!(runtime.runs(&Query::all()).await.unwrap()[0].status, Status::Waiting);
    let refused = runtime.answer(&RunId::named("r"), "busy").with(json!(3)).await.unwrap_err();
    assert_eq!(refused.message(), "step `busy` waits for its next attempt, not for an answer");
    sleep(HOUR + HOUR / 2).await;
    assert_eq!(counts.of("busy"), 2);
    sleep(2 * HOUR).await;
    let run = &runtime.runs(&Query::all()).await.unwrap()[0];
    assert_eq!((run.status, run.waits.len()), (Status::Finished, 0));
}

#[tokio::test(start_paused = true)]
async fn a_run_that_waits_for_its_next_attempt_can_be_cancelled() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    let handle = runtime.start(tries(7).id("r")).await.unwrap();
    settle().await;
    runtime.cancel(&RunId::named("r")).await.unwrap();
    assert_eq!(handle.result().await.unwrap_err().kind(), &ErrorKind::Cancelled);
    sleep(9 * HOUR).await;
    assert_eq!(counts.of("busy"), 1);
}

/// A provider that is overloaded and says for how long.
struct Overloaded;

impl Provider for Overloaded {
    fn name(&self) -> &str {
        "busy"
    }

    fn complete<'a>(&'a self, _: &'a Request) -> BoxFuture<'a, Result<Reply, Failure>> {
        Box::pin(async {
            let retry_after = Some(Duration::from_secs(90));
            Err(Failure::new(FailureKind::RateLimited { retry_after }, "too many requests"))
        })
    }
}

const BUSY: Model = Model::new("busy/one");

#[step(model = BUSY, prompt = "{{ n }}", retry(max_attempts = 2))]
async fn asked(n: u32) -> Result<u32>;

#[workflow]
async fn asks(n: u32) -> Result<u32> {
    asked(n).await
}

async fn waits_of(linger: Duration) -> usize {
    let runtime = Runtime::builder().journal(Memory::new()).clock(tokio_clock).linger(linger).provider(Overloaded);
    let runtime = runtime.build().unwrap();
    let start = Instant::now();
    runtime.run(asks(1).id("r")).await.unwrap_err();
    assert_eq!(start.elapsed().as_secs(), 90);
    let records = runtime.records(&RunId::named("r")).await.unwrap();
    records.iter().filter(|record| matches!(record, Record::Waiting(_))).count()
}

#[tokio::test(start_paused = true)]
async fn linger_is_the_delay_up_to_which_nothing_is_recorded() {
    assert_eq!(waits_of(Duration::from_secs(89)).await, 1);
    assert_eq!(waits_of(Duration::from_secs(90)).await, 0);
}
