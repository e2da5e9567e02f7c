//! Failures while a workflow undoes its steps: time limits, errors, the end of a process.

use std::time::Duration;

use flow::journal::{Memory, Query};
use flow::prelude::*;
use flow::run::{Record, RunId, RunState, Status};
use flow::serde_json::json;
use flow::{Ending, Error};

use super::support::{check, done, log, records};
use super::{pay, refund, ship, slow};
use crate::support::{Counts, lines, process, settle, tokio_clock};

/// Undoing it takes a minute.
#[step(effect = idempotent, compensate = unbook)]
async fn book(n: u32) -> Result<u32> {
    log(format!("book {n}"));
    Ok(n)
}

#[step(effect = idempotent)]
async fn unbook(n: &u32) -> Result<()> {
    flow::tokio::time::sleep(Duration::from_secs(60)).await;
    log(format!("unbook {n}"));
    Ok(())
}

#[workflow(timeout = "10s")]
async fn hurried(n: u32) -> Result<u32> {
    book(n).await?;
    book(n + 1).await?;
    slow(n * 20).await
}

#[workflow]
async fn around_hurried() -> Result<String> {
    let text = match hurried(1).await {
        Ok(n) => n.to_string(),
        Err(error) => format!("{} {}", error.message(), error.not_undone().count()),
    };
    pay(3).await?;
    Ok(text)
}

#[tokio::test(start_paused = true)]
async fn a_workflow_that_is_late_undoes_its_steps_outside_its_limit() {
    check(
        around_hurried,
        "the workflow did not end within 10s 0",
        &["book 1", "book 2", "unbook 2", "unbook 1", "pay 3"],
    )
    .await;
}

#[workflow]
async fn fails_soon(n: u32) -> Result<u32> {
    book(n).await?;
    book(n + 1).await?;
    ship(1).await
}

/// Its time limit passes while the first of two steps is being undone.
#[workflow(timeout = "90s")]
async fn limited() -> Result<u32> {
    pay(1).await?;
    fails_soon(5).await
}

#[workflow]
async fn around_limited() -> Result<String> {
    let outcome = limited().await;
    Ok(outcome.map_or_else(|error| error.message().into(), |n| n.to_string()))
}

#[tokio::test(start_paused = true)]
async fn what_a_limit_has_cut_off_in_its_undoing_is_undone_by_the_caller() {
    let all = ["pay 1", "book 5", "book 6", "ship 1", "unbook 6", "unbook 5", "refund 1"];
    check(around_limited, "the workflow did not end within 90s", &all).await;
}

/// Taken back at the second attempt, if at all, depending on `n`.
#[step(effect = idempotent, compensate = take_back)]
async fn give(n: u32) -> Result<u32> {
    log(format!("give {n}"));
    Ok(n)
}

#[step(effect = idempotent)]
async fn take_back(n: u32) -> Result<()> {
    log(format!("take back {n}"));
    let tries = flow::current()?.place.as_str().contains('[');
    match n {
        0 => Ok(()),
        1 if tries => Ok(()),
        13 => panic!("{n} is unlucky"),
        _ => flow::bail!("{n} is gone"),
    }
}

#[workflow]
async fn giver(n: u32) -> Result<u32> {
    give(0).await?;
    give(n).await?;
    ship(1).await
}

fn not_undone(error: &Error) -> String {
    error.not_undone().map(|(step, error)| format!("{step}: {}", error.message())).collect::<Vec<_>>().join(", ")
}

#[workflow]
async fn around_giver(n: u32, end: u32) -> Result<String> {
    let text = match giver(n).await {
        Ok(_) => String::new(),
        Err(error) => not_undone(&error),
    };
    ship(end).await?;
    Ok(text)
}

#[tokio::test(start_paused = true)]
async fn what_could_not_be_undone_stays_on_the_list() {
    let begun = ["give 0", "give 2", "ship 1", "take back 2", "take back 0"];
    check(|| around_giver(2, 2), "give: 2 is gone", &[&begun[..], &["ship 2"]].concat()).await;
    check(
        || around_giver(2, 3),
        "step `ship`: 3 is sold out\n  `give` could not be undone: step `take_back` at `giver/give.2[1]/take_back`: 2 is gone",
        &[&begun[..], &["ship 3", "take back 2"]].concat(),
    )
    .await;
    let unlucky = ["give 0", "give 13", "ship 1", "take back 13", "take back 0", "ship 2"];
    check(|| around_giver(13, 2), "give: panicked: 13 is unlucky", &unlucky).await;
}

#[tokio::test(start_paused = true)]
async fn the_next_to_undo_tries_again() {
    let all = ["give 0", "give 1", "ship 1", "take back 1", "take back 0", "ship 3", "take back 1"];
    check(|| around_giver(1, 3), "step `ship`: 3 is sold out", &all).await;
}

#[workflow]
async fn through(n: u32) -> Result<String> {
    let n = giver(n).await?;
    Ok(n.to_string())
}

#[tokio::test(start_paused = true)]
async fn an_error_on_its_way_up_names_each_step_once() {
    let all = ["give 0", "give 2", "ship 1", "take back 2", "take back 0", "take back 2"];
    check(
        || through(2),
        "step `ship` at `giver/ship`: 1 is sold out\n  `give` could not be undone: step `take_back` at `giver/give.2[1]/take_back`: 2 is gone",
        &all,
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn records_say_what_was_undone_and_what_was_not() {
    let records = records(|| around_giver(2, 2)).await;
    let said: Vec<_> = lines(&records).into_iter().filter(|line| line.contains("undone")).collect();
    assert_eq!(said, ["step_not_undone giver/give.2", "step_undone giver/give"]);
    assert!(matches!(records.last(), Some(Record::RunFinished { .. })));
    let state = RunState::of(records);
    assert_eq!(state.undone().iter().map(|place| place.as_str()).collect::<Vec<_>>(), ["giver/give"]);
    let [(place, step, failure)] = state.not_undone()[..] else { panic!("{:?}", state.not_undone()) };
    assert_eq!((place.as_str(), step, failure.message.as_str()), ("giver/give.2", "give", "2 is gone"));
    done();
}

#[tokio::test(start_paused = true)]
async fn what_was_undone_at_the_second_try_is_undone() {
    let records = records(|| around_giver(1, 3)).await;
    let state = RunState::of(records);
    assert_eq!(state.undone().len(), 2);
    assert!(state.not_undone().is_empty());
    done();
}

/// Undone by an irreversible step.
#[step(effect = idempotent, compensate = wire_back)]
async fn wire(n: u32) -> Result<u32> {
    log(format!("wire {n}"));
    Ok(n)
}

#[step(effect = irreversible)]
async fn wire_back(n: u32) -> Result<()> {
    log(format!("wire back {n}"));
    flow::tokio::time::sleep(Duration::from_secs(n.into())).await;
    if n == 1 { flow::bail!("the bank refuses") } else { Ok(()) }
}

#[workflow]
async fn wires(n: u32) -> Result<u32> {
    wire(n).await?;
    ship(1).await
}

#[workflow]
async fn wires_through(n: u32) -> Result<String> {
    Ok(wires(n).await?.to_string())
}

#[tokio::test(start_paused = true)]
async fn an_irreversible_step_undoes_at_most_once() {
    let text = "step `ship` at `wires/ship`: 1 is sold out\n  `wire` could not be undone: step `wire_back` at `wires/wire/wire_back`: the bank refuses";
    for builder in [Runtime::builder(), Runtime::builder().journal(Memory::new())] {
        let error = builder.build().unwrap().run(wires_through(1)).await.unwrap_err();
        assert_eq!(error.in_run().to_string(), text);
        assert_eq!(done(), ["wire 1", "ship 1", "wire back 1"]);
    }
}

#[workflow(timeout = "30s")]
async fn wires_in_a_hurry(n: u32) -> Result<u32> {
    wires(n).await
}

#[workflow]
async fn around_wires(n: u32) -> Result<String> {
    Ok(wires_in_a_hurry(n).await.map_or_else(|error| not_undone(&error), |n| n.to_string()))
}

#[tokio::test(start_paused = true)]
async fn undoing_that_was_cut_off_is_not_begun_again_where_it_is_irreversible() {
    let runtime = Runtime::builder().build().unwrap();
    let text = runtime.run(around_wires(60)).await.unwrap();
    let way_out = "with a journal, the run waits until a person says whether it happened";
    assert!(
        text.contains("step `wire_back` was interrupted, and its irreversible effect may or may not have happened"),
        "{text}"
    );
    assert!(text.contains(way_out), "{text}");
    assert_eq!(done(), ["wire 60", "ship 1", "wire back 60"]);
}

#[tokio::test(start_paused = true)]
async fn with_a_journal_a_person_says_what_became_of_it() {
    let runtime = Runtime::builder().journal(Memory::new()).clock(tokio_clock).build().unwrap();
    let handle = runtime.start(around_wires(60).id("r")).await.unwrap();
    flow::tokio::time::sleep(Duration::from_secs(100)).await;
    let summary = runtime.runs(&Query::all()).await.unwrap().remove(0);
    assert_eq!(summary.status, Status::Waiting);
    let place = summary.waits[0].place.to_string();
    assert_eq!(place, "wires_in_a_hurry/wires/wire/wire_back");
    runtime.answer(&RunId::named("r"), &place).happened(json!(null)).await.unwrap();
    assert_eq!(handle.result().await.unwrap(), "");
    assert_eq!(done(), ["wire 60", "ship 1", "wire back 60"]);
}

/// Interrupted in one process, asked about in the next, where the limit passes: the caller that undoes it then has to ask too.
#[tokio::test(start_paused = true)]
async fn what_a_person_has_not_said_is_asked_by_the_caller() {
    let (journal, id) = (Memory::new(), RunId::named("r"));
    let process = || Runtime::builder().journal(journal.clone()).clock(tokio_clock).build().unwrap();
    let runtime = process();
    drop(runtime.start(around_wires(60).id("r")).await.unwrap());
    flow::tokio::time::sleep(Duration::from_secs(10)).await;
    runtime.shut_down(Duration::ZERO).await;
    let runtime = process();
    let handle = runtime.start(around_wires(60).id("r")).await.unwrap();
    flow::tokio::time::sleep(Duration::from_secs(100)).await;
    runtime.answer(&id, "wires_in_a_hurry/wires/wire/wire_back").did_not_happen().await.unwrap();
    assert_eq!(handle.result().await.unwrap(), "");
    assert_eq!(done(), ["wire 60", "ship 1", "wire back 60", "wire back 60"]);
    let late = lines(&runtime.records(&id).await.unwrap());
    assert!(late.contains(&"workflow_failed wires_in_a_hurry".to_owned()), "{late:?}");
}

#[tokio::test(start_paused = true)]
async fn undoing_that_a_process_has_left_half_done_goes_on_in_the_next() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    drop(runtime.start(around_hurried().id("r")).await.unwrap());
    // Ten seconds until the limit, a minute to undo one step, and half of the minute for the other.
    flow::tokio::time::sleep(Duration::from_secs(100)).await;
    runtime.shut_down(Duration::ZERO).await;
    assert_eq!(done(), ["book 1", "book 2", "unbook 2"]);
    let runtime = process(&journal, &counts);
    assert_eq!(runtime.run(around_hurried().id("r")).await.unwrap(), "the workflow did not end within 10s 0");
    assert_eq!(done(), ["unbook 1", "pay 3"]);
}

#[workflow]
async fn handles_and_fails(n: u32) -> Result<String> {
    let first = giver(n).await.is_ok();
    ship(3).await?;
    Ok(first.to_string())
}

#[tokio::test(start_paused = true)]
async fn a_run_whose_handled_failures_were_undone_goes_on_from_its_last_failure() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    runtime.run(handles_and_fails(0).id("r")).await.unwrap_err();
    assert_eq!(done(), ["give 0", "give 0", "ship 1", "take back 0", "take back 0", "ship 3"]);
    let error = runtime.resume(&RunId::named("r")).await.and_then(Ending::result).unwrap_err();
    assert_eq!((error.message(), done()), ("3 is sold out", vec!["ship 3".to_owned()]));
}

#[tokio::test(start_paused = true)]
async fn a_run_whose_own_failure_was_undone_does_not_go_on() {
    for n in [0, 2] {
        let (journal, counts) = (Memory::new(), Counts::default());
        let runtime = process(&journal, &counts);
        runtime.run(through(n).id("r")).await.unwrap_err();
        let error = runtime.resume(&RunId::named("r")).await.and_then(Ending::result).unwrap_err();
        assert!(error.message().contains("has undone `giver/give"), "{error}");
        settle().await;
    }
    done();
}

/// Undone by a step that could be undone itself.
#[step(effect = idempotent, compensate = lower)]
async fn raise(n: u32) -> Result<u32> {
    log(format!("raise {n}"));
    Ok(n)
}

#[step(effect = idempotent, compensate = raise)]
async fn lower(n: u32) -> Result<u32> {
    log(format!("lower {n}"));
    Ok(n)
}

#[workflow]
async fn raises(n: u32) -> Result<u32> {
    raise(n).await?;
    lower(n + 1).await?;
    ship(1).await
}

#[workflow]
async fn raises_through(n: u32) -> Result<String> {
    Ok(raises(n).await?.to_string())
}

#[tokio::test(start_paused = true)]
async fn what_undoes_a_step_is_not_undone_itself() {
    let all = ["raise 4", "lower 5", "ship 1", "raise 5", "lower 4"];
    check(|| raises_through(4), "step `ship` at `raises/ship`: 1 is sold out", &all).await;
}

#[workflow]
async fn refunds() -> Result<String> {
    pay(1).await?;
    refund(1).await?;
    slow(1).await?;
    Ok(String::new())
}

/// A step that undoes others can also be called directly.
#[tokio::test(start_paused = true)]
async fn a_step_that_undoes_others_is_a_step() {
    check(refunds, "", &["pay 1", "refund 1"]).await;
}

#[tokio::test(start_paused = true)]
async fn a_fork_takes_over_what_was_undone_with_what_undid_it() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let (runtime, id) = (process(&journal, &counts), RunId::named("r"));
    runtime.run(around_hurried().id("r")).await.unwrap();
    done();
    let from = runtime.place_in(&id, "pay").await.unwrap();
    let again = runtime.fork(&id, Some(&from), None, RunId::named("f")).await.unwrap();
    assert_eq!(
        runtime.resume(&again).await.and_then(Ending::result).unwrap(),
        json!("the workflow did not end within 10s 0")
    );
    assert_eq!(done(), ["pay 3"]);
    let from = runtime.place_in(&id, "slow").await.unwrap();
    let error = runtime.fork(&id, Some(&from), None, RunId::named("g")).await.unwrap_err();
    assert!(error.message().contains("has undone `hurried/book"), "{error}");
}
