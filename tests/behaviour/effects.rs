//! External effects: what is known of an effect that was interrupted, and what a failed run undoes.

use flow::ErrorKind;
use flow::graphs::{Effect, Meta};
use flow::journal::Memory;
use flow::prelude::*;

use crate::support::rest;

#[step(effect = irreversible, timeout = "1s")]
async fn pay(cents: u32) -> Result<u32> {
    rest(cents.into()).await;
    Ok(cents)
}

#[workflow]
async fn paying(cents: u32) -> Result<u32> {
    pay(cents).await
}

#[flow::tokio::test(start_paused = true)]
async fn nobody_knows_what_came_of_an_effect_that_was_ended_in_its_middle() {
    for runtime in [Runtime::builder().build().unwrap(), Runtime::test().build().unwrap().0] {
        assert_eq!(runtime.run(paying(20)).await.unwrap(), 20);
        let error = runtime.run(paying(5_000)).await.unwrap_err();
        assert_eq!((error.kind(), error.is_retryable()), (&ErrorKind::UnknownOutcome, false));
        assert_eq!(
            error.in_run().to_string(),
            "step `pay`: no answer within 1s, and its irreversible effect may or may not have happened: check before you run it again; \
             with a journal, the run waits until a person says whether it happened"
        );
    }
}

#[flow::tokio::test(start_paused = true)]
async fn a_run_with_a_journal_waits_for_the_person_who_decides_and_a_step_on_its_own_says_where_it_would() {
    let runtime = Runtime::builder().journal(Memory::new()).build().unwrap();
    let handle = runtime.start(paying(5_000).id("r")).await.unwrap();
    let alone = runtime.step(pay(5_000)).await.unwrap_err();
    assert_eq!(alone.kind(), &ErrorKind::UnknownOutcome);
    assert!(
        alone.message().ends_with("; in a workflow, the run would wait until a person says whether it happened"),
        "{alone}"
    );
    let waits = async {
        while runtime.waits().await.unwrap().is_empty() {
            flow::tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        }
    };
    waits.await;
    let recorded = format!("{:?}", runtime.records(handle.id()).await.unwrap());
    assert!(
        recorded.contains("check before you run it again\""),
        "the person is asked, and needs no journal: {recorded}"
    );
    runtime.answer(handle.id(), "pay").happened(flow::serde_json::json!(5_000)).await.unwrap();
    assert_eq!(handle.result().await.unwrap(), 5_000);
}

#[workflow(timeout = "500ms")]
async fn paying_in_a_hurry(cents: u32) -> Result<u32> {
    pay(cents).await
}

#[flow::tokio::test(start_paused = true)]
async fn a_cancelled_effect_is_told_of() {
    let (runtime, happened) = Runtime::test().build().unwrap();
    runtime.run(paying_in_a_hurry(900)).await.unwrap_err();
    let line = "did step pay: the step was cancelled, and its irreversible effect may or may not have happened";
    assert!(happened.lines().iter().any(|happened| happened == line), "{:?}", happened.lines());
}

#[contract]
#[derive(Debug, Clone, PartialEq)]
struct Booking {
    what: String,
    nights: f64,
}

#[step(effect = idempotent, compensate = cancel)]
async fn book(what: &str, nights: f64) -> Result<Booking> {
    Ok(Booking { what: what.to_owned(), nights })
}

#[step(effect = idempotent)]
async fn cancel(booking: &Booking) -> Result<()> {
    match booking.what.as_str() {
        "a flight" => flow::bail!("flights are not taken back"),
        "a boat" => panic!("the boat has left"),
        _ => Ok(()),
    }
}

#[step(effect = idempotent, compensate = release)]
async fn hold(room: u32) -> Result<String> {
    Ok(format!("room {room}"))
}

#[step(effect = idempotent)]
async fn release(room: String) -> Result<usize> {
    Ok(room.len())
}

#[step]
async fn confirm(good: bool) -> Result<bool> {
    if good { Ok(good) } else { flow::bail!("not confirmed") }
}

#[workflow]
async fn part(rooms: Vec<u32>) -> Result<Vec<String>> {
    map(rooms, async |room| hold(room).await).concurrency(1).await
}

#[workflow]
async fn travel(what: String, nights: f64, good: bool) -> Result<bool> {
    book(&what, nights).await?;
    part(vec![7, 8]).await?;
    confirm(good).await
}

/// The error and the events since the failure.
async fn undone(what: &str, nights: f64) -> (flow::Error, Vec<String>) {
    let (runtime, happened) = Runtime::test().build().unwrap();
    let error = runtime.run(travel(what.into(), nights, false)).await.unwrap_err();
    let lines = happened.lines();
    let failed = lines.iter().position(|line| line.starts_with("did step confirm")).unwrap();
    let told = lines[failed + 1..].iter().filter(|line| !line.contains("attempt"));
    (error, told.cloned().collect())
}

#[flow::tokio::test]
async fn a_failed_run_undoes_what_it_has_done_the_last_first() {
    let (error, told) = undone("a hotel", 2.0).await;
    assert_eq!(
        told,
        [
            "will compensate part/map[1]/hold by release",
            "will step part/map[1]/hold/release",
            "did step part/map[1]/hold/release",
            "will compensate part/map[0]/hold by release",
            "will step part/map[0]/hold/release",
            "did step part/map[0]/hold/release",
            "will compensate book by cancel",
            "will step book/cancel",
            "did step book/cancel",
            "did run: step `confirm`: not confirmed",
        ]
    );
    assert_eq!((error.in_run().to_string().as_str(), error.not_undone().count()), ("step `confirm`: not confirmed", 0));
}

#[flow::tokio::test]
async fn what_cannot_be_undone_is_in_the_error_and_stops_nothing() {
    let all = [
        ("a flight", 2.0, "step `cancel` at `book/cancel`: flights are not taken back"),
        ("a boat", 2.0, "step `cancel` at `book/cancel`: panicked: the boat has left"),
    ];
    for (what, nights, why) in all {
        let (error, told) = undone(what, nights).await;
        assert_eq!(
            error.in_run().to_string(),
            format!("step `confirm`: not confirmed\n  `book` could not be undone: {why}")
        );
        assert_eq!(told.iter().filter(|line| line.starts_with("did step part/map")).count(), 2);
        let not_undone: Vec<_> =
            error.not_undone().map(|(step, error)| (step, error.at().unwrap().place.as_str())).collect();
        assert_eq!(not_undone, [("book", "book/cancel")]);
        assert_eq!(
            (&error.to_json()["kind"], &error.to_json()["not_undone"][0]["of"]),
            (&"terminal".into(), &"book".into())
        );
    }
}

/// JSON has no number for this output, so it cannot be kept.
#[flow::tokio::test]
async fn an_output_that_cannot_be_kept_is_not_undone() {
    let error = Runtime::builder().build().unwrap().run(travel("a hotel".into(), f64::NAN, false)).await.unwrap_err();
    assert!(error.to_string().contains("`book` could not be undone"), "{error}");
}

#[flow::tokio::test]
async fn nothing_is_undone_where_nothing_failed() {
    let (runtime, happened) = Runtime::test().build().unwrap();
    assert!(runtime.run(travel("a hotel".into(), 2.0, true)).await.unwrap());
    assert!(!happened.lines().iter().any(|line| line.contains("compensate")));
}

#[workflow]
async fn forgiving(good: bool) -> Result<usize> {
    let held = match part(vec![3]).await {
        Ok(held) => held,
        Err(_) => return Ok(0),
    };
    match confirm(good).await {
        Ok(_) | Err(_) => Ok(held.len()),
    }
}

#[flow::tokio::test]
async fn a_failure_that_the_workflow_has_met_undoes_nothing() {
    let (runtime, happened) = Runtime::test().build().unwrap();
    assert_eq!(runtime.run(forgiving(false)).await.unwrap(), 1);
    assert!(!happened.lines().iter().any(|line| line.contains("compensate")));
}

#[test]
fn effects_are_in_the_graph() {
    let step = |meta: &'static Meta, at: usize| meta.calls()[at];
    assert_eq!(step(flow::meta(&paying), 0).policy.effect, Effect::Irreversible);
    let book = step(flow::meta(&travel), 0);
    assert_eq!((book.policy.effect, book.policy.compensate.unwrap().get().name), (Effect::Idempotent, "cancel"));
    assert!(flow::graph(&travel).to_mermaid().contains("book<br/>idempotent<br/>undone by cancel"));
    assert!(flow::graph(&paying).to_mermaid().contains("pay<br/>irreversible"));
    let json = book.to_json();
    let (policy, undo) = (&json["policy"], flow::serde_json::json!({ "step": "cancel", "id": "cancel" }));
    assert_eq!(
        (&policy["effect"], &policy["unreviewed"], &policy["compensate"]),
        (&"idempotent".into(), &false.into(), &undo)
    );
}
