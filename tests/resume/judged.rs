//! Gates judge answers of people and outside systems on arrival: rejected ones are refused, and the step keeps waiting.

use std::borrow::Cow;
use std::path::PathBuf;
use std::time::Duration;

use flow::journal::{Memory, Query, Sqlite, Store};
use flow::prelude::*;
use flow::run::{Record, RunId, Status, Wait};
use flow::serde_json::json;
use flow::{Error, ErrorKind};

use super::support::{Counts, lines, process, settle};

#[gate]
fn short(review: &Review<String>, most: &usize) -> Verdict {
    match review {
        Review::Accept(text) | Review::Edit(text) => {
            Verdict::ensure(text.len() <= *most, format!("longer than {most}"))
                .and(Verdict::ensure(!text.contains("damn"), "not polite"))
        }
        Review::Reject { reason } => Verdict::ensure(!reason.is_empty(), "no reason"),
    }
}

#[gate]
fn about(review: &Review<String>, topic: &str, words: &[String], tone: &Option<&str>) -> Verdict {
    let Review::Edit(text) = review else { return Verdict::accept() };
    Verdict::ensure(text.contains(topic), format!("not about {topic}"))
        .and(Verdict::ensure(words.iter().all(|word| text.contains(word)), "a word is missing"))
        .and(Verdict::ensure(tone.is_none_or(|tone| text.contains(tone)), "another tone"))
}

/// Is it fit to be sent?
#[step(human, timeout = "7d", gate = short(most), gate = about(topic, words, tone))]
async fn approve(text: &str, most: usize, topic: &str, words: &[String], tone: Option<&str>) -> Result<Review<String>>;

#[workflow]
async fn letter(text: String, tone: Option<String>) -> Result<String> {
    let words = vec!["all".to_owned()];
    match approve(&text, 20, "pumps", &words, tone.as_deref()).await? {
        Review::Accept(text) | Review::Edit(text) => Ok(text),
        Review::Reject { reason } => Ok(format!("rejected: {reason}")),
    }
}

fn reasons(error: &Error) -> Vec<&str> {
    let ErrorKind::Rejected { reasons, .. } = error.kind() else { panic!("{error:?}") };
    reasons.iter().map(String::as_str).collect()
}

async fn waits(runtime: &Runtime) -> Vec<Wait> {
    let waiting = runtime.runs(&Query::all().status([Status::Waiting])).await.unwrap();
    waiting.into_iter().flat_map(|run| run.waits).collect()
}

#[tokio::test(start_paused = true)]
async fn what_a_function_rejects_is_refused_before_the_run_has_it() {
    let (journal, counts, id) = (Memory::new(), Counts::default(), RunId::named("r"));
    let runtime = process(&journal, &counts);
    let input = || letter("all about pumps".into(), Some("kind".into())).id("r");
    let handle = runtime.start(input()).await.unwrap();
    settle().await;
    let answer = || runtime.answer(&id, "approve");
    let wrong = answer().edit(json!("damn, a long text about nothing")).await.unwrap_err();
    assert_eq!(
        reasons(&wrong),
        ["longer than 20", "not polite", "not about pumps", "a word is missing", "another tone"],
        "all of the gates, with the step's arguments"
    );
    assert_eq!(wrong.message(), "the answer was rejected by the gates of step `approve`");
    assert_eq!(reasons(&answer().reject("").await.unwrap_err()), ["no reason"]);
    assert!(matches!(answer().edit(json!(7)).await.unwrap_err().kind(), ErrorKind::ContractViolated { .. }));
    assert_eq!(waits(&runtime).await.len(), 1, "it still waits");
    assert!(!lines(&runtime.records(&id).await.unwrap()).contains(&"answered approve".to_owned()));
    answer().by("ann").edit(json!("all kind pumps")).await.unwrap();
    assert_eq!(handle.result().await.unwrap(), "all kind pumps");
}

#[tokio::test(start_paused = true)]
async fn another_process_refuses_it_too_a_day_later() {
    let (journal, counts, id) = (Memory::new(), Counts::default(), RunId::named("r"));
    let runtime = process(&journal, &counts);
    drop(runtime.start(letter("all about very long pumps".into(), None).id("r")).await.unwrap());
    settle().await;
    runtime.shut_down(Duration::ZERO).await;
    drop(runtime);
    tokio::time::sleep(Duration::from_secs(86_400)).await;
    let runtime = Runtime::test().journal(journal).state(counts).build().unwrap().0;
    let resumed = runtime.start(letter("all about very long pumps".into(), None).id("r")).await.unwrap();
    settle().await;
    assert_eq!(reasons(&runtime.answer(&id, "approve").accept().await.unwrap_err()), ["longer than 20"]);
    runtime.answer(&id, "approve").reject("too long").await.unwrap();
    assert_eq!(resumed.result().await.unwrap(), "rejected: too long");
}

#[gate]
fn enough(paid: &u32, order: &u32) -> Verdict {
    Verdict::ensure(*paid >= order * 100, format!("{paid} is too little"))
}

#[step(signal, timeout = "30d", gate = enough(order))]
async fn paid(order: u32) -> Result<u32>;

#[workflow]
async fn ordering(order: u32) -> Result<u32> {
    paid(order).await
}

#[tokio::test(start_paused = true)]
async fn an_outside_system_is_refused_too() {
    let (journal, counts, id) = (Memory::new(), Counts::default(), RunId::named("r"));
    let runtime = process(&journal, &counts);
    let handle = runtime.start(ordering(7).id("r")).await.unwrap();
    settle().await;
    assert_eq!(reasons(&runtime.answer(&id, "paid").with(json!(699)).await.unwrap_err()), ["699 is too little"]);
    runtime.answer(&id, "paid").with(json!(700)).await.unwrap();
    assert_eq!(handle.result().await.unwrap(), 700);
}

const FAST: Model = Model::new("openai/some-model");

#[step(model = FAST, prompt = "Is this fair? {{ text }}")]
async fn fair(text: &str) -> Result<Verdict>;

#[step]
async fn known(text: &str) -> Result<Verdict> {
    Ok(Verdict::ensure(text != "unknown", "nobody knows it"))
}

#[gate]
fn counted(text: &str, counts: &Counts) -> Verdict {
    counts.count(format!("judged {text}"));
    Verdict::ensure(text != "odd", "odd")
}

#[step(human, timeout = "7d", gate = known, gate = fair, gate = counted(counts))]
async fn rewrite(text: &str, #[state] counts: &Counts) -> Result<String>;

#[workflow]
async fn rewriting(text: String, #[state] counts: &Counts) -> Result<String> {
    rewrite(&text, counts).await
}

fn judging(journal: &Memory, counts: &Counts) -> Runtime {
    let fair = |text: String| Ok(Verdict::ensure(text != "unfair", "unfair to dogs"));
    Runtime::test().with(self::fair, fair).journal(journal.clone()).state(counts.clone()).build().unwrap().0
}

#[tokio::test(start_paused = true)]
async fn what_only_the_run_can_ask_is_refused_by_the_run() {
    let (journal, counts, id) = (Memory::new(), Counts::default(), RunId::named("r"));
    let runtime = judging(&journal, &counts);
    let handle = runtime.start(rewriting("x".into()).id("r")).await.unwrap();
    settle().await;
    for (text, reason) in [("unfair", "unfair to dogs"), ("unknown", "nobody knows it"), ("odd", "odd")] {
        let error = runtime.answer(&id, "rewrite").with(json!(text)).await.unwrap_err();
        assert_eq!(reasons(&error), [reason]);
        let wait = waits(&runtime).await.remove(0);
        assert_eq!(wait.rejected.unwrap().reasons, [reason], "the wait shows the reasons");
    }
    assert_eq!(waits(&runtime).await[0].rejected.as_ref().unwrap().times, 3);
    runtime.answer(&id, "rewrite").with(json!("fine")).await.unwrap();
    assert_eq!(handle.result().await.unwrap(), "fine");
    assert_eq!(
        (counts.of("judged odd"), counts.of("judged fine"), counts.of("judged unfair")),
        (1, 1, 1),
        "functions judge though a step has rejected, each answer once"
    );
}

#[tokio::test(start_paused = true)]
async fn a_run_that_nobody_polls_is_not_waited_for() {
    use std::task::Poll;
    let (journal, counts, id) = (Memory::new(), Counts::default(), RunId::named("r"));
    let runtime = judging(&journal, &counts);
    let mut run = Box::pin(runtime.run(rewriting("x".into()).id("r")));
    let mut poll = async || {
        for _ in 0..50 {
            let is_pending = std::future::poll_fn(|task| Poll::Ready(run.as_mut().poll(task).is_pending())).await;
            assert!(is_pending, "it waits");
            tokio::task::yield_now().await;
        }
    };
    poll().await;
    let taken = runtime.answer(&id, "rewrite").say(flow::Said::Whole(json!("unfair"))).await.unwrap();
    assert_eq!(taken.judged_later, ["known", "fair", "counted"]);
    poll().await;
    assert_eq!(waits(&runtime).await[0].rejected.as_ref().unwrap().reasons, ["unfair to dogs"]);
    runtime.answer(&id, "rewrite").with(json!("fine")).await.unwrap();
    assert_eq!(run.await.unwrap(), "fine");
}

#[tokio::test(start_paused = true)]
async fn a_step_that_waits_is_not_run_alone() {
    let runtime = Runtime::builder().journal(Memory::new()).build().unwrap();
    let error = runtime.step(number()).await.unwrap_err();
    assert!(error.message().ends_with("a step that runs alone is not recorded; await it in a workflow"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn each_rejected_answer_is_recorded_and_a_resumed_run_goes_on_after_the_last() {
    let (journal, counts, id) = (Memory::new(), Counts::default(), RunId::named("r"));
    for text in ["unfair", "unknown", "odd"] {
        // Each answer goes to a new process, after the run has left memory.
        let runtime = judging(&journal, &counts);
        drop(runtime.start(rewriting("x".into()).id("r")).await.unwrap());
        settle().await;
        assert!(runtime.answer(&id, "rewrite").with(json!(text)).await.is_err(), "{text}");
        settle().await;
        runtime.shut_down(Duration::ZERO).await;
    }
    let runtime = judging(&journal, &counts);
    let handle = runtime.start(rewriting("x".into()).id("r")).await.unwrap();
    settle().await;
    runtime.answer(&id, "rewrite").with(json!("fine")).await.unwrap();
    assert_eq!(handle.result().await.unwrap(), "fine");
    let records = runtime.records(&id).await.unwrap();
    let answered = |record: &&Record| matches!(record, Record::Answered { .. });
    assert_eq!(records.iter().filter(answered).count(), 4);
    let judged =
        lines(&records).into_iter().filter(|line| line.starts_with("step_finished rewrite") && line.contains('/'));
    assert_eq!(
        judged.collect::<Vec<_>>(),
        [
            "step_finished rewrite/known",
            "step_finished rewrite/fair",
            "step_finished rewrite[1]/known",
            "step_finished rewrite[2]/known",
            "step_finished rewrite[2]/fair",
            "step_finished rewrite[3]/known",
            "step_finished rewrite[3]/fair",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_crash_after_any_record_comes_to_the_same_end() {
    let (journal, counts, id) = (Memory::new(), Counts::default(), RunId::named("r"));
    let runtime = judging(&journal, &counts);
    let handle = runtime.start(rewriting("x".into()).id("r")).await.unwrap();
    settle().await;
    for text in ["unfair", "odd"] {
        runtime.answer(&id, "rewrite").with(json!(text)).await.unwrap_err();
    }
    runtime.answer(&id, "rewrite").with(json!("fine")).await.unwrap();
    handle.result().await.unwrap();
    let whole = runtime.records(&id).await.unwrap();
    for length in 1..whole.len() {
        let (journal, counts) = (Memory::new(), Counts::default());
        journal.append(&id, &whole[..length]).await.unwrap();
        let runtime = judging(&journal, &counts);
        let handle = runtime.start(rewriting("x".into()).id("r")).await.unwrap();
        settle().await;
        let told = whole[..length].iter().filter(|record| matches!(record, Record::Answered { .. })).count();
        for text in ["unfair", "odd", "fine"].into_iter().skip(told) {
            let outcome = runtime.answer(&id, "rewrite").with(json!(text)).await;
            assert_eq!(outcome.is_ok(), text == "fine", "after {length} records: {outcome:?}");
        }
        assert_eq!(handle.result().await.unwrap(), "fine", "after {length} records");
    }
}

#[tokio::test(start_paused = true)]
async fn the_time_of_the_wait_goes_on_while_answers_are_rejected() {
    let (journal, counts, id) = (Memory::new(), Counts::default(), RunId::named("r"));
    let runtime = judging(&journal, &counts);
    let handle = runtime.start(rewriting("x".into()).id("r")).await.unwrap();
    settle().await;
    tokio::time::sleep(Duration::from_secs(6 * 86_400)).await;
    let until = waits(&runtime).await[0].until;
    runtime.answer(&id, "rewrite").with(json!("unfair")).await.unwrap_err();
    assert_eq!(waits(&runtime).await[0].until, until);
    tokio::time::sleep(Duration::from_secs(86_400)).await;
    let late = handle.result().await.unwrap_err();
    assert!(matches!(late.kind(), ErrorKind::TimedOut { .. }), "{late}");
}

/// Says it shorter.
#[step]
async fn shorten(review: Review<String>, rejection: &Rejection) -> Result<Review<String>> {
    assert!(!rejection.reasons.is_empty());
    Ok(match review {
        Review::Edit(text) => Review::Edit(text.chars().take(5).collect()),
        other => other,
    })
}

#[gate]
fn brief(review: &Review<String>) -> Verdict {
    Verdict::ensure(!matches!(review, Review::Edit(text) if text.len() > 5), "too long")
        .and(Verdict::ensure(!matches!(review, Review::Accept(_)), "read it first"))
}

#[step(human, timeout = "7d", gate = brief, fix = shorten)]
async fn edited(text: &str) -> Result<Review<String>>;

#[workflow]
async fn editing(text: String) -> Result<Review<String>> {
    edited(&text).await
}

#[tokio::test(start_paused = true)]
async fn what_a_fix_mends_is_not_refused() {
    let (journal, counts, id) = (Memory::new(), Counts::default(), RunId::named("r"));
    let runtime = process(&journal, &counts);
    let handle = runtime.start(editing("x".into()).id("r")).await.unwrap();
    settle().await;
    let refused = runtime.answer(&id, "edited").accept().await.unwrap_err();
    assert_eq!(reasons(&refused), ["read it first"], "the fix could not fix it");
    runtime.answer(&id, "edited").edit(json!("far too long")).await.unwrap();
    assert_eq!(handle.result().await.unwrap(), Review::Edit("far t".into()));
    let served = lines(&runtime.records(&id).await.unwrap());
    let mended: Vec<_> = served.iter().filter(|line| line.starts_with("step_finished edited[")).collect();
    assert_eq!(mended, ["step_finished edited[1]/shorten", "step_finished edited[3]/shorten"]);
}

/// Does the other one agree?
#[step(human, timeout = "1d")]
async fn second(text: &str) -> Result<Verdict>;

#[step(human, timeout = "7d", gate = second)]
async fn first(text: &str) -> Result<String>;

#[workflow]
async fn two_pairs_of_eyes(text: String) -> Result<String> {
    first(&text).await
}

#[tokio::test(start_paused = true)]
async fn a_person_may_judge_what_another_has_answered() {
    let (journal, counts, id) = (Memory::new(), Counts::default(), RunId::named("r"));
    let runtime = process(&journal, &counts);
    let handle = runtime.start(two_pairs_of_eyes("x".into()).id("r")).await.unwrap();
    settle().await;
    runtime.answer(&id, "first").with(json!("bad")).await.expect("the second person has not been asked yet");
    settle().await;
    runtime.answer(&id, "first/second").with(json!({ "reasons": ["I disagree"] })).await.unwrap();
    settle().await;
    assert_eq!(waits(&runtime).await[0].rejected.as_ref().unwrap().reasons, ["I disagree"]);
    runtime.answer(&id, "first").with(json!("good")).await.unwrap();
    settle().await;
    runtime.answer(&id, "first[1]/second").with(json!({ "reasons": [] })).await.unwrap();
    assert_eq!(handle.result().await.unwrap(), "good");
}

/// A journal file; `name` must be unique to the test.
fn file(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("judged-{name}"));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder.join("flow.db")
}

#[tokio::test]
async fn a_visitor_asks_functions_and_code_and_leaves_the_rest_to_whoever_executes() {
    let (path, counts, id) = (file("visited"), Counts::default(), RunId::named("r"));
    let fair = |text: String| Ok(Verdict::ensure(text != "unfair", "unfair to dogs"));
    let executing = Runtime::test().with(self::fair, fair).journal(Sqlite::open(&path).unwrap()).state(counts.clone());
    let executing = executing.build().unwrap().0;
    let visitor = Runtime::builder().journal(Sqlite::visit(&path).unwrap()).workflow(rewriting).build().unwrap();
    let handle = executing.start(rewriting("x".into()).id("r")).await.unwrap();
    let rejected = async |times: u32| {
        loop {
            let wait = waits(&visitor).await.pop();
            if let Some(wait) = wait.filter(|wait| wait.rejected.as_ref().map_or(0, |it| it.times) == times) {
                return wait;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    rejected(0).await;
    let refused = visitor.answer(&id, "rewrite").with(json!("unknown")).await.unwrap_err();
    assert_eq!(reasons(&refused), ["nobody knows it"]);
    let taken = visitor.answer(&id, "rewrite").say(flow::Said::Whole(json!("unfair"))).await.unwrap();
    assert_eq!(taken.judged_later, ["fair", "counted"]);
    assert_eq!(rejected(1).await.rejected.unwrap().reasons, ["unfair to dogs"]);
    visitor.answer(&id, "rewrite").with(json!("fine")).await.unwrap();
    assert_eq!(handle.result().await.unwrap(), "fine");
}

#[tokio::test]
async fn a_test_says_what_is_answered_after_a_rejection() {
    let answers = [Review::Edit("damn".to_owned()), Review::Edit("all pumps".to_owned())];
    let again = Runtime::test().answers(approve, answers.clone()).run(letter("x".into(), None)).await;
    assert_eq!(again.unwrap(), "all pumps");
    let only = Runtime::test().answers(approve, answers[..1].to_vec()).run(letter("x".into(), None)).await;
    assert_eq!(reasons(&only.unwrap_err()), ["not polite", "not about pumps", "a word is missing"]);
}

#[gate]
fn broken(_: &u32) -> Verdict {
    panic!("the gate is broken")
}

#[step(human, timeout = "7d", gate = broken)]
async fn number() -> Result<u32>;

#[workflow]
async fn numbering() -> Result<u32> {
    number().await
}

#[tokio::test(start_paused = true)]
async fn a_gate_that_panics_takes_nothing_in() {
    let (journal, counts, id) = (Memory::new(), Counts::default(), RunId::named("r"));
    let runtime = process(&journal, &counts);
    drop(runtime.start(numbering().id("r")).await.unwrap());
    settle().await;
    let error = runtime.answer(&id, "number").with(json!(3)).await.unwrap_err();
    assert_eq!((error.kind(), error.message()), (&ErrorKind::Panicked, "panicked: the gate is broken"));
    assert_eq!(waits(&runtime).await.len(), 1);
}

/// Can be serialised but not read back.
#[derive(Debug, Clone, flow::serde::Serialize, flow::schemars::JsonSchema, flow::Contract)]
#[serde(crate = "flow::serde")]
#[schemars(crate = "flow::schemars")]
struct Written {
    most: u32,
}

#[gate]
#[allow(clippy::ptr_arg, reason = "a gate takes a reference to the argument's own type")]
fn bounded(n: &u32, written: &Written, cow: &Cow<'_, str>, names: &[&str]) -> Verdict {
    Verdict::ensure(*n <= written.most, format!("more than {}", written.most))
        .and(Verdict::ensure(!cow.is_empty() && names.len() == 1, "something is missing"))
}

fn other_than<T: PartialEq>(review: &Review<T>, value: &T) -> Verdict {
    Verdict::ensure(!matches!(review, Review::Edit(edited) if edited == value), "it is the same")
}

#[step(human, timeout = "7d", gate = bounded(written, cow, names))]
async fn number_of<'a>(written: &Written, cow: Cow<'a, str>, names: &'a [&'a str]) -> Result<u32>;

#[step(human, timeout = "7d", gate = other_than(value))]
async fn changed<T: Clone + PartialEq>(value: T) -> Result<Review<T>>;

#[workflow]
async fn of_every_form(most: u32, text: String) -> Result<u32> {
    let written = Written { most };
    let number = number_of(&written, Cow::Borrowed(&text), &["a"]).await?;
    match changed::<u32>(number).await? {
        Review::Accept(number) | Review::Edit(number) => Ok(number),
        Review::Reject { .. } => Ok(0),
    }
}

#[tokio::test(start_paused = true)]
async fn arguments_of_every_form_are_judged_here_or_by_the_run() {
    let (journal, counts, id) = (Memory::new(), Counts::default(), RunId::named("r"));
    let runtime = process(&journal, &counts);
    let handle = runtime.start(of_every_form(3, "x".into()).id("r")).await.unwrap();
    settle().await;
    assert_eq!(reasons(&runtime.answer(&id, "number_of").with(json!(4)).await.unwrap_err()), ["more than 3"]);
    assert_eq!(waits(&runtime).await[0].rejected.as_ref().unwrap().times, 1, "only the run has the argument");
    runtime.answer(&id, "number_of").with(json!(2)).await.unwrap();
    settle().await;
    assert_eq!(reasons(&runtime.answer(&id, "changed").edit(json!(2)).await.unwrap_err()), ["it is the same"]);
    assert!(waits(&runtime).await[0].rejected.is_none(), "it was refused before the run had it");
    runtime.answer(&id, "changed").edit(json!(5)).await.unwrap();
    assert_eq!(handle.result().await.unwrap(), 5);
}
