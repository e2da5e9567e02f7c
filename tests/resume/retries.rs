//! Long retry delays are recorded: the run leaves memory meanwhile, and the delay survives the process.

use std::time::Duration;

use flow::journal::{Memory, Query};
use flow::prelude::*;
use flow::provider::{BoxFuture, Failure, FailureKind, Provider, Reply, Request};
use flow::run::{Migration, Record, RunId, Status, WaitsFor};
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
    drop(runtime.start(tries(7).id("r")).await.unwrap());
    settle().await;
    let waits = &runtime.runs(&Query::all()).await.unwrap()[0].waits;
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

/// Nobody has to do anything for it.
#[tokio::test(start_paused = true)]
async fn whoever_resumes_a_run_waits_for_its_attempts() {
    let (journal, counts, start) = (Memory::new(), Counts::default(), Instant::now());
    let runtime = process(&journal, &counts);
    drop(runtime.start(tries(7).id("r")).await.unwrap());
    settle().await;
    runtime.shut_down(Duration::ZERO).await;
    let runtime = process(&journal, &counts);
    let handle = runtime.start(tries(7).id("r")).await.unwrap();
    settle().await;
    let resumed = runtime.resume(&RunId::named("r")).await.unwrap();
    assert_eq!(resumed.result().unwrap(), json!(7));
    assert!(matches!(handle.ending().await.unwrap(), Ending::Finished(7)));
    assert_eq!((start.elapsed().as_secs(), counts.of("busy")), (3 * 3600, 3));
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

mod second {
    use super::*;

    /// The step has another name, and the second attempt is its last.
    #[step(retry(max_attempts = 2, initial_delay = "1h", max_delay = "2h", jitter = false), effect = none)]
    async fn hurried(n: u32, #[state] counts: &Counts) -> Result<u32> {
        counts.count("hurried");
        Ok(n + 100)
    }

    fn from_first(run: &mut Migration<'_>) -> Result<()> {
        run.rename("busy", "hurried");
        Ok(())
    }

    fn forgetful(run: &mut Migration<'_>) -> Result<()> {
        let _ = run;
        Ok(())
    }

    #[workflow(version = 2, migrate = from_first)]
    pub(super) async fn tries(n: u32, #[state] counts: &Counts) -> Result<u32> {
        hurried(n, counts).await
    }

    /// A person decides now, and has the time for it.
    pub(super) mod asked {
        use super::*;

        #[step(human, timeout = "3d")]
        async fn busy(n: u32) -> Result<u32>;

        #[workflow(version = 2, migrate = forgetful)]
        pub(in super::super) async fn tries(n: u32, #[state] counts: &Counts) -> Result<u32> {
            counts.count("asked");
            busy(n).await
        }
    }

    pub(super) mod unlike {
        use super::*;

        #[workflow(version = 2, migrate = forgetful)]
        pub(in super::super) async fn tries(n: u32, #[state] counts: &Counts) -> Result<u32> {
            hurried(n, counts).await
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_next_version_takes_over_the_attempts_and_the_delay() {
    let (journal, counts, start) = (Memory::new(), Counts::default(), Instant::now());
    let runtime = process(&journal, &counts);
    drop(runtime.start(tries(7).id("r")).await.unwrap());
    settle().await;
    sleep(HOUR / 2).await;
    runtime.shut_down(Duration::ZERO).await;
    let runtime = process(&journal, &counts);
    assert_eq!(runtime.run(second::tries(7).id("r")).await.unwrap(), 107);
    assert_eq!(start.elapsed().as_secs(), 3600);
    assert_eq!((counts.of("busy"), counts.of("hurried")), (1, 1));
}

/// A step between attempts asks nobody, so it may be gone.
#[tokio::test(start_paused = true)]
async fn a_step_that_is_gone_is_not_waited_for() {
    let (journal, counts, start) = (Memory::new(), Counts::default(), Instant::now());
    let runtime = process(&journal, &counts);
    drop(runtime.start(tries(7).id("r")).await.unwrap());
    settle().await;
    runtime.shut_down(Duration::ZERO).await;
    let runtime = process(&journal, &counts);
    assert_eq!(runtime.run(second::unlike::tries(7).id("r")).await.unwrap(), 107);
    assert_eq!(start.elapsed().as_secs(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_person_who_decides_now_does_not_inherit_the_delay() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    drop(runtime.start(tries(7).id("r")).await.unwrap());
    settle().await;
    runtime.shut_down(Duration::ZERO).await;
    let runtime = process(&journal, &counts);
    drop(runtime.start(second::asked::tries(7).id("r")).await.unwrap());
    sleep(2 * HOUR).await;
    runtime.answer(&RunId::named("r"), "busy").with(json!(5)).await.unwrap();
    assert_eq!(runtime.run(second::asked::tries(7).id("r")).await.unwrap(), 5);
}
