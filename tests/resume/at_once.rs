//! Answers, cancellations and ends that coincide; steps that serve others; undoing.

use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::time::Duration;

use flow::Ending;
use flow::journal::{Memory, Query};
use flow::prelude::*;
use flow::run::RunId;
use flow::serde_json::json;

use super::odd::{Odd, odd};
use super::support::{Counts, lines, process, settle};

#[step]
pub(crate) async fn busy(n: u32) -> Result<u32> {
    flow::tokio::time::sleep(Duration::from_secs(3600)).await;
    Ok(n)
}

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
    assert_eq!(UNDONE.load(SeqCst), 1, "the booking was undone once");
}

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
    // The resumed run reads its records, and the second answer arrives right after that read.
    journal.hooks.hold.store(true, SeqCst);
    settle().await;
    assert!(!journal.hooks.hold.load(SeqCst));
    runtime.answer(&id, "paid.2").with(json!(20)).await.unwrap();
    journal.hooks.go.add_permits(1);
    flow::tokio::time::sleep(Duration::from_secs(86_400)).await;
    let summary = runtime.runs(&Query::all()).await.unwrap().remove(0);
    assert_eq!(summary.status, flow::run::Status::Finished);
}

#[tokio::test(start_paused = true)]
async fn cancel_right_after_start() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    let handle = runtime.start(glue().id("r")).await.unwrap();
    let out = handle.cancel().await;
    settle().await;
    assert!(out.is_ok());
}

#[tokio::test(start_paused = true)]
async fn cancel_while_a_run_is_read() {
    let (journal, counts) = (Odd::new(&Memory::new()), Counts::default());
    let runtime = odd(&journal, &counts);
    drop(runtime.start(glue().id("r")).await.unwrap());
    settle().await;
    runtime.shut_down(Duration::ZERO).await;
    let runtime = odd(&journal, &counts);
    journal.hooks.hold.store(true, SeqCst);
    let handle = flow::tokio::spawn(runtime.run(glue().id("r")));
    settle().await;
    runtime.cancel(&RunId::named("r")).await.unwrap();
    journal.hooks.go.add_permits(1);
    let out = handle.await.unwrap();
    assert!(out.is_err());
}

#[tokio::test(start_paused = true)]
async fn shutdown_while_a_run_is_read() {
    let (journal, counts) = (Odd::new(&Memory::new()), Counts::default());
    let runtime = odd(&journal, &counts);
    journal.hooks.hold.store(true, SeqCst);
    let _handle = flow::tokio::spawn(runtime.run(long_one().id("r")));
    settle().await;
    let (down, ()) = flow::tokio::join!(
        flow::tokio::time::timeout(Duration::from_secs(600), runtime.shut_down(Duration::ZERO)),
        async {
            settle().await;
            journal.hooks.go.add_permits(1);
        }
    );
    assert!(down.is_ok());
}

#[workflow]
async fn long_one() -> Result<u32> {
    busy(1).await
}

#[tokio::test(start_paused = true)]
async fn a_finished_run_stays_finished() {
    let (journal, counts) = (Odd::new(&Memory::new()), Counts::default());
    let runtime = odd(&journal, &counts);
    let handle = runtime.start(brief().id("r")).await.unwrap();
    settle().await;
    journal.hooks.hold.store(true, SeqCst);
    let id = RunId::named("r");
    let (out, (), _) = flow::tokio::join!(
        handle.result(),
        async {
            flow::tokio::time::sleep(Duration::from_secs(20)).await;
            journal.hooks.go.add_permits(1);
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

#[tokio::test(start_paused = true)]
async fn resume_of_a_run_that_waits() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    drop(runtime.start(two().id("r")).await.unwrap());
    settle().await;
    let out = runtime.resume(&RunId::named("r")).await.and_then(Ending::result);
    assert!(!format!("{out:?}").contains("was shut down"));
}

#[tokio::test(start_paused = true)]
async fn the_second_of_two_answers_is_told_that_it_came_too_late() {
    let (journal, counts) = (Odd::new(&Memory::new()), Counts::default());
    let runtime = odd(&journal, &counts);
    drop(runtime.start(two().id("r")).await.unwrap());
    settle().await;
    let id = RunId::named("r");
    journal.hooks.hold.store(true, SeqCst);
    let (first, _) = flow::tokio::join!(runtime.answer(&id, "paid").with(json!(1)), async {
        let second = runtime.answer(&id, "paid").with(json!(2)).await;
        journal.hooks.go.add_permits(1);
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
    let out = runtime.resume(&again).await.and_then(Ending::result);
    assert!(out.is_ok());
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
    journal.hooks.hold.store(true, SeqCst);
    let _ = flow::tokio::join!(runtime.resume(&id), async {
        let two = runtime.resume(&id).await.and_then(Ending::result);
        journal.hooks.go.add_permits(1);
        two
    });
    let finished = lines(&runtime.records(&id).await.unwrap()).iter().filter(|line| *line == "run_finished").count();
    assert_eq!(finished, 1);
}
