//! Answers, cancellations and ends that come at one moment; steps that serve others; what is undone.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::SeqCst};
use std::time::Duration;

use flow::journal::{Journal, Memory, Query};
use flow::prelude::*;
use flow::provider::BoxFuture;
use flow::run::{Record, RunId, Stamp, Summary};
use flow::serde_json::{Value, json};
use flow::tokio::sync::{Notify, Semaphore};

use super::support::{Counts, lines, process, settle};

/// A journal with news that a test says, and reads that a test holds up after the look.
#[derive(Clone, Debug)]
struct Odd {
    inner: Memory,
    news: Arc<Notify>,
    hold: Arc<AtomicBool>,
    go: Arc<Semaphore>,
    id: RunId,
    left: Arc<AtomicU32>,
}

impl Odd {
    fn new(inner: &Memory) -> Self {
        Self {
            inner: inner.clone(),
            news: Arc::default(),
            hold: Arc::default(),
            go: Arc::new(Semaphore::new(0)),
            id: RunId::named("r"),
            left: Arc::new(AtomicU32::new(u32::MAX)),
        }
    }
}

impl Journal for Odd {
    fn append(&self, run: &RunId, records: &[Record]) -> BoxFuture<'static, Result<()>> {
        if self.left.fetch_update(SeqCst, SeqCst, |left| Some(left.saturating_sub(1))).unwrap() == 0 {
            return Box::pin(async { Err(flow::Error::new(flow::ErrorKind::Journal, "full")) });
        }
        self.inner.append(run, records)
    }
    fn read<'a>(&'a self, run: &'a RunId) -> BoxFuture<'a, Result<Vec<Record>>> {
        Box::pin(async move {
            let read = self.inner.read(run).await;
            if self.hold.swap(false, SeqCst) {
                self.go.acquire().await.unwrap().forget();
            }
            read
        })
    }
    fn runs<'a>(&'a self, query: &'a Query) -> BoxFuture<'a, Result<Vec<Summary>>> {
        self.inner.runs(query)
    }
    fn news(&self) -> BoxFuture<'_, Result<Vec<RunId>>> {
        Box::pin(async move {
            self.news.notified().await;
            Ok(vec![self.id.clone()])
        })
    }
    fn prune(&self, ended_before: Stamp) -> BoxFuture<'_, Result<u64>> {
        self.inner.prune(ended_before)
    }
    fn cached<'a>(&'a self, key: &'a str, now: Stamp) -> BoxFuture<'a, Result<Option<Value>>> {
        self.inner.cached(key, now)
    }
    fn cache<'a>(&'a self, key: &'a str, answer: &'a Value, until: Option<Stamp>) -> BoxFuture<'a, Result<()>> {
        self.inner.cache(key, answer, until)
    }
}

fn odd(journal: &Odd, counts: &Counts) -> Runtime {
    Runtime::test().journal(journal.clone()).state(counts.clone()).build().unwrap().0
}

// stale answer begins an irreversible effect again
#[step(effect = irreversible, timeout = "5s")]
async fn pay(n: &u32, #[state] counts: &Counts) -> Result<u32> {
    counts.count("pay");
    flow::tokio::time::sleep(Duration::from_secs(60)).await;
    Ok(*n)
}

#[tokio::test(start_paused = true)]
async fn an_old_answer_does_not_begin_a_step_that_timed_out_again() {
    let (journal, counts) = (Odd::new(&Memory::new()), Counts::default());
    let runtime = odd(&journal, &counts);
    let _slow = runtime.start(with_branch().id("r")).await.unwrap();
    flow::tokio::time::sleep(Duration::from_secs(6)).await;
    assert_eq!(counts.of("pay"), 1);
    runtime.answer(&RunId::named("r"), "pay").did_not_happen().await.unwrap();
    flow::tokio::time::sleep(Duration::from_secs(6)).await;
    assert_eq!(counts.of("pay"), 2);
    // Anything that another process adds to the run.
    journal.news.notify_one();
    flow::tokio::time::sleep(Duration::from_secs(6)).await;
    assert_eq!(counts.of("pay"), 2, "nobody has said so");
}

#[step]
async fn busy(n: u32) -> Result<u32> {
    flow::tokio::time::sleep(Duration::from_secs(3600)).await;
    Ok(n)
}

#[workflow]
async fn with_branch(#[state] counts: &Counts) -> Result<u32> {
    let (a, b) = try_join!(pay(&7, counts), busy(1))?;
    Ok(a + b)
}

// saga lost
static UNDONE: AtomicU32 = AtomicU32::new(0);
#[step(compensate = unbook)]
async fn book(n: u32, #[state] counts: &Counts) -> Result<u32> {
    counts.count("book");
    Ok(n)
}

#[step(effect = idempotent)]
async fn unbook(n: u32) -> Result<()> {
    flow::tokio::time::sleep(Duration::from_secs(60)).await;
    UNDONE.fetch_add(n, SeqCst);
    Ok(())
}

#[step]
async fn fails(#[state] counts: &Counts) -> Result<u32> {
    counts.count("fails");
    flow::tokio::time::sleep(Duration::from_secs(5)).await;
    flow::bail!("no room")
}

#[workflow]
async fn saga(#[state] counts: &Counts) -> Result<u32> {
    let (a, b) = try_join!(fails(counts), book(1, counts))?;
    Ok(a + b)
}

#[tokio::test(start_paused = true)]
async fn a_branch_behind_the_failed_one_is_undone_after_a_crash() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    drop(runtime.start(saga().id("r")).await.unwrap());
    flow::tokio::time::sleep(Duration::from_secs(30)).await;
    runtime.shut_down(Duration::ZERO).await;
    drop(runtime);
    assert_eq!(UNDONE.load(SeqCst), 0);
    let runtime = process(&journal, &counts);
    runtime.run(saga().id("r")).await.unwrap_err();
    assert_eq!(UNDONE.load(SeqCst), 1, "the booking stands");
}

// timeout of a sub-workflow that glue saw
#[step]
async fn sometimes(n: u32, #[state] counts: &Counts) -> Result<u32> {
    counts.count("sometimes");
    if counts.of("sometimes") == 1 {
        flow::tokio::time::sleep(Duration::from_secs(60)).await;
    }
    Ok(n)
}

#[step]
async fn plan_b(n: u32, #[state] counts: &Counts) -> Result<u32> {
    counts.count(format!("plan_b {n}"));
    Ok(n)
}

#[workflow(timeout = "10s")]
async fn part(#[state] counts: &Counts) -> Result<u32> {
    sometimes(1, counts).await
}

#[workflow]
async fn glue(#[state] counts: &Counts) -> Result<u32> {
    let n = match part().await {
        Ok(n) => n,
        Err(_) => plan_b(100, counts).await?,
    };
    flow::sleep("1d").await?;
    Ok(n)
}

#[tokio::test(start_paused = true)]
async fn a_timeout_that_glue_saw_stays() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    let out = runtime.run(glue().id("r")).await;
    assert_eq!(out.unwrap(), 100);
}

// an answer that comes while the run reads its records
#[step(signal, timeout = "30d")]
async fn paid(order: u32) -> Result<u32>;
#[workflow]
async fn two() -> Result<u32> {
    let (a, b) = try_join!(paid(1), paid(2))?;
    Ok(a + b)
}

#[tokio::test(start_paused = true)]
async fn two_answers_one_after_the_other_to_a_run_out_of_memory() {
    let (journal, counts) = (Odd::new(&Memory::new()), Counts::default());
    let runtime = odd(&journal, &counts);
    drop(runtime.start(two().id("r")).await.unwrap());
    settle().await;
    let id = RunId::named("r");
    runtime.answer(&id, "paid").with(json!(10)).await.unwrap();
    // The resumed run looks at its records, and the second answer comes right after the look.
    journal.hold.store(true, SeqCst);
    settle().await;
    assert!(!journal.hold.load(SeqCst));
    runtime.answer(&id, "paid.2").with(json!(20)).await.unwrap();
    journal.go.add_permits(1);
    flow::tokio::time::sleep(Duration::from_secs(86_400)).await;
    let summary = runtime.runs(&Query::all()).await.unwrap().remove(0);
    assert_eq!(summary.status, flow::run::Status::Finished);
}

// cancel right after start
#[tokio::test(start_paused = true)]
async fn cancel_right_after_start() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    let handle = runtime.start(glue().id("r")).await.unwrap();
    let out = handle.cancel().await;
    settle().await;
    assert!(out.is_ok());
}

// cancel / shutdown while a run opens
#[tokio::test(start_paused = true)]
async fn cancel_while_a_run_is_read() {
    let (journal, counts) = (Odd::new(&Memory::new()), Counts::default());
    let runtime = odd(&journal, &counts);
    drop(runtime.start(glue().id("r")).await.unwrap());
    settle().await;
    runtime.shut_down(Duration::ZERO).await;
    let runtime = odd(&journal, &counts);
    journal.hold.store(true, SeqCst);
    let handle = flow::tokio::spawn(runtime.run(glue().id("r")));
    settle().await;
    runtime.cancel(&RunId::named("r")).await.unwrap();
    journal.go.add_permits(1);
    let out = handle.await.unwrap();
    assert!(out.is_err());
}

#[tokio::test(start_paused = true)]
async fn shutdown_while_a_run_is_read() {
    let (journal, counts) = (Odd::new(&Memory::new()), Counts::default());
    let runtime = odd(&journal, &counts);
    journal.hold.store(true, SeqCst);
    let _handle = flow::tokio::spawn(runtime.run(long_one().id("r")));
    settle().await;
    let (down, ()) = flow::tokio::join!(
        flow::tokio::time::timeout(Duration::from_secs(600), runtime.shut_down(Duration::ZERO)),
        async {
            settle().await;
            journal.go.add_permits(1);
        }
    );
    assert!(down.is_ok());
}

#[workflow]
async fn long_one() -> Result<u32> {
    busy(1).await
}

// cancel against finish: both see no end
#[tokio::test(start_paused = true)]
async fn a_finished_run_stays_finished() {
    let (journal, counts) = (Odd::new(&Memory::new()), Counts::default());
    let runtime = odd(&journal, &counts);
    let handle = runtime.start(brief().id("r")).await.unwrap();
    settle().await;
    journal.hold.store(true, SeqCst);
    let id = RunId::named("r");
    let (out, (), _) = flow::tokio::join!(
        handle.result(),
        async {
            flow::tokio::time::sleep(Duration::from_secs(20)).await;
            journal.go.add_permits(1);
        },
        runtime.cancel(&id)
    );
    let again = runtime.run(brief().id("r")).await;
    assert_eq!(again.unwrap(), out.unwrap());
}

#[step]
async fn short(n: u32) -> Result<u32> {
    flow::tokio::time::sleep(Duration::from_secs(10)).await;
    Ok(n)
}

#[workflow]
async fn brief() -> Result<u32> {
    short(1).await
}

#[step(effect = irreversible, timeout = "5s")]
async fn ship(n: String, #[state] counts: &Counts) -> Result<u32> {
    counts.count("ship");
    flow::tokio::time::sleep(Duration::from_secs(if counts.of("ship") == 1 { 60 } else { 1 })).await;
    Ok(n.len() as u32)
}

#[workflow]
async fn shipping(#[state] counts: &Counts) -> Result<u32> {
    let (a, b) = try_join!(ship("abc".to_owned(), counts), busy(1))?;
    Ok(a + b)
}

#[tokio::test(start_paused = true)]
async fn told_in_the_same_process_that_it_did_not_happen() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    let handle = runtime.start(shipping().id("r")).await.unwrap();
    flow::tokio::time::sleep(Duration::from_secs(6)).await;
    runtime.answer(&RunId::named("r"), "ship").did_not_happen().await.unwrap();
    let out = handle.result().await;
    assert_eq!(out.unwrap(), 4);
}

// fallback by a person: leaves memory?
#[step(human, timeout = "9d")]
async fn by_hand(n: u32) -> Result<u32>;
#[step(fallback = by_hand)]
async fn by_code(n: u32) -> Result<u32> {
    let _ = n;
    flow::bail!("cannot")
}

#[workflow]
async fn handed() -> Result<u32> {
    by_code(1).await
}

#[tokio::test(start_paused = true)]
async fn a_run_whose_fallback_is_a_person_shuts_down_at_once() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    drop(runtime.start(handed().id("r")).await.unwrap());
    settle().await;
    let start = flow::tokio::time::Instant::now();
    runtime.shut_down(Duration::from_secs(300)).await;
    assert!(start.elapsed() < Duration::from_secs(1));
}

// resume of a run that waits says what
#[tokio::test(start_paused = true)]
async fn resume_of_a_run_that_waits() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    drop(runtime.start(two().id("r")).await.unwrap());
    settle().await;
    let out = runtime.resume(&RunId::named("r")).await;
    assert!(!format!("{out:?}").contains("was shut down"));
}

// irreversible with a gate: the outcome is recorded
#[step]
pub async fn slowly(n: &u32) -> Result<Verdict> {
    flow::tokio::time::sleep(Duration::from_secs(60)).await;
    Ok(Verdict::ensure(*n > 0, "nothing"))
}

#[step(effect = irreversible, gate = slowly)]
async fn wire(n: u32, #[state] counts: &Counts) -> Result<u32> {
    counts.count("wire");
    Ok(n)
}

#[workflow]
async fn wiring(#[state] counts: &Counts) -> Result<u32> {
    wire(3, counts).await
}

#[tokio::test(start_paused = true)]
async fn an_irreversible_step_whose_output_is_recorded_asks_nobody() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    drop(runtime.start(wiring().id("r")).await.unwrap());
    settle().await;
    runtime.shut_down(Duration::ZERO).await;
    let runtime = process(&journal, &counts);
    let out = flow::tokio::time::timeout(Duration::from_secs(600), runtime.run(wiring().id("r"))).await;
    assert_eq!(out.unwrap().unwrap(), 3);
}

#[step(effect = irreversible)]
async fn burn(n: u32, #[state] counts: &Counts) -> Result<u32> {
    counts.count("burn");
    flow::tokio::time::sleep(Duration::from_secs(60)).await;
    Ok(n)
}

#[workflow]
async fn burning(#[state] counts: &Counts) -> Result<u32> {
    let (a, b) = try_join!(burn(7, counts), busy(1))?;
    Ok(a + b)
}

#[tokio::test(start_paused = true)]
async fn an_old_answer_does_not_begin_an_irreversible_step_again() {
    let (journal, counts) = (Odd::new(&Memory::new()), Counts::default());
    let id = RunId::named("r");
    // Dies in the middle.
    let runtime = odd(&journal, &counts);
    drop(runtime.start(burning().id("r")).await.unwrap());
    settle().await;
    runtime.shut_down(Duration::ZERO).await;
    // A person says that it has not happened; it is begun again, and dies again.
    let runtime = odd(&journal, &counts);
    drop(runtime.start(burning().id("r")).await.unwrap());
    settle().await;
    runtime.answer(&id, "burn").did_not_happen().await.unwrap();
    settle().await;
    assert_eq!(counts.of("burn"), 2);
    runtime.shut_down(Duration::ZERO).await;
    // The person is asked again. Anything that another process adds to the run makes this one read it.
    let runtime = odd(&journal, &counts);
    drop(runtime.start(burning().id("r")).await.unwrap());
    settle().await;
    assert_eq!(runtime.runs(&Query::all()).await.unwrap()[0].waits.len(), 1);
    journal.news.notify_one();
    settle().await;
    assert_eq!(counts.of("burn"), 2, "nobody has said so");
}

#[tokio::test(start_paused = true)]
async fn the_second_of_two_answers_is_told_that_it_came_too_late() {
    let (journal, counts) = (Odd::new(&Memory::new()), Counts::default());
    let runtime = odd(&journal, &counts);
    drop(runtime.start(two().id("r")).await.unwrap());
    settle().await;
    let id = RunId::named("r");
    journal.hold.store(true, SeqCst);
    let (first, _) = flow::tokio::join!(runtime.answer(&id, "paid").with(json!(1)), async {
        let second = runtime.answer(&id, "paid").with(json!(2)).await;
        journal.go.add_permits(1);
        second
    });
    assert!(first.is_err());
}

#[workflow]
async fn beside(what: String, #[state] counts: &Counts) -> Result<u32> {
    let (a, b) = try_join!(draft(what), async {
        short(1).await?;
        short(2).await?;
        busy(2).await
    })?;
    let _ = counts;
    Ok(a + b)
}

#[step]
async fn fine(n: &u32) -> Result<Verdict> {
    Ok(Verdict::ensure(*n == 0, "no"))
}

#[step(gate = fine, fix(mend, 1))]
async fn draft(what: String) -> Result<u32> {
    Ok(DRAFTS.fetch_add(1, SeqCst) + what.len() as u32)
}

static DRAFTS: AtomicU32 = AtomicU32::new(0);
#[step]
async fn mend(n: u32, rejection: &Rejection) -> Result<u32> {
    let _ = rejection;
    flow::tokio::time::sleep(Duration::from_secs(60)).await;
    let _ = n;
    Ok(0)
}

#[tokio::test(start_paused = true)]
async fn a_fork_beside_a_step_that_was_under_way_goes_on() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    drop(runtime.start(beside("x".into()).id("r")).await.unwrap());
    flow::tokio::time::sleep(Duration::from_secs(25)).await;
    let id = RunId::named("r");
    let from = runtime.place_in(&id, "short.2").await.unwrap();
    let again = runtime.fork(&id, Some(&from), None, RunId::named("f")).await.unwrap();
    let out = runtime.resume(&again).await;
    assert!(out.is_ok());
}

// Cancelled in the middle of an irreversible effect: whoever watches is told
#[tokio::test(start_paused = true)]
async fn cancel_in_the_middle_of_an_irreversible_step_says_so() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    let handle = runtime.start(burning().id("r")).await.unwrap();
    settle().await;
    let mut events = handle.events();
    handle.cancel().await.unwrap();
    let mut told = Vec::new();
    while let Some(event) = events.next().await {
        told.push(format!("{event:?}"));
    }
    assert!(told.iter().any(|event| event.contains("may have happened or not")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_answer_is_lost_to_a_run_that_leaves_memory() {
    use flow::Call as _;
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    let mut tasks = Vec::new();
    for n in 0..1500 {
        let id = RunId::named(format!("r{n}"));
        drop(runtime.start(two().id(format!("r{n}"))).await.unwrap());
        for place in ["paid", "paid.2"] {
            let (runtime, id) = (runtime.clone(), id.clone());
            tasks.push(tokio::spawn(async move {
                while runtime.answer(&id, place).with(json!(1)).await.is_err() {
                    tokio::task::yield_now().await;
                }
            }));
        }
        if n % 50 == 0 {
            for task in tasks.drain(..) {
                task.await.unwrap();
            }
        }
    }
    for task in tasks {
        task.await.unwrap();
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    let all = runtime.runs(&Query::all()).await.unwrap();
    let open = all.iter().filter(|run| run.status != flow::run::Status::Finished).count();
    assert_eq!(open, 0, "of {}", all.len());
}

#[step]
async fn once(n: u32, #[state] counts: &Counts) -> Result<u32> {
    counts.count("once");
    if counts.of("once") == 1 {
        flow::bail!("no")
    }
    Ok(n)
}

#[workflow]
async fn onces(#[state] counts: &Counts) -> Result<u32> {
    once(1, counts).await
}

#[tokio::test(start_paused = true)]
async fn a_second_resume_does_not_reopen_a_finished_run() {
    let (journal, counts) = (Odd::new(&Memory::new()), Counts::default());
    let runtime = odd(&journal, &counts);
    let id = RunId::named("r");
    runtime.run(onces().id("r")).await.unwrap_err();
    journal.hold.store(true, SeqCst);
    let _ = flow::tokio::join!(runtime.resume(&id), async {
        let two = runtime.resume(&id).await;
        journal.go.add_permits(1);
        two
    });
    let finished = lines(&runtime.records(&id).await.unwrap()).iter().filter(|line| *line == "run_finished").count();
    assert_eq!(finished, 1);
}
