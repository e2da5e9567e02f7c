//! Review.
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

// 1: a gate that is a step fails / rejects; resume

#[step]
async fn fair(text: &String) -> Result<Verdict> {
    if text == "a1" {
        return Ok(Verdict::reject("not a1"));
    }
    if text == "b1" {
        flow::bail!("the judge is out");
    }
    Ok(Verdict::accept())
}

#[step(gate = fair)]
async fn write(what: String, #[state] counts: &Counts) -> Result<String> {
    counts.count("write");
    Ok(format!("{what}{}", counts.of("write")))
}

#[workflow]
async fn judged(what: String, #[state] counts: &Counts) -> Result<String> {
    write(what, counts).await
}

async fn gate_then_resume(what: &str) {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    let first = runtime.run(judged(what.into()).id("r")).await.unwrap_err();
    println!("first: {first}");
    let again = runtime.resume(&RunId::named("r")).await;
    println!("resumed: {again:?}");
    println!("{:#?}", lines(&runtime.records(&RunId::named("r")).await.unwrap()));
    assert_eq!(again.unwrap(), json!(format!("{what}2")));
}

#[tokio::test(start_paused = true)]
async fn g1_rejected_by_a_gate_step_then_resumed() {
    gate_then_resume("a").await
}
#[tokio::test(start_paused = true)]
async fn g2_gate_step_failed_then_resumed() {
    gate_then_resume("b").await
}

// fallback failing, then resumed
#[step]
async fn spare(n: u32, #[state] counts: &Counts) -> Result<u32> {
    counts.count("spare");
    if counts.of("spare") == 1 {
        flow::bail!("spare out")
    }
    Ok(n)
}
#[step(fallback = spare)]
async fn main_way(n: u32, #[state] counts: &Counts) -> Result<u32> {
    counts.count("main");
    let _ = n;
    flow::bail!("main out")
}
#[workflow]
async fn backed(#[state] counts: &Counts) -> Result<u32> {
    main_way(3, counts).await
}

#[tokio::test(start_paused = true)]
async fn g3_fallback_failed_then_resumed() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    runtime.run(backed().id("r")).await.unwrap_err();
    let again = runtime.resume(&RunId::named("r")).await;
    println!("{again:?} {:?}", counts.all());
    assert_eq!(again.unwrap(), json!(3));
}

// 2: stale answer begins an irreversible effect again
#[step(effect = irreversible, timeout = "5s")]
async fn pay(n: &u32, #[state] counts: &Counts) -> Result<u32> {
    counts.count("pay");
    flow::tokio::time::sleep(Duration::from_secs(60)).await;
    Ok(*n)
}
#[workflow]
async fn buy(#[state] counts: &Counts) -> Result<u32> {
    pay(&7, counts).await
}

#[tokio::test(start_paused = true)]
async fn g4_an_old_answer_begins_an_irreversible_step_again() {
    let (journal, counts) = (Odd::new(&Memory::new()), Counts::default());
    let runtime = odd(&journal, &counts);
    let _slow = runtime.start(with_branch().id("r")).await.unwrap();
    flow::tokio::time::sleep(Duration::from_secs(6)).await;
    assert_eq!(counts.of("pay"), 1);
    runtime.answer(&RunId::named("r"), "pay").did_not_happen().await.unwrap();
    flow::tokio::time::sleep(Duration::from_secs(6)).await;
    println!("{:#?}", lines(&runtime.records(&RunId::named("r")).await.unwrap()));
    if counts.of("pay") == 1 {
        println!("{:?}", _slow.result().await);
        panic!();
    }
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

// 3: saga lost
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
async fn g5_a_branch_behind_the_failed_one_is_undone_after_a_crash() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    drop(runtime.start(saga().id("r")).await.unwrap());
    flow::tokio::time::sleep(Duration::from_secs(30)).await;
    runtime.shut_down(Duration::ZERO).await;
    drop(runtime);
    assert_eq!(UNDONE.load(SeqCst), 0);
    let runtime = process(&journal, &counts);
    runtime.run(saga().id("r")).await.unwrap_err();
    println!("{:#?}", lines(&runtime.records(&RunId::named("r")).await.unwrap()));
    assert_eq!(UNDONE.load(SeqCst), 1, "the booking stands");
}

// 4: timeout of a sub-workflow that glue saw
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
async fn g6_a_timeout_that_glue_saw_stays() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    let out = runtime.run(glue().id("r")).await;
    println!("{:#?} {:?}", lines(&runtime.records(&RunId::named("r")).await.unwrap()), counts.all());
    assert_eq!(out.unwrap(), 100);
}

// 5: an answer that comes while the run reads its records
#[step(signal, timeout = "30d")]
async fn paid(order: u32) -> Result<u32>;
#[workflow]
async fn two() -> Result<u32> {
    let (a, b) = try_join!(paid(1), paid(2))?;
    Ok(a + b)
}
#[tokio::test(start_paused = true)]
async fn g7_two_answers_one_after_the_other_to_a_run_out_of_memory() {
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
    println!("{:#?}", lines(&runtime.records(&id).await.unwrap()));
    assert_eq!(summary.status, flow::run::Status::Finished);
}

// 6: cancel right after start
#[tokio::test(start_paused = true)]
async fn g8_cancel_right_after_start() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    let handle = runtime.start(glue().id("r")).await.unwrap();
    let out = handle.cancel().await;
    settle().await;
    println!("{out:?} {:?}", counts.all());
    assert!(out.is_ok());
}

// 7: cancel / shutdown while a run opens
#[tokio::test(start_paused = true)]
async fn g9_cancel_while_a_run_is_read() {
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
    println!("{out:?} {:?} {:#?}", counts.all(), lines(&runtime.records(&RunId::named("r")).await.unwrap()));
    assert!(out.is_err());
}

#[tokio::test(start_paused = true)]
async fn g10_shutdown_while_a_run_is_read() {
    let (journal, counts) = (Odd::new(&Memory::new()), Counts::default());
    let runtime = odd(&journal, &counts);
    journal.hold.store(true, SeqCst);
    let _handle = flow::tokio::spawn(runtime.run(long_one().id("r")));
    settle().await;
    let start = flow::tokio::time::Instant::now();
    let (down, ()) = flow::tokio::join!(
        flow::tokio::time::timeout(Duration::from_secs(600), runtime.shut_down(Duration::ZERO)),
        async {
            settle().await;
            journal.go.add_permits(1);
        }
    );
    println!("{down:?} after {:?}", start.elapsed());
    assert!(down.is_ok());
}
#[workflow]
async fn long_one() -> Result<u32> {
    busy(1).await
}

// 8: cancel against finish: both see no end
#[tokio::test(start_paused = true)]
async fn g11_a_finished_run_stays_finished() {
    let (journal, counts) = (Odd::new(&Memory::new()), Counts::default());
    let runtime = odd(&journal, &counts);
    let handle = runtime.start(brief().id("r")).await.unwrap();
    settle().await;
    journal.hold.store(true, SeqCst);
    let id = RunId::named("r");
    let (out, _, cancelled) = flow::tokio::join!(
        handle.result(),
        async {
            flow::tokio::time::sleep(Duration::from_secs(20)).await;
            journal.go.add_permits(1);
        },
        runtime.cancel(&id)
    );
    println!("{out:?} {cancelled:?}");
    let again = runtime.run(brief().id("r")).await;
    println!("{again:?}");
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
async fn g12_told_in_the_same_process_that_it_did_not_happen() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    let handle = runtime.start(shipping().id("r")).await.unwrap();
    flow::tokio::time::sleep(Duration::from_secs(6)).await;
    runtime.answer(&RunId::named("r"), "ship").did_not_happen().await.unwrap();
    let out = handle.result().await;
    println!("{out:?}");
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
async fn g13_a_run_whose_fallback_is_a_person_shuts_down_at_once() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    drop(runtime.start(handed().id("r")).await.unwrap());
    settle().await;
    let start = flow::tokio::time::Instant::now();
    runtime.shut_down(Duration::from_secs(300)).await;
    println!("{:?}", start.elapsed());
    assert!(start.elapsed() < Duration::from_secs(1));
}

// resume of a run that waits says what
#[tokio::test(start_paused = true)]
async fn g14_resume_of_a_run_that_waits() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    drop(runtime.start(two().id("r")).await.unwrap());
    settle().await;
    let out = runtime.resume(&RunId::named("r")).await;
    println!("{out:?}");
    assert!(!format!("{out:?}").contains("was shut down"));
}

// irreversible with a gate: the outcome is recorded
#[step]
async fn slowly(n: &u32) -> Result<Verdict> {
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
async fn g15_an_irreversible_step_whose_output_is_recorded_asks_nobody() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    drop(runtime.start(wiring().id("r")).await.unwrap());
    settle().await;
    runtime.shut_down(Duration::ZERO).await;
    println!("{:#?}", lines(&runtime.records(&RunId::named("r")).await.unwrap()));
    let runtime = process(&journal, &counts);
    let out = flow::tokio::time::timeout(Duration::from_secs(600), runtime.run(wiring().id("r"))).await;
    println!("{out:?} {:?}", counts.all());
    assert_eq!(out.unwrap().unwrap(), 3);
}

use flow::provider::{Failure, Price, Provider, Reply, Request, Usage};
const BIG: Model = Model::new("dice/big").max_output_tokens(10).price(Price::per_million("0", "900000"));
const SMALL: Model = Model::new("dice/small").max_output_tokens(10).price(Price::per_million("0", "60000"));
const CHEAP: Model = Model::new("dice/cheap").max_output_tokens(10).price(Price::per_million("0", "10"));
#[derive(Clone)]
struct Dice(Counts);
impl Provider for Dice {
    fn name(&self) -> &str {
        "dice"
    }
    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, std::result::Result<Reply, Failure>> {
        self.0.count(request.model.id());
        Box::pin(async move { Ok(Reply::new("77777").usage(Usage::new(1, 10))) })
    }
}
fn asking(journal: &Memory, counts: &Counts) -> Runtime {
    Runtime::builder().journal(journal.clone()).provider(Dice(counts.clone())).build().unwrap()
}
#[step(model = [BIG, CHEAP], prompt = "Rate {{ text }}", retry = 1, gate = slowly)]
async fn rate(text: &str) -> Result<u32>;
#[workflow(max_cost = "$5")]
async fn rating(text: String) -> Result<u32> {
    rate(&text).await
}
#[tokio::test(start_paused = true)]
async fn g16_an_answer_after_a_model_that_was_too_dear_is_not_paid_twice() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = asking(&journal, &counts);
    drop(runtime.start(rating("x".into()).id("r")).await.unwrap());
    settle().await;
    runtime.shut_down(Duration::ZERO).await;
    println!("{:?} {:#?}", counts.all(), lines(&runtime.records(&RunId::named("r")).await.unwrap()));
    let out = asking(&journal, &counts).run(rating("x".into()).id("r")).await;
    println!("{out:?} {:?}", counts.all());
    assert_eq!(counts.of("dice/cheap"), 1);
}
#[gate]
fn never(n: &u32) -> Verdict {
    Verdict::ensure(*n == 0, "no")
}
#[step(model = SMALL, prompt = "Rate {{ text }}", repair = 0, gate = never)]
async fn dear(text: &str) -> Result<u32>;
#[workflow(max_cost = "$1")]
async fn costly(text: String) -> Result<u32> {
    dear(&text).await
}
#[tokio::test(start_paused = true)]
async fn g17_the_budget_of_a_failed_run_is_not_forgotten() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = asking(&journal, &counts);
    println!("{}", runtime.run(costly("x".into()).id("r")).await.unwrap_err());
    for _ in 0..3 {
        println!("{}", runtime.resume(&RunId::named("r")).await.unwrap_err());
    }
    println!("{:?}", runtime.runs(&Query::all()).await.unwrap()[0].spent);
    assert_eq!(counts.of("dice/small"), 1);
}
#[step(model = CHEAP, prompt = "Rate {{ text }}", cache)]
async fn kept(text: &str) -> Result<u32>;
#[workflow]
async fn keeping(text: String) -> Result<u32> {
    kept(&text).await
}
#[tokio::test(start_paused = true)]
async fn g18_made_up_answers_are_not_kept_for_real_runs() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let made_up = Runtime::builder().journal(journal.clone()).offline().build().unwrap();
    println!("{:?}", made_up.run(keeping("x".into()).id("a")).await);
    let real = asking(&journal, &counts).run(keeping("x".into()).id("b")).await.unwrap();
    assert_eq!((real, counts.of("dice/cheap")), (77777, 1));
}
const FAST: Model = Model::new("dice/fast").name("fast").max_output_tokens(10);
#[step(model = FAST, prompt = "Rate {{ text }}", cache)]
async fn named(text: &str) -> Result<u32>;
#[workflow]
async fn naming(text: String) -> Result<u32> {
    named(&text).await
}
#[tokio::test(start_paused = true)]
async fn g19_a_replaced_model_has_answers_of_its_own() {
    let (journal, counts) = (Memory::new(), Counts::default());
    asking(&journal, &counts).run(naming("x".into()).id("a")).await.unwrap();
    let other = Runtime::builder()
        .journal(journal.clone())
        .provider(Dice(counts.clone()))
        .model("fast", CHEAP)
        .build()
        .unwrap();
    other.run(naming("x".into()).id("b")).await.unwrap();
    println!("{:?}", counts.all());
    assert_eq!(counts.of("dice/cheap"), 1);
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
async fn g20_an_old_answer_does_not_begin_an_irreversible_step_again() {
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
    println!("{:#?}", lines(&runtime.records(&id).await.unwrap()));
    assert_eq!(counts.of("burn"), 2, "nobody has said so");
}
#[tokio::test(start_paused = true)]
async fn g21_the_second_of_two_answers_is_told_that_it_came_too_late() {
    let (journal, counts) = (Odd::new(&Memory::new()), Counts::default());
    let runtime = odd(&journal, &counts);
    drop(runtime.start(two().id("r")).await.unwrap());
    settle().await;
    let id = RunId::named("r");
    journal.hold.store(true, SeqCst);
    let (first, second) = flow::tokio::join!(runtime.answer(&id, "paid").with(json!(1)), async {
        let second = runtime.answer(&id, "paid").with(json!(2)).await;
        journal.go.add_permits(1);
        second
    });
    println!("{first:?} {second:?} {:#?}", lines(&runtime.records(&id).await.unwrap()));
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
    Ok(n - n)
}
#[tokio::test(start_paused = true)]
async fn g22_a_fork_beside_a_step_that_was_under_way_goes_on() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    drop(runtime.start(beside("x".into()).id("r")).await.unwrap());
    flow::tokio::time::sleep(Duration::from_secs(25)).await;
    let id = RunId::named("r");
    println!("{:#?}", lines(&runtime.records(&id).await.unwrap()));
    let from = runtime.place_in(&id, "short.2").await.unwrap();
    let again = runtime.fork(&id, Some(&from), None, RunId::named("f")).await.unwrap();
    let out = runtime.resume(&again).await;
    println!("{out:?}");
    assert!(out.is_ok());
}
// Cancelled in the middle of an irreversible effect: whoever watches is told
#[tokio::test(start_paused = true)]
async fn g23_cancel_in_the_middle_of_an_irreversible_step_says_so() {
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
    println!("{told:#?}");
    assert!(told.iter().any(|event| event.contains("may have happened or not")));
}

#[tokio::test(start_paused = true)]
async fn g24_a_call_whose_answer_is_in_the_cache_is_on_the_bill_after_a_crash() {
    let (journal, counts) = (Odd::new(&Memory::new()), Counts::default());
    let build = || Runtime::builder().journal(journal.clone()).provider(Dice(counts.clone())).build().unwrap();
    journal.left.store(2, SeqCst);
    println!("{:?}", build().run(keeping("x".into()).id("r")).await);
    println!("{:#?}", lines(&journal.inner.read(&RunId::named("r")).await.unwrap()));
    journal.left.store(u32::MAX, SeqCst);
    let runtime = build();
    println!("{:?}", runtime.run(keeping("x".into()).id("r")).await);
    let spent = runtime.runs(&Query::all()).await.unwrap()[0].spent;
    println!("{spent:?} {:?}", counts.all());
    assert_eq!(u64::from(spent.calls), u64::from(counts.of("dice/cheap")));
}
static TRIES: AtomicU32 = AtomicU32::new(0);
#[step(compensate = give)]
async fn take(n: u32) -> Result<u32> {
    Ok(n)
}
#[step(effect = idempotent)]
async fn give(n: u32) -> Result<()> {
    let _ = n;
    if TRIES.fetch_add(1, SeqCst) == 0 {
        flow::bail!("the other side is down")
    }
    Ok(())
}
#[step]
async fn no(n: u32) -> Result<u32> {
    let _ = n;
    flow::bail!("no")
}
#[workflow]
async fn taking() -> Result<u32> {
    let n = take(1).await?;
    no(n).await
}
#[tokio::test(start_paused = true)]
async fn g25_what_could_not_be_undone_is_undone_by_a_resume() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    println!("{}", runtime.run(taking().id("r")).await.unwrap_err());
    println!("{}", runtime.resume(&RunId::named("r")).await.unwrap_err());
    assert_eq!(TRIES.load(SeqCst), 2);
}
// retries wait again
#[step(model = CHEAP, prompt = "{{ text }}", retry(max_attempts = 3, initial_delay = "4s", factor = 1, jitter = false))]
async fn shaky(text: &str) -> Result<u32>;
#[workflow]
async fn shaking(text: String) -> Result<u32> {
    shaky(&text).await
}
struct Down(Counts);
impl Provider for Down {
    fn name(&self) -> &str {
        "dice"
    }
    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, std::result::Result<Reply, Failure>> {
        self.0.count(request.model.id());
        let n = self.0.of(request.model.id());
        Box::pin(async move {
            if n < 3 {
                return Err(Failure::new(flow::provider::FailureKind::Overloaded { retry_after: None }, "no luck"));
            }
            Ok(Reply::new("7").usage(Usage::new(1, 10)))
        })
    }
}
#[tokio::test(start_paused = true)]
async fn g26_a_wait_between_attempts_is_not_waited_again() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let build = || Runtime::builder().journal(journal.clone()).provider(Down(counts.clone())).build().unwrap();
    let runtime = build();
    drop(runtime.start(shaking("x".into()).id("r")).await.unwrap());
    flow::tokio::time::sleep(Duration::from_secs(7)).await;
    assert_eq!(counts.of("dice/cheap"), 2);
    runtime.shut_down(Duration::ZERO).await;
    let start = flow::tokio::time::Instant::now();
    build().run(shaking("x".into()).id("r")).await.unwrap();
    println!("{:?}", start.elapsed());
    assert!(start.elapsed() < Duration::from_secs(5));
}
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn g27_no_answer_is_lost_to_a_run_that_leaves_memory() {
    use flow::Call as _;
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    let mut tasks = Vec::new();
    for n in 0..4000 {
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
    let open: Vec<_> = all.iter().filter(|run| run.status != flow::run::Status::Finished).collect();
    println!("{} of {} are stuck", open.len(), all.len());
    if let Some(run) = open.first() {
        println!("{:#?}", lines(&runtime.records(&run.run).await.unwrap()));
    }
    assert!(open.is_empty());
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
async fn g28_a_second_resume_does_not_reopen_a_finished_run() {
    let (journal, counts) = (Odd::new(&Memory::new()), Counts::default());
    let runtime = odd(&journal, &counts);
    let id = RunId::named("r");
    runtime.run(onces().id("r")).await.unwrap_err();
    journal.hold.store(true, SeqCst);
    let (one, two) = flow::tokio::join!(runtime.resume(&id), async {
        let two = runtime.resume(&id).await;
        journal.go.add_permits(1);
        two
    });
    println!("{one:?} {two:?} {:#?}", lines(&runtime.records(&id).await.unwrap()));
    let finished = lines(&runtime.records(&id).await.unwrap()).iter().filter(|line| *line == "run_finished").count();
    assert_eq!(finished, 1);
}
