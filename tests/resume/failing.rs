//! A failing journal: the run stops, says why, and continues elsewhere from everything that was kept.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use flow::journal::{AppendError, Memory, Store};
use flow::prelude::*;
use flow::provider::BoxFuture;
use flow::run::{Record, RunId};
use flow::tokio::sync::Notify;
use flow::{Ending, Error, ErrorKind};

use super::hooked::{Hooked, Hooks};
use super::support::{Counts, process, settle};

/// Fails from the n-th append on, like a full disk, or through its news, like a file that was deleted.
#[derive(Clone, Debug)]
struct Full {
    appends: Arc<AtomicUsize>,
    taken_away: Arc<Notify>,
}

impl Full {
    fn new(journal: &Memory, appends: usize) -> Hooked<Self> {
        let appends = Arc::new(AtomicUsize::new(appends));
        Hooked::new(journal, Self { appends, taken_away: Arc::default() })
    }
}

impl Hooks for Full {
    fn appends(&self, _: &[Record]) -> Result<(), AppendError> {
        let left = self.appends.fetch_update(SeqCst, SeqCst, |left| Some(left.saturating_sub(1))).unwrap();
        match left {
            0 => Err(Error::new(ErrorKind::Journal, "the disk is full").into()),
            _ => Ok(()),
        }
    }

    fn news(&self) -> Option<BoxFuture<'static, Result<Vec<RunId>>>> {
        let taken_away = self.taken_away.clone();
        Some(Box::pin(async move {
            taken_away.notified().await;
            Err(Error::new(ErrorKind::Journal, "the file was taken away"))
        }))
    }
}

#[step(compensate = undo)]
async fn act(n: u32, #[state] counts: &Counts) -> Result<u32> {
    counts.count(format!("act {n}"));
    Ok(n + 1)
}

#[step(effect = idempotent)]
async fn undo(n: u32) -> Result<()> {
    UNDONE.fetch_add(n as usize, SeqCst);
    Ok(())
}

static UNDONE: AtomicUsize = AtomicUsize::new(0);

#[workflow]
async fn stubborn(#[state] counts: &Counts) -> Result<u32> {
    // Continues whatever fails.
    let mut n = 0;
    for _ in 0..5 {
        n = act(n, counts).await.unwrap_or(n + 100);
    }
    let all = flow::map(vec![n, n + 1], async |n| act(n, counts).await).settle().await?;
    Ok(all.into_iter().map(|n| n.unwrap_or(0)).sum())
}

/// Every kind of write detects the failure and reports it to the whole runtime.
#[tokio::test(start_paused = true)]
async fn whatever_could_not_be_kept_is_the_failure_of_the_journal() {
    let id = RunId::named("r");
    for what in ["start", "cancel", "cancel and undo", "answer", "signal"] {
        let (memory, counts) = (Memory::new(), Counts::default());
        let full = Full::new(&memory, usize::MAX);
        let runtime = Runtime::builder().journal(full.clone()).state(counts.clone()).workflow(selling).build().unwrap();
        drop(runtime.start(selling(7).id("r")).await.unwrap());
        settle().await;
        full.hooks.appends.store(0, SeqCst);
        let failed = match what {
            "start" => runtime.start(selling(8).id("s")).await.map(drop),
            "cancel" => runtime.cancel(&id).await,
            "cancel and undo" => runtime.cancel_and_undo(&id).await,
            "answer" => runtime.answer(&id, "paid").with(7.into()).await,
            _ => runtime.signal(paid, 7, &7).await.map(drop),
        };
        assert_eq!(failed.unwrap_err().message(), "the disk is full", "{what}");
        assert_eq!(runtime.journal_failed().await.message(), "the disk is full", "{what}");
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_goes_on_after_a_record_that_could_not_be_kept() {
    let mut stops = 0;
    for kept in 0..12 {
        let (journal, counts) = (Memory::new(), Counts::default());
        let full = Full::new(&journal, kept);
        let runtime = Runtime::builder().journal(full).state(counts.clone()).build().unwrap();
        let outcome = runtime.run(stubborn().id("r")).await;
        let bodies = counts.all().len();
        if let Err(error) = &outcome {
            stops += 1;
            assert_eq!((error.kind(), error.message()), (&ErrorKind::Journal, "the disk is full"));
            assert_eq!(UNDONE.load(SeqCst), 0, "it has not failed, so nothing is undone");
        }
        // At most the bodies in flight ended without being kept.
        let finished = journal.read(&RunId::named("r")).await.unwrap();
        let finished = finished.iter().filter(|record| matches!(record, Record::StepFinished { .. })).count();
        assert!(bodies <= finished + 2, "{bodies} bodies for {finished} records");
        assert_eq!(process(&journal, &counts).run(stubborn().id("r")).await.unwrap(), 6 + 7);
    }
    assert!(stops >= 8, "{stops}");
}

#[step(signal, timeout = "30d")]
async fn paid(order: u32) -> Result<u32>;

#[workflow]
async fn selling(order: u32) -> Result<u32> {
    paid(order).await
}

#[step(human, timeout = "7d")]
async fn approve(n: u32) -> Result<u32>;

#[workflow]
async fn asking(n: u32) -> Result<u32> {
    approve(n).await
}

#[workflow]
async fn sleeping(n: u32) -> Result<u32> {
    flow::sleep("7d").await?;
    Ok(n)
}

#[step]
async fn endless(n: u32) -> Result<u32> {
    std::future::pending::<()>().await;
    Ok(n)
}

#[workflow]
async fn working(n: u32) -> Result<u32> {
    endless(n).await
}

/// Every caller waiting for a run hears that it is no longer kept, whatever the run was doing, and nothing new starts.
#[tokio::test(start_paused = true)]
async fn a_journal_that_has_failed_is_told_to_all_who_wait() {
    for by_news in [false, true] {
        let journal = Memory::new();
        let full = Full::new(&journal, usize::MAX);
        let runtime = Runtime::builder().journal(full.clone()).workflow(asking).build().unwrap();
        let waits = [
            runtime.start(asking(1).id("asks")).await.unwrap(),
            runtime.start(sleeping(1).id("sleeps")).await.unwrap(),
        ];
        let works = runtime.start(working(1).id("works")).await.unwrap();
        let submitted = RunId::named("left");
        runtime.submit("asking", flow::serde_json::json!({ "n": 1 }), &submitted).await.unwrap();
        settle().await;
        assert!(runtime.journal_failure().is_none());
        let text = if by_news { "the file was taken away" } else { "the disk is full" };
        if by_news {
            full.hooks.taken_away.notify_one();
            assert_eq!(runtime.journal_failed().await.message(), text);
        }
        full.hooks.appends.store(0, SeqCst);
        let error =
            runtime.answer(&RunId::named("asks"), "approve").with(flow::serde_json::json!(3)).await.unwrap_err();
        assert_eq!((error.kind(), error.message()), (&ErrorKind::Journal, "the disk is full"));
        assert_eq!(runtime.journal_failed().await.message(), text, "the first failure counts");
        for handle in waits.into_iter().chain([works]) {
            let error = handle.result().await.unwrap_err();
            assert_eq!((error.kind(), error.message()), (&ErrorKind::Journal, text));
        }
        let begun =
            [runtime.run(working(2)).await.err(), runtime.resume(&submitted).await.and_then(Ending::result).err()];
        begun.into_iter().for_each(|error| assert_eq!(*error.unwrap().kind(), ErrorKind::Journal));
        // The next process has lost nothing.
        let counts = Counts::default();
        let next = process(&journal, &counts);
        let (next, id) = (&next, RunId::named("asks"));
        let handle = next.start(asking(1).id("asks")).await.unwrap();
        settle().await;
        next.answer(&id, "approve").with(flow::serde_json::json!(3)).await.unwrap();
        assert_eq!(handle.result().await.unwrap(), 3);
    }
}

/// A run whose records cannot be read affects no other run.
#[tokio::test(start_paused = true)]
async fn a_run_that_cannot_be_read_is_no_failure_of_the_journal() {
    #[derive(Clone, Debug)]
    struct Damaged;

    impl Hooks for Damaged {
        fn reads(&self, run: &RunId) -> Result<()> {
            match run.to_string() == "damaged" {
                true => Err(Error::new(ErrorKind::Journal, "a record is damaged")),
                false => Ok(()),
            }
        }
    }

    let runtime = Runtime::builder().journal(Hooked::new(&Memory::new(), Damaged)).build().unwrap();
    let error = runtime.run(asking(1).id("damaged")).await.unwrap_err();
    assert_eq!(error.message(), "a record is damaged");
    assert!(runtime.journal_failure().is_none());
    let handle = runtime.start(asking(1).id("r")).await.unwrap();
    settle().await;
    runtime.answer(&RunId::named("r"), "approve").with(flow::serde_json::json!(3)).await.unwrap();
    assert_eq!(handle.result().await.unwrap(), 3);
}
