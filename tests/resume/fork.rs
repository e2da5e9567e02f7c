//! A new run that takes over the results of an earlier one.

use flow::journal::{Memory, Store};
use flow::prelude::*;
use flow::run::{Record, RunId};
use flow::serde_json::json;
use flow::{Ending, ErrorKind};

use super::support::{Counts, lines, process};

#[step]
async fn first(n: u32, #[state] counts: &Counts) -> Result<u32> {
    counts.count("first");
    Ok(n + 1)
}

#[step(compensate = unbook)]
async fn book(n: u32, #[state] counts: &Counts) -> Result<u32> {
    counts.count("book");
    Ok(n + 10)
}

#[step(effect = idempotent)]
async fn unbook(n: u32) -> Result<()> {
    let _ = n;
    Ok(())
}

#[step]
async fn last(n: u32, most: u32, #[state] counts: &Counts) -> Result<u32> {
    counts.count("last");
    if n > most { flow::bail!("{n} is more than {most}") } else { Ok(n) }
}

#[workflow]
async fn trip(n: u32, most: u32, #[state] counts: &Counts) -> Result<Vec<u32>> {
    let n = first(n, counts).await?;
    let mut all = map(vec![n, n + 1], async |n| book(n, counts).await).await?;
    all.push(last(n, most, counts).await?);
    Ok(all)
}

/// A runtime with a run `r` of the workflow with the given bound.
async fn ran(most: u32) -> (Runtime, Memory, Counts) {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    let _ = runtime.run(trip(1, most).id("r")).await;
    (runtime, journal, counts)
}

#[tokio::test(start_paused = true)]
async fn what_had_ended_before_the_step_is_not_run_again() {
    let (runtime, _, counts) = ran(9).await;
    let from = runtime.place_in(&RunId::named("r"), "last").await.unwrap();
    let new = runtime.fork(&RunId::named("r"), Some(&from), None, RunId::named("s")).await.unwrap();
    assert_eq!(runtime.resume(&new).await.and_then(Ending::result).unwrap(), json!([12, 13, 2]));
    assert_eq!((counts.of("first"), counts.of("book"), counts.of("last")), (1, 2, 2));
    let records = runtime.records(&new).await.unwrap();
    assert!(records.iter().all(|record| *record.run() == new));
    let copied: Vec<_> = lines(&records).into_iter().take_while(|line| line != "step_started last").collect();
    assert_eq!(copied[..3], ["run_started", "step_started first", "step_finished first"]);
    assert!(!copied.iter().any(|line| line.starts_with("attempt")), "the first run has paid for it: {copied:?}");
}

#[tokio::test(start_paused = true)]
async fn an_item_of_a_map_begins_anew_and_the_others_stay() {
    let (runtime, _, counts) = ran(9).await;
    let run = RunId::named("r");
    let several = runtime.place_in(&run, "book").await.unwrap_err();
    assert!(several.message().contains("name one of `map[0]/book`, `map[1]/book`"), "{several}");
    let from = runtime.place_in(&run, "map[1]/book").await.unwrap();
    let new = runtime.fork(&run, Some(&from), None, RunId::named("s")).await.unwrap();
    assert_eq!(runtime.resume(&new).await.and_then(Ending::result).unwrap(), json!([12, 13, 2]));
    assert_eq!((counts.of("first"), counts.of("last")), (1, 2));
    assert!(counts.of("book") <= 4 && counts.of("book") >= 3, "{:?}", counts.all());
}

#[tokio::test(start_paused = true)]
async fn an_edited_input_is_taken_where_no_copied_step_had_it() {
    let (runtime, _, counts) = ran(9).await;
    let run = RunId::named("r");
    let from = runtime.place_in(&run, "last").await.unwrap();
    let clash =
        runtime.fork(&run, Some(&from), Some(json!({ "n": 5, "most": 9 })), RunId::named("s")).await.unwrap_err();
    assert!(clash.message().starts_with("the new input changes `n`, which `first` received"), "{clash}");
    let unfit = runtime.fork(&run, None, Some(json!({ "n": 5 })), RunId::named("s")).await.unwrap_err();
    assert!(matches!(unfit.kind(), ErrorKind::ContractViolated { .. }), "{unfit}");
    let new = runtime.fork(&run, Some(&from), Some(json!({ "n": 1, "most": 1 })), RunId::named("s")).await.unwrap();
    assert!(runtime.resume(&new).await.and_then(Ending::result).unwrap_err().message().contains("2 is more than 1"));
    assert_eq!(counts.of("first"), 1);
    let taken = runtime.fork(&run, None, None, new).await.unwrap_err();
    assert_eq!(taken.message(), "run `s` already exists; give the new run another id");
}

#[contract]
#[derive(Debug, Clone)]
struct Order {
    n: u32,
    note: Option<String>,
}

#[workflow]
async fn fill(order: Order, #[state] counts: &Counts) -> Result<u32> {
    first(order.n, counts).await
}

#[tokio::test]
async fn a_field_that_a_later_build_has_dropped_does_not_keep_the_run_from_being_edited() {
    let (journal, run) = (Memory::new(), RunId::named("r"));
    let runtime = process(&journal, &Counts::default());
    let _ = runtime.run(fill(Order { n: 1, note: None }).id("other")).await.unwrap();
    let input = |n: u32| json!({ "order": { "n": n, "note": null, "priority": 3 } });
    let mut began = runtime.records(&RunId::named("other")).await.unwrap().swap_remove(0);
    let Record::RunStarted { run: id, input: recorded, .. } = &mut began else { panic!("{began:?}") };
    (*id, *recorded) = (run.clone(), input(1));
    journal.append(&run, &[began]).await.unwrap();

    let new = runtime.fork(&run, None, Some(input(2)), RunId::named("s")).await.unwrap();
    assert_eq!(runtime.resume(&new).await.and_then(Ending::result).unwrap(), json!(3));
    let mut typed = input(2);
    typed["order"]["ntoe"] = json!("a");
    let refused = runtime.fork(&run, None, Some(typed), RunId::named("t")).await.unwrap_err();
    let ErrorKind::ContractViolated { violations, .. } = refused.kind() else { panic!("{refused}") };
    assert_eq!(violations.iter().map(|violation| violation.pointer.as_str()).collect::<Vec<_>>(), ["/order/ntoe"]);
}

#[tokio::test(start_paused = true)]
async fn what_was_undone_is_not_taken_over() {
    let (runtime, ..) = ran(1).await;
    let run = RunId::named("r");
    let from = runtime.place_in(&run, "last").await.unwrap();
    let undone = runtime.fork(&run, Some(&from), None, RunId::named("s")).await.unwrap_err();
    assert!(undone.message().contains("so its result cannot be reused; start from `map["), "{undone}");
    let from = runtime.place_in(&run, "map[0]/book").await.unwrap();
    let new = runtime.fork(&run, Some(&from), Some(json!({ "n": 1, "most": 9 })), RunId::named("s")).await.unwrap();
    assert_eq!(runtime.resume(&new).await.and_then(Ending::result).unwrap(), json!([12, 13, 2]));
}

#[tokio::test(start_paused = true)]
async fn a_submitted_run_is_there_before_anybody_executes_it() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    let unknown = runtime.submit("trip", json!({ "n": 1, "most": 9 }), &RunId::named("r")).await.unwrap_err();
    assert!(unknown.message().starts_with("this program has no workflow `trip`"), "{unknown}");
    let _ = runtime.run(trip(1, 9).id("other")).await;
    for _ in 0..2 {
        runtime.submit("trip", json!({ "n": 1, "most": 9 }), &RunId::named("r")).await.unwrap();
    }
    let taken = runtime.submit("trip", json!({ "n": 2, "most": 9 }), &RunId::named("r")).await.unwrap();
    assert!(matches!(taken, flow::Submitted::Taken(_)), "{taken:?}");
    let records = runtime.records(&RunId::named("r")).await.unwrap();
    assert!(matches!(records[..], [Record::RunStarted { .. }]), "{records:?}");
    assert_eq!(runtime.resume(&RunId::named("r")).await.and_then(Ending::result).unwrap(), json!([12, 13, 2]));
}
