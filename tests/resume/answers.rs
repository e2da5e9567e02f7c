//! Answers from people and outside systems: in the same process or another one, now or a week later.

use std::time::Duration;

use flow::journal::{Memory, Query};
use flow::prelude::*;
use flow::run::{Record, RunId, Status};
use flow::serde_json::json;
use flow::{ErrorKind, Signalled};

use super::support::{Counts, process, settle};

#[step]
async fn draft(n: u32, #[state] counts: &Counts) -> Result<String> {
    counts.count(format!("draft {n}"));
    Ok(format!("draft {n}"))
}

/// Is this fit to be sent?
#[step(human, timeout = "7d", prompt = "Read this:\n\n{{ text }}")]
async fn approve(text: &str) -> Result<Review<String>>;

#[step(signal, timeout = "30d")]
async fn paid(order: u32) -> Result<u32>;

#[step(effect = irreversible)]
async fn send(text: &str, #[state] counts: &Counts) -> Result<usize> {
    counts.count("send");
    Ok(text.len())
}

#[workflow]
async fn offer(n: u32, #[state] counts: &Counts) -> Result<usize> {
    let text = draft(n, counts).await?;
    let text = match approve(&text).await? {
        Review::Accept(text) | Review::Edit(text) => text,
        Review::Reject { reason } => flow::bail!("rejected: {reason}"),
    };
    send(&text, counts).await
}

#[tokio::test(start_paused = true)]
async fn a_person_answers_in_another_process_a_day_later() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let id = RunId::named("r");
    let runtime = process(&journal, &counts);
    let handle = runtime.start(offer(3).id("r")).await.unwrap();
    settle().await;
    runtime.shut_down(Duration::ZERO).await;
    assert!(handle.result().await.is_err());
    drop(runtime);
    tokio::time::sleep(Duration::from_secs(86_400)).await;

    let runtime = process(&journal, &counts);
    let waiting = runtime.runs(&Query::all().status([Status::Waiting])).await.unwrap();
    assert_eq!(waiting.len(), 1);
    let wait = &waiting[0].waits[0];
    assert_eq!((wait.place.as_str(), wait.step.as_str()), ("approve", "approve"));
    assert_eq!(wait.prompt.as_ref().unwrap().messages[0].content, "Read this:\n\ndraft 3");

    // An answer that breaks the contract is rejected, and the step keeps waiting.
    let known = Runtime::test().journal(journal.clone()).state(counts.clone()).build().unwrap().0;
    let unknown = known.answer(&id, "approve").accept().await.unwrap_err();
    assert!(unknown.message().contains("which this program does not have"), "{unknown}");
    let result = runtime.start(offer(3).id("r")).await.unwrap();
    settle().await;
    let broken = runtime.answer(&id, "approve").edit(json!(7)).await.unwrap_err();
    assert!(
        matches!(broken.kind(), ErrorKind::ContractViolated { violations, .. } if violations[0].pointer == "/value")
    );
    let elsewhere = runtime.answer(&id, "approve.2").accept().await.unwrap_err();
    assert_eq!(
        elsewhere.message(),
        "no step is waiting at `approve.2` in run `r`, or it was already answered; waiting steps: `approve`"
    );

    runtime.answer(&id, "approve").by("ann").edit(json!("better")).await.unwrap();
    assert_eq!(result.result().await.unwrap(), 6);
    assert_eq!(counts.all(), [("draft 3".into(), 1), ("send".into(), 1)]);
    let late = runtime.answer(&id, "approve").accept().await.unwrap_err();
    assert_eq!(late.message(), "run `r` has ended; none of its steps is waiting");
}

#[tokio::test(start_paused = true)]
async fn a_run_whose_handle_is_gone_leaves_memory_and_is_woken_by_its_answer() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    let handle = runtime.start(offer(1).id("r")).await.unwrap();
    drop(handle);
    settle().await;
    runtime.answer(&RunId::named("r"), "approve").accept().await.unwrap();
    settle().await;
    assert_eq!(counts.of("send"), 1);
    let ended = runtime.runs(&Query::all().status([Status::Finished])).await.unwrap();
    assert_eq!(ended.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn silence_ends_a_wait_after_its_time_in_any_process() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    drop(runtime.start(offer(1).id("r")).await.unwrap());
    settle().await;
    tokio::time::sleep(Duration::from_secs(3 * 86_400)).await;
    assert_eq!(runtime.runs(&Query::all()).await.unwrap()[0].status, Status::Waiting);
    tokio::time::sleep(Duration::from_secs(4 * 86_400 + 60)).await;
    settle().await;
    let summary = runtime.runs(&Query::all()).await.unwrap().remove(0);
    assert_eq!(summary.status, Status::Failed);
    assert_eq!(summary.error.unwrap(), "step `approve`: no answer within 604800s");
}

#[workflow]
async fn order(number: u32) -> Result<u32> {
    paid(number).await
}

#[tokio::test(start_paused = true)]
async fn a_signal_finds_the_run_by_its_key() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    let mine = runtime.start(order(7)).await.unwrap();
    let other = runtime.start(order(8)).await.unwrap();
    settle().await;
    assert!(matches!(runtime.signal(paid, 7, &700).await.unwrap(), Signalled::Given(to) if to.len() == 1));
    assert_eq!(mine.result().await.unwrap(), 700);
    assert!(matches!(runtime.signal(paid, 9, &1).await.unwrap(), Signalled::Kept(_)));
    assert_eq!(runtime.runs(&Query::all().status([Status::Waiting])).await.unwrap().len(), 1);
    other.cancel().await.unwrap();
    assert_eq!(runtime.runs(&Query::all().status([Status::Cancelled])).await.unwrap().len(), 1);
}

#[step(human, timeout = "7d", prompt = "{{ text }}")]
async fn proofread(text: &str) -> Result<Review<String>>;

#[workflow]
async fn proofreading(text: String) -> Result<Review<String>> {
    proofread(&text).await
}

#[tokio::test(start_paused = true)]
async fn a_person_whose_prompt_is_empty_is_shown_the_input() {
    for text in ["", " \n", "\u{feff}\u{200b}"] {
        let runtime = process(&Memory::new(), &Counts::default());
        let _handle = runtime.start(proofreading(text.into()).id("r")).await.unwrap();
        settle().await;
        let wait = runtime.runs(&Query::all()).await.unwrap().remove(0).waits.remove(0);
        assert_eq!((wait.prompt, wait.key), (None, json!(text)));
    }
}

/// What the reviewed step was given, which has more than its review reads.
#[contract]
#[derive(Debug, Clone)]
struct Wide {
    title: String,
    author: Option<String>,
}

#[contract]
#[derive(Debug, Clone)]
struct Narrow {
    title: String,
    subtitle: Option<String>,
}

#[step(human, timeout = "7d")]
async fn choose(wide: &Wide) -> Result<Review<Narrow>>;

#[workflow]
async fn shelve(title: String) -> Result<String> {
    let wide = Wide { title, author: Some("ann".to_owned()) };
    match choose(&wide).await? {
        Review::Accept(narrow) | Review::Edit(narrow) => Ok(narrow.title),
        Review::Reject { reason } => Ok(reason),
    }
}

#[tokio::test(start_paused = true)]
async fn a_field_that_the_contract_of_an_answer_does_not_read_is_refused_and_the_wait_goes_on() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    let id = RunId::named("r");
    let handle = runtime.start(shelve("a".to_owned()).id("r")).await.unwrap();
    settle().await;
    let edited = runtime.answer(&id, "choose").edit(json!({ "title": "b", "subtilte": "c" })).await.unwrap_err();
    let whole = json!({ "decision": "edit", "value": { "title": "b", "subtilte": "c" } });
    let whole = runtime.answer(&id, "choose").with(whole).await.unwrap_err();
    let extra = json!({ "decision": "accept", "value": { "title": "b" }, "why": "c" });
    let extra = runtime.answer(&id, "choose").with(extra).await.unwrap_err();
    for (error, pointer) in [(edited, "/value/subtilte"), (whole, "/value/subtilte"), (extra, "/why")] {
        let ErrorKind::ContractViolated { violations, .. } = error.kind() else { panic!("{error}") };
        assert_eq!(violations.iter().map(|violation| violation.pointer.as_str()).collect::<Vec<_>>(), [pointer]);
    }
    // Accepting passes the original value on, so unknown fields in it are no typing errors.
    runtime.answer(&id, "choose").accept().await.unwrap();
    assert_eq!(handle.result().await.unwrap(), "a");
}

#[tokio::test(start_paused = true)]
async fn an_integer_in_an_answer_is_written_as_json_schema_allows_and_recorded_as_one() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    let id = RunId::named("r");
    let handle = runtime.start(pay(7).id("r")).await.unwrap();
    settle().await;
    let broken = runtime.answer(&id, "paid").with(json!(7.5)).await.unwrap_err();
    assert!(matches!(broken.kind(), ErrorKind::ContractViolated { .. }), "{broken}");
    runtime.answer(&id, "paid").with(json!(7.0)).await.unwrap();
    assert_eq!(handle.result().await.unwrap(), 7);
    let records = runtime.records(&id).await.unwrap();
    let answers: Vec<_> = records
        .iter()
        .filter_map(|record| match record {
            Record::Answered { answer, .. } => Some(answer.to_string()),
            _ => None,
        })
        .collect();
    assert_eq!(answers, ["7"]);
}

#[workflow]
async fn pay(order: u32) -> Result<u32> {
    paid(order).await
}
