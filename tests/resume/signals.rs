//! Signals reach the steps that wait for them, in whatever order they arrive.

use std::path::PathBuf;
use std::time::Duration;

use flow::journal::{Memory, Query, Sqlite};
use flow::prelude::*;
use flow::run::{Record, RunId, Status};
use flow::serde_json::{Value, json};
use flow::{ErrorKind, Signalled};

use super::support::{Counts, process, settle};

#[gate]
fn enough(paid: &u32, order: &u32) -> Verdict {
    Verdict::ensure(*paid >= order * 100, format!("{paid} is too little"))
}

#[step(signal, timeout = "30d", gate = enough(order))]
async fn paid(order: u32) -> Result<u32>;

#[step(signal, keep = "1h", id = "parcel")]
async fn shipped(order: u32, part: String) -> Result<String>;

#[step(signal)]
async fn opened() -> Result<u32>;

#[step(human, timeout = "1d")]
async fn ask(order: u32) -> Result<u32>;

#[step]
async fn pack(order: u32) -> Result<u32> {
    flow::tokio::time::sleep(Duration::from_secs(60)).await;
    Ok(order)
}

#[workflow]
async fn selling(order: u32) -> Result<u32> {
    let order = pack(order).await?;
    paid(order).await
}

#[workflow]
async fn twice(order: u32) -> Result<Vec<u32>> {
    let first = paid(order).await?;
    let second = paid(order).await?;
    Ok(vec![first, second])
}

#[workflow]
async fn sending(order: u32) -> Result<String> {
    pack(order).await?;
    shipped(order, "box".to_owned()).await
}

#[workflow]
async fn opening() -> Result<u32> {
    opened().await
}

fn to(signalled: &Signalled) -> Vec<String> {
    let Signalled::Given(to) = signalled else { panic!("{signalled:?}") };
    to.iter().map(|(run, place)| format!("{run} {place}")).collect()
}

#[tokio::test(start_paused = true)]
async fn a_signal_that_comes_first_is_kept_until_its_step_waits() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    assert!(matches!(runtime.signal(paid, 7, &700).await.unwrap(), Signalled::Kept(_)), "before its run has begun");
    let early = runtime.start(selling(8).id("early")).await.unwrap();
    settle().await;
    assert!(matches!(runtime.signal(paid, 8, &800).await.unwrap(), Signalled::Kept(_)), "before its step has started");
    assert_eq!(early.result().await.unwrap(), 800);
    runtime.shut_down(Duration::ZERO).await;
    drop(runtime);
    let runtime = process(&journal, &counts);
    assert_eq!(runtime.run(selling(7).id("later")).await.unwrap(), 700, "in another process too");
    let again = runtime.start(selling(7).id("again")).await.unwrap();
    tokio::time::sleep(Duration::from_secs(600)).await;
    assert_eq!(
        runtime.state(&RunId::named("again")).await.unwrap().unwrap().status,
        Status::Waiting,
        "it is taken once"
    );
    runtime.signal(paid, 7, &701).await.map(|given| assert_eq!(to(&given), ["again paid"])).unwrap();
    assert_eq!(again.result().await.unwrap(), 701);
}

#[tokio::test(start_paused = true)]
async fn all_that_wait_have_it_and_kept_ones_are_taken_in_their_order() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    let a = runtime.start(twice(7).id("a")).await.unwrap();
    let b = runtime.start(twice(7).id("b")).await.unwrap();
    settle().await;
    let given = runtime.signal(paid, 7, &701).await.unwrap();
    assert_eq!(to(&given), ["a paid", "b paid"]);
    settle().await;
    let given = runtime.signal(paid, 7, &702).await.unwrap();
    assert_eq!(to(&given), ["a paid.2", "b paid.2"]);
    assert_eq!((a.result().await.unwrap(), b.result().await.unwrap()), (vec![701, 702], vec![701, 702]));
    for n in [703, 704, 705] {
        assert!(matches!(runtime.signal(paid, 7, &n).await.unwrap(), Signalled::Kept(_)));
    }
    assert_eq!(runtime.run(twice(7).id("c")).await.unwrap(), [703, 704], "the oldest first");
}

#[tokio::test(start_paused = true)]
async fn a_repeat_does_no_harm() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    let send = |n: u32| runtime.signal(paid, 7, &n).id("evt_1").by("shop");
    assert!(matches!(send(700).await.unwrap(), Signalled::Kept(_)));
    assert!(matches!(send(700).await.unwrap(), Signalled::Repeated), "while it is kept");
    let handle = runtime.start(twice(7).id("r")).await.unwrap();
    settle().await;
    assert!(matches!(send(700).await.unwrap(), Signalled::Repeated), "and after a step has taken it");
    let given = runtime.signal(paid, 7, &701).id("evt_2").await.unwrap();
    assert_eq!(to(&given), ["r paid.2"]);
    assert!(matches!(runtime.signal(paid, 7, &701).id("evt_2").await.unwrap(), Signalled::Repeated));
    assert_eq!(handle.result().await.unwrap(), [700, 701]);
    let records = runtime.records(&RunId::named("r")).await.unwrap();
    let by = |record: &Record| matches!(record, Record::Answered { by: Some(by), .. } if by == "shop");
    assert_eq!(records.iter().filter(|record| by(record)).count(), 1, "who sent it is recorded");
}

#[tokio::test(start_paused = true)]
async fn a_signal_is_kept_as_long_as_its_step_says() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    let key = || json!({ "order": 1, "part": "box" });
    for (after, is_kept) in [(Duration::from_secs(3500), true), (Duration::from_secs(3700), false)] {
        assert!(matches!(runtime.signal(shipped, key(), &"sent".to_owned()).await.unwrap(), Signalled::Kept(_)));
        tokio::time::sleep(after - Duration::from_secs(60)).await;
        let handle = runtime.start(sending(1)).await.unwrap();
        tokio::time::sleep(Duration::from_secs(120)).await;
        let waiting = runtime.runs(&Query::all().status([Status::Waiting])).await.unwrap();
        assert_eq!(waiting.is_empty(), is_kept, "after {after:?}");
        if is_kept {
            assert_eq!(handle.result().await.unwrap(), "sent");
        }
    }
    assert!(matches!(runtime.signal(paid, 1, &100).await.unwrap(), Signalled::Kept(_)));
    tokio::time::sleep(Duration::from_secs(6 * 86_400)).await;
    assert_eq!(runtime.run(selling(1)).await.unwrap(), 100, "seven days by default");
}

#[tokio::test(start_paused = true)]
async fn what_gates_reject_is_recorded_and_dropped_and_the_wait_goes_on() {
    let (journal, counts, id) = (Memory::new(), Counts::default(), RunId::named("r"));
    let runtime = process(&journal, &counts);
    let rich = runtime.start(twice(7).id("r")).await.unwrap();
    settle().await;
    let Signalled::Rejected(by) = runtime.signal(paid, 7, &1).await.unwrap() else { panic!() };
    assert_eq!((by.len(), &by[0].0, by[0].1.as_str()), (1, &id, "paid"));
    assert!(matches!(by[0].2.kind(), ErrorKind::Rejected { reasons, .. } if reasons == &["1 is too little"]));
    let records = runtime.records(&id).await.unwrap();
    let Some(Record::AnswerRejected { answer, reasons, .. }) = records.last() else { panic!("{records:?}") };
    assert_eq!((answer, &reasons[..]), (&json!(1), &["1 is too little".to_owned()][..]));
    let refused = runtime.answer(&id, "paid").by("cli").with(json!(2)).await.unwrap_err();
    assert!(matches!(refused.kind(), ErrorKind::Rejected { .. }));
    let records = runtime.records(&id).await.unwrap();
    assert!(matches!(records.last(), Some(Record::AnswerRejected { by: Some(by), .. }) if by == "cli"));
    runtime.signal(paid, 7, &700).await.map(|given| assert_eq!(to(&given), ["r paid"])).unwrap();
    settle().await;
    runtime.signal(paid, 7, &701).await.map(|given| assert_eq!(to(&given), ["r paid.2"])).unwrap();
    assert_eq!(rich.result().await.unwrap(), [700, 701], "a rejected signal is not kept");

    for n in [3, 702, 4, 703] {
        assert!(matches!(runtime.signal(paid, 7, &n).await.unwrap(), Signalled::Kept(_)), "not judged yet");
    }
    assert_eq!(runtime.run(twice(7).id("s")).await.unwrap(), [702, 703], "the next that is kept is taken");
    let records = runtime.records(&RunId::named("s")).await.unwrap();
    let rejected = |record: &Record| matches!(record, Record::Judged { accepted: false, .. });
    assert_eq!(records.iter().filter(|record| rejected(record)).count(), 2);
}

#[tokio::test(start_paused = true)]
async fn what_fits_no_step_or_has_no_key_of_one_is_told() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = Runtime::test().journal(journal.clone()).state(counts.clone()).build().unwrap().0;
    drop(runtime.start(sending(1).id("r")).await.unwrap());
    settle().await;
    assert!(matches!(runtime.signal(ask, 7, &1).await.unwrap(), Signalled::FitsNoStep), "not a signal step");
    for step in ["payed", "shipped", "ask", "pack"] {
        let signalled = runtime.signal_by_id(step, json!(7), json!(1)).await.unwrap();
        assert!(matches!(signalled, Signalled::FitsNoStep), "{step}");
    }
    let wrong: [(Value, &str); 6] = [
        (json!(7), "expected an object of the arguments, found number 7"),
        (json!({ "order": 1 }), "at `/part`"),
        (json!({ "order": "1", "part": "box" }), "at `/order`"),
        (json!({ "order": 1, "part": "box", "parts": 2 }), "at `/parts`"),
        (json!([1, "box"]), "expected an object of the arguments"),
        (json!({ "order": -1, "part": 2 }), "at `/order`"),
    ];
    for (key, expected) in wrong {
        let refused = runtime.signal_by_id("parcel", key.clone(), json!("sent")).await.unwrap_err();
        assert!(matches!(refused.kind(), ErrorKind::ContractViolated { .. }), "{key}");
        assert!(refused.to_string().contains(expected), "{key}: {refused}");
        assert!(refused.message().contains("an object with `order`, `part`"), "{refused}");
    }
    let refused = runtime.signal(paid, "seven", &700).await.unwrap_err();
    assert!(refused.to_string().contains("expected the argument `order` of the step"), "{refused}");
    let refused = runtime.signal_by_id("parcel", json!({ "order": 1, "part": "box" }), json!(3)).await.unwrap_err();
    assert!(matches!(refused.kind(), ErrorKind::ContractViolated { .. }), "an answer that the step cannot read");
    let other_way = json!({ "part": "box", "order": 1 });
    assert!(matches!(runtime.signal_by_id("parcel", other_way, json!("sent")).await.unwrap(), Signalled::Kept(_)));
    assert_eq!(runtime.run(sending(1).id("r")).await.unwrap(), "sent");
    assert!(matches!(runtime.signal(opened, (), &3).await.unwrap(), Signalled::Kept(_)), "a step without arguments");
    assert_eq!(runtime.run(opening()).await.unwrap(), 3);
}

/// A journal file; `name` must be unique to the test.
fn file(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("signals-{name}"));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder.join("flow.db")
}

#[tokio::test]
async fn signals_go_from_one_process_to_another() {
    let path = file("two");
    let executing = Runtime::builder().journal(Sqlite::open(&path).unwrap()).workflow(twice).build().unwrap();
    let visitor = Runtime::builder().journal(Sqlite::visit(&path).unwrap()).build().unwrap();
    assert!(matches!(visitor.signal(paid, 7, &700).id("evt_1").await.unwrap(), Signalled::Kept(_)));
    let handle = executing.start(twice(7).id("r")).await.unwrap();
    // It arrives before the second wait, which takes it, or during that wait.
    let second = visitor.signal(paid, 7, &701).id("evt_2").await.unwrap();
    assert!(matches!(second, Signalled::Given(_) | Signalled::Kept(_)), "{second:?}");
    assert_eq!(handle.result().await.unwrap(), [700, 701]);
    assert!(matches!(executing.signal(paid, 7, &700).id("evt_1").await.unwrap(), Signalled::Repeated));
    assert!(matches!(visitor.signal(paid, 7, &1).await.unwrap(), Signalled::Kept(_)));
    executing.shut_down(Duration::ZERO).await;
    drop((executing, visitor));
    let later = Runtime::builder().journal(Sqlite::open(&path).unwrap()).workflow(twice).build().unwrap();
    let handle = later.start(twice(7).id("s")).await.unwrap();
    for n in [702, 703] {
        let _ = later.signal(paid, 7, &n).await.unwrap();
    }
    assert_eq!(handle.result().await.unwrap(), [702, 703], "the one kept in the file was rejected");
}

#[tokio::test(start_paused = true)]
async fn a_crash_after_any_record_loses_no_signal() {
    use flow::journal::Store;
    let (journal, counts, id) = (Memory::new(), Counts::default(), RunId::named("r"));
    let runtime = process(&journal, &counts);
    for n in [5, 700, 701] {
        let _ = runtime.signal(paid, 7, &n).await.unwrap();
    }
    assert_eq!(runtime.run(twice(7).id("r")).await.unwrap(), [700, 701]);
    let whole = runtime.records(&id).await.unwrap();
    for length in 1..whole.len() {
        let journal = Memory::new();
        journal.append(&id, &whole[..length]).await.unwrap();
        let taken = whole[..length].iter().filter(|record| matches!(record, Record::Answered { .. })).count();
        let runtime = process(&journal, &counts);
        let handle = runtime.start(twice(7).id("r")).await.unwrap();
        settle().await;
        // Signals taken by the lost records were still kept.
        for n in [5, 700, 701].into_iter().skip(taken) {
            let _ = runtime.signal(paid, 7, &n).await.unwrap();
            settle().await;
        }
        assert_eq!(handle.result().await.unwrap(), [700, 701], "after {length} records");
    }
}
