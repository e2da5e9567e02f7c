//! A run that waits for a person is answered on its own terminal. A run that waits for nothing needs no journal.
#![cfg(feature = "cli")]

#[allow(dead_code, reason = "shared with the other tests of programs")]
mod apps;

use apps::file;
use flow::App;
use flow::app::{Invocation, Ran};
use flow::prelude::*;
use flow::serde_json::{Value, from_str, json};

#[step]
async fn draft(topic: &str) -> Result<String> {
    Ok(format!("About {topic}."))
}

/// Is it fit to be sent?
#[step(human, timeout = "7d", prompt = "Read this:\n\n{{ text }}")]
async fn approve(text: &str) -> Result<Review<String>>;

/// A letter; a person reads those about money.
#[workflow]
async fn letter(topic: String) -> Result<String> {
    let text = draft(&topic).await?;
    if topic != "money" {
        return Ok(text);
    }
    match approve(&text).await? {
        Review::Accept(text) | Review::Edit(text) => Ok(text),
        Review::Reject { reason } => flow::bail!("rejected: {reason}"),
    }
}

#[contract]
#[derive(Debug, Clone)]
struct Form {
    stars: u8,
}

#[step(human, timeout = "1d")]
async fn rate(topic: &str) -> Result<Form>;

#[step(signal, timeout = "1d")]
async fn paid(topic: &str) -> Result<u32>;

/// Waits for two at once.
#[workflow]
async fn both(topic: String) -> Result<u32> {
    let (form, paid) = try_join!(rate(&topic), paid(&topic))?;
    Ok(u32::from(form.stars) + paid)
}

#[gate]
fn five(form: &Form) -> Verdict {
    Verdict::ensure(form.stars <= 5, "there are five stars")
}

/// A gate that is a step, so that only the run can evaluate it.
#[step]
async fn odd(form: &Form) -> Result<Verdict> {
    Ok(Verdict::ensure(form.stars % 2 == 1, "an odd number, please"))
}

#[step(human, timeout = "1d", gate = five, gate = odd)]
async fn star(topic: &str) -> Result<Form>;

/// Rates something.
#[workflow]
async fn rating(topic: String) -> Result<u8> {
    Ok(star(&topic).await?.stars)
}

async fn ran(invocation: impl Into<Invocation>) -> Ran {
    App::new().workflow(letter).workflow(both).workflow(rating).workflow(quick).workflow(late).try_run(invocation).await
}

/// Runs a workflow with lines typed by a person.
async fn typed(workflow: &str, more: &[&str], lines: &str) -> Ran {
    let arguments = [&["run", workflow, "--set", "topic=money"], more].concat();
    ran(Invocation::from(arguments).variable("USER", "ann").typed(lines)).await
}

#[tokio::test]
async fn a_run_that_asks_nobody_needs_no_journal() {
    let ran = ran(["run", "letter", "--set", "topic=pumps"]).await;
    assert_eq!((ran.status, ran.stdout.as_str()), (0, "\"About pumps.\"\n"), "{}", ran.stderr);
    assert!(!ran.stderr.contains("journal"), "{}", ran.stderr);
}

/// Silence is consent.
#[step(human, timeout = "50ms", on_timeout = accept, prompt = "Look at this:\n\n{{ text }}")]
async fn glance(text: &str) -> Result<Review<String>>;

/// A letter that a person may stop.
#[workflow]
async fn quick(topic: String) -> Result<String> {
    let text = draft(&topic).await?;
    if topic == "pumps" {
        return Ok(text);
    }
    match glance(&text).await? {
        Review::Accept(text) | Review::Edit(text) => Ok(text),
        Review::Reject { reason } => flow::bail!("rejected: {reason}"),
    }
}

#[step(signal, timeout = "50ms")]
async fn posted(topic: &str) -> Result<u32>;

/// Two concurrent waits that end only by timing out.
#[workflow]
async fn late(topic: String) -> Result<u32> {
    let (one, two) = try_join!(posted(&topic), posted(&topic))?;
    Ok(one + two)
}

#[tokio::test]
async fn without_a_terminal_or_a_journal_the_wait_is_held_in_memory_and_says_how_it_could_be_answered() {
    for more in [&[][..], &["--quiet"]] {
        let ran = ran([&["run", "quick", "--set", "topic=money", "--id", "q1"], more].concat()).await;
        assert_eq!((ran.status, ran.stdout.as_str()), (0, "\"About money.\"\n"), "{}", ran.stderr);
        let told: Vec<_> = ran.stderr.lines().skip_while(|line| !line.starts_with("waits")).take(5).collect();
        assert!(told[0].starts_with("waits   glance  for a person until 2"), "{}", ran.stderr);
        assert_eq!(told[1..4], ["  | Look at this:", "  |", "  | About money."]);
        let how = "  run q1 is held in memory and ends with this process; to answer it, run the same command on a \
                   terminal, use `review` with --journal FILE, or use HTTP with `serve`";
        assert_eq!(told[4], how);
    }
    let ran = ran(["run", "late", "--set", "topic=money"]).await;
    assert!(ran.status == 1 && ran.stderr.contains("no answer within 50ms"), "{}", ran.stderr);
    assert_eq!(ran.stderr.matches("waits   posted").count(), 2, "each is told once: {}", ran.stderr);
}

#[tokio::test]
async fn a_line_that_waits_in_memory_holds_up_no_other() {
    // With a concurrency of 1, the second line can end only if the waiting first line gives up its slot.
    let lines = "{\"topic\": \"money\"}\n{\"topic\": \"pumps\"}\n";
    let each = Invocation::from(["run", "quick", "--each", "--concurrency", "1", "--input", "-"]).stdin(lines);
    let each = ran(each).await;
    let results: Vec<Value> = each.stdout.lines().map(|line| from_str(line).unwrap()).collect();
    let ended: Vec<_> = results.iter().map(|result| (&result["line"], &result["output"])).collect();
    let pumps = (&json!(2), &json!("About pumps."));
    assert_eq!((each.status, ended), (0, vec![pumps, (&json!(1), &json!("About money."))]), "{}", each.stderr);
    let told = "\n  held in memory until the wait times out; to answer it with `review`, pass --journal FILE\n";
    assert!(each.stderr.starts_with("waits   line 1: glance  for a person until 2"), "{}", each.stderr);
    assert_eq!(each.stderr.matches(told).count(), 1, "{}", each.stderr);
    assert!(each.stderr.ends_with("2 lines done, 0 failed\n"), "{}", each.stderr);
}

#[tokio::test]
async fn a_review_is_answered_on_the_terminal() {
    let accepted = typed("letter", &[], "accept\n").await;
    assert_eq!((accepted.status, accepted.stdout.as_str()), (0, "\"About money.\"\n"), "{}", accepted.stderr);
    let asked = "\n  | Read this:\n  |\n  | About money.\n  answer with `accept`, `edit JSON` or `reject REASON`, then press Enter\n";
    assert!(accepted.stderr.contains(asked), "{}", accepted.stderr);
    assert!(accepted.stderr.contains("answered  approve\n"), "{}", accepted.stderr);

    let edited = typed("letter", &[], "yes\nedit 3\nedit \"Better.\"\n").await;
    assert_eq!((edited.status, edited.stdout.as_str()), (0, "\"Better.\"\n"), "{}", edited.stderr);
    assert_eq!(edited.stderr.matches(asked).count(), 3, "it is asked again: {}", edited.stderr);
    assert!(edited.stderr.contains("unrecognized answer") && edited.stderr.contains("`/value`"), "{}", edited.stderr);

    let rejected = typed("letter", &["--quiet"], "reject too dull\n").await;
    assert!(rejected.status == 1 && rejected.stderr.contains("rejected: too dull"), "{}", rejected.stderr);
}

#[tokio::test]
async fn several_questions_are_asked_one_after_the_other() {
    // Either step rejects the answer that fits the other, so the order of the questions does not matter.
    let ran = typed("both", &[], "{\"stars\": 300}\n7\n{\"stars\": 5}\n7\n").await;
    assert_eq!((ran.status, ran.stdout.as_str()), (0, "12\n"), "{}", ran.stderr);
    let order: Vec<_> = ran.stderr.lines().filter(|line| line.starts_with("answered")).collect();
    assert_eq!(order.len(), 2, "{}", ran.stderr);
}

#[tokio::test]
async fn what_a_gate_rejects_is_asked_again_with_the_reasons() {
    let ran = typed("rating", &[], "{\"stars\": 6}\n{\"stars\": 9}\n{\"stars\": 4}\n{\"stars\": 5}\n").await;
    assert_eq!((ran.status, ran.stdout.as_str()), (0, "5\n"), "{}", ran.stderr);
    let refused = "the answer was rejected by the gates of step `star`\n  - there are five stars\nwaits   star";
    assert_eq!(ran.stderr.matches(refused).count(), 2, "{}", ran.stderr);
    let refused = "the answer was rejected by the gates of step `star`\n  - an odd number, please\nwaits   star";
    assert_eq!(ran.stderr.matches(refused).count(), 1, "by the run itself: {}", ran.stderr);
    assert_eq!(ran.stderr.matches("answered  star").count(), 1, "{}", ran.stderr);
}

#[tokio::test]
async fn at_the_end_of_the_input_a_run_that_nothing_keeps_ends() {
    let ran = typed("letter", &[], "").await;
    assert_eq!((ran.status, ran.stdout.as_str()), (1, ""), "{}", ran.stderr);
    assert!(ran.stderr.contains("the input ended before the answer; with --journal FILE"), "{}", ran.stderr);
}

#[tokio::test]
async fn with_a_journal_the_answer_is_recorded_with_who_gave_it() {
    let journal = file("typed.db", "");
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{journal}{suffix}"));
    }
    let answered = typed("letter", &["--journal", &journal, "--id", "a"], "accept\n").await;
    assert_eq!((answered.status, answered.stdout.as_str()), (0, "\"About money.\"\n"), "{}", answered.stderr);
    let shown = ran(["runs", "show", "a", "--json", "--journal", &journal]).await;
    let shown: Value = from_str(&shown.stdout).unwrap();
    assert_eq!((&shown["steps"][1]["answered_by"], &shown["output"]), (&json!("ann"), &json!("About money.")));
    let detached = typed("letter", &["--journal", &journal, "--id", "b", "--detach"], "accept\n").await;
    assert!(detached.status == 3 && detached.stderr.contains("review accept b approve"), "{}", detached.stderr);
}
