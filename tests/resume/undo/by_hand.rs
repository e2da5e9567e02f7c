//! `flow::undo`: a workflow undoes what it has finished so far and continues.

use std::time::Duration;

use flow::Ending;
use flow::graphs::{Kind, Meta};
use flow::journal::Memory;
use flow::prelude::*;
use flow::run::RunId;

use super::support::{check, done, log, records};
use super::{fulfil, pay, ship, slow};
use crate::support::{Counts, lines, process, settle};

#[workflow]
async fn order(n: u32) -> Result<String> {
    pay(n).await?;
    match ship(n).await {
        Ok(n) => Ok(format!("shipped {n}")),
        Err(error) => {
            flow::undo().await?;
            Ok(format!("undone: {}", error.message()))
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_workflow_undoes_what_it_has_finished_and_ends_well() {
    check(|| order(1), "undone: 1 is sold out", &["pay 1", "ship 1", "refund 1"]).await;
    check(|| order(2), "shipped 2", &["pay 2", "ship 2"]).await;
}

/// Undone steps are not undone again; later ones are.
#[workflow]
async fn twice(end: u32) -> Result<String> {
    pay(10).await?;
    fulfil(2).await?;
    flow::undo().await?;
    pay(11).await?;
    flow::undo().await?;
    pay(12).await?;
    ship(end).await?;
    Ok("shipped".into())
}

#[tokio::test(start_paused = true)]
async fn undone_steps_leave_the_list() {
    let all = ["pay 10", "pay 2", "ship 2", "refund 2", "refund 10", "pay 11", "refund 11", "pay 12"];
    check(|| twice(4), "shipped", &[&all[..], &["ship 4"]].concat()).await;
    check(|| twice(3), "step `ship`: 3 is sold out", &[&all[..], &["ship 3", "refund 12"]].concat()).await;
}

#[workflow]
async fn rounds(orders: Vec<u32>) -> Result<String> {
    let mut shipped = 0;
    for n in orders {
        pay(n).await?;
        if ship(n).await.is_ok() {
            shipped += 1;
        } else {
            flow::undo().await?;
        }
    }
    Ok(shipped.to_string())
}

/// The list belongs to the workflow: a turn of a loop has no list of its own.
#[tokio::test(start_paused = true)]
async fn a_round_of_a_loop_undoes_all_of_its_workflow() {
    check(
        || rounds(vec![2, 3, 4, 5]),
        "2",
        &[
            "pay 2", "ship 2", "pay 3", "ship 3", "refund 3", "refund 2", "pay 4", "ship 4", "pay 5", "ship 5",
            "refund 5", "refund 4",
        ],
    )
    .await;
}

#[workflow]
async fn inner() -> Result<u32> {
    pay(20).await?;
    flow::undo().await?;
    pay(21).await
}

#[workflow]
async fn outer(end: u32) -> Result<String> {
    pay(1).await?;
    let (a, b) = try_join!(
        async {
            slow(10).await?;
            inner().await
        },
        async {
            pay(2).await?;
            slow(1).await
        }
    )?;
    ship(end).await?;
    Ok((a + b).to_string())
}

#[tokio::test(start_paused = true)]
async fn a_sub_workflow_undoes_its_own_steps_alone() {
    check(|| outer(2), "22", &["pay 1", "pay 2", "pay 20", "refund 20", "pay 21", "ship 2"]).await;
    check(
        || outer(3),
        "step `ship`: 3 is sold out",
        &["pay 1", "pay 2", "pay 20", "refund 20", "pay 21", "ship 3", "refund 21", "refund 2", "refund 1"],
    )
    .await;
}

#[workflow]
async fn after_branches() -> Result<String> {
    let all = try_join!(pay(1), async {
        slow(10).await?;
        pay(2).await?;
        ship(3).await
    });
    let each = map(vec![4, 5], async |n| fulfil(n).await).concurrency(1).settle().await?;
    let text = format!("{} {}", all.is_ok(), each.iter().filter(|one| one.is_ok()).count());
    flow::undo().await?;
    Ok(text)
}

#[tokio::test(start_paused = true)]
async fn after_branches_and_items_all_of_them_are_undone() {
    check(
        after_branches,
        "false 1",
        &[
            "pay 1", "pay 2", "ship 3", "pay 4", "ship 4", "pay 5", "ship 5", "refund 5", "refund 4", "refund 2",
            "refund 1",
        ],
    )
    .await;
}

#[workflow]
async fn nothing() -> Result<String> {
    flow::undo().await?;
    slow(1).await?;
    flow::undo().await?;
    Ok("done".into())
}

#[tokio::test(start_paused = true)]
async fn where_nothing_is_done_nothing_is_undone() {
    check(nothing, "done", &[]).await;
}

/// Undone by the second try.
#[step(effect = idempotent, compensate = reluctant)]
async fn stick(n: u32) -> Result<u32> {
    log(format!("stick {n}"));
    Ok(n)
}

#[step(effect = idempotent)]
async fn reluctant(n: u32) -> Result<()> {
    log(format!("unstick {n}"));
    if flow::current()?.place.as_str().contains("[1]") { Ok(()) } else { flow::bail!("{n} sticks") }
}

#[workflow]
async fn sticky(handles: bool, end: u32) -> Result<String> {
    stick(1).await?;
    pay(2).await?;
    if handles {
        let error = flow::undo().await.err();
        slow(1).await?;
        ship(end).await?;
        return Ok(error.map_or_else(String::new, |error| error.in_run().to_string()));
    }
    flow::undo().await?;
    Ok(String::new())
}

const STICKS: &str = "step `undo`: a finished step could not be undone\n  `stick` could not be undone: step `reluctant` at `stick/reluctant`: 1 sticks";

#[tokio::test(start_paused = true)]
async fn it_fails_if_a_step_cannot_be_undone() {
    let begun = ["stick 1", "pay 2", "refund 2", "unstick 1"];
    check(|| sticky(true, 2), STICKS, &[&begun[..], &["ship 2"]].concat()).await;
    check(|| sticky(true, 3), "step `ship`: 3 is sold out", &[&begun[..], &["ship 3", "unstick 1"]].concat()).await;
    check(
        || sticky(false, 0),
        "step `undo` at `undo.2`: a finished step could not be undone",
        &[&begun[..], &["unstick 1"]].concat(),
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn it_is_a_step_with_a_place() {
    let records = records(|| order(1)).await;
    let said: Vec<_> = lines(&records).into_iter().filter(|line| line.contains("undo")).collect();
    assert_eq!(said, ["step_started undo", "step_undone pay", "step_finished undo"]);
    done();
    let node = |meta: &'static Meta| meta.calls()[2];
    assert_eq!((node(flow::meta(&order)).name, node(flow::meta(&order)).kind), ("undo", Kind::Undo));
    let drawn = flow::meta(&order).to_mermaid();
    assert!(drawn.contains("undo<br/>undoes the finished steps"), "{drawn}");
}

#[step(effect = idempotent, compensate = unbook)]
async fn book(n: u32) -> Result<u32> {
    log(format!("book {n}"));
    Ok(n)
}

#[step(effect = idempotent)]
async fn unbook(n: u32) -> Result<()> {
    flow::tokio::time::sleep(Duration::from_secs(60)).await;
    log(format!("unbook {n}"));
    Ok(())
}

#[workflow(timeout = "90s")]
async fn hurried() -> Result<u32> {
    book(1).await?;
    book(2).await?;
    flow::undo().await?;
    Ok(1)
}

#[workflow]
async fn around_hurried() -> Result<String> {
    Ok(hurried().await.map_or_else(|error| error.message().into(), |n| n.to_string()))
}

/// The call counts as a step of the workflow; when the workflow times out, the remaining steps are undone.
#[tokio::test(start_paused = true)]
async fn it_takes_its_time_from_the_workflow() {
    check(around_hurried, "the workflow did not end within 90s", &["book 1", "book 2", "unbook 2", "unbook 1"]).await;
}

#[workflow]
async fn slowly() -> Result<String> {
    book(1).await?;
    book(2).await?;
    flow::undo().await?;
    pay(3).await?;
    Ok("done".into())
}

#[tokio::test(start_paused = true)]
async fn a_process_that_ends_in_its_middle_leaves_the_rest_to_the_next() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    drop(runtime.start(slowly().id("r")).await.unwrap());
    flow::tokio::time::sleep(Duration::from_secs(90)).await;
    runtime.shut_down(Duration::ZERO).await;
    assert_eq!(done(), ["book 1", "book 2", "unbook 2"]);
    assert_eq!(process(&journal, &counts).run(slowly().id("r")).await.unwrap(), "done");
    assert_eq!(done(), ["unbook 1", "pay 3"]);
}

#[workflow]
async fn undoes_and_fails() -> Result<String> {
    pay(1).await?;
    flow::undo().await?;
    ship(1).await?;
    Ok(String::new())
}

#[tokio::test(start_paused = true)]
async fn a_run_that_fails_after_it_goes_on_from_there() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    runtime.run(undoes_and_fails().id("r")).await.unwrap_err();
    assert_eq!(done(), ["pay 1", "refund 1", "ship 1"]);
    settle().await;
    runtime.resume(&RunId::named("r")).await.and_then(Ending::result).unwrap_err();
    assert_eq!(done(), ["ship 1"]);
}
