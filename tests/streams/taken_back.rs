//! What was said of an answer that does not count is taken back, once.

use flow::prelude::*;
use flow::provider::{FailureKind, SchemaSupport};
use flow::{Rejection, Workflow};

use crate::support::{
    Draft, FAST, SMART, Says, Speaker, Then, drafting, letter, only, piece, rest, says, says_to, settle, write,
};

/// Pieces, their ends, and what comes with them.
const SHOWN: [&str; 6] = ["said", "did take back", "did reject", "did attempt", "will fall back", "did step"];

async fn shown<T: Send + 'static>(says: impl IntoIterator<Item = Says>, workflow: impl Workflow<T>) -> Vec<String> {
    let (_handle, mut events) = Speaker::new(says).runtime().watch(workflow).await.unwrap();
    only(&rest(&mut events).await, &SHOWN)
}

const GOOD: &str = r#"{"title": "x", "lines": []}"#;

#[tokio::test]
async fn an_answer_that_breaks_the_contract() {
    let lines = shown([says(&["{\"title\": ", "3}"]), says(&[GOOD])], drafting("Ann".into())).await;
    assert_eq!(
        lines[..3],
        ["said draft #1 at 0: \"{\\\"title\\\": \"", "said draft #1 at 10: \"3}\"", "did attempt draft #1"]
    );
    assert!(lines[3].starts_with("did reject draft by contract: "), "{lines:#?}");
    assert_eq!(lines[4], "did take back draft #1");
    assert!(lines[5].starts_with("said draft #2 at 0: "), "{lines:#?}");
    assert_eq!(lines[6..], ["did attempt draft #2", "did step draft"]);
    let lines = shown([says(&["no json"]), says(&[GOOD])], drafting("Ann".into())).await;
    assert_eq!(only(&lines, &["did take back"]), ["did take back draft #1"]);
}

#[tokio::test]
async fn an_answer_that_a_gate_rejects() {
    let rude = r#"{"title": "damn", "lines": []}"#;
    let lines = shown([says(&[rude]), says(&[rude])], drafting("Ann".into())).await;
    let kinds = only(&lines, &["did take back", "did reject", "did attempt", "did step"]);
    assert!(kinds[6].starts_with("did step draft: "), "{kinds:#?}");
    assert_eq!(
        kinds[..6],
        [
            "did attempt draft #1",
            "did reject draft by polite: be polite",
            "did take back draft #1",
            "did attempt draft #2",
            "did reject draft by polite: be polite",
            "did take back draft #2",
        ]
    );
}

#[step]
async fn tame(mut draft: Draft, rejection: &Rejection) -> Result<Draft> {
    draft.lines = rejection.reasons.clone();
    draft.title.clear();
    Ok(draft)
}

#[gate]
fn tamed(draft: &Draft) -> Verdict {
    Verdict::ensure(draft.title.is_empty(), "too wild")
}

#[step(model = FAST, prompt = "Draft for {{ name }}.", gate = tamed, fix = tame)]
async fn fixed(name: &str) -> Result<Draft>;

#[workflow]
async fn fixing(name: String) -> Result<Draft> {
    fixed(&name).await
}

#[tokio::test]
async fn an_answer_that_a_step_fixes() {
    let lines = shown([says(&[GOOD])], fixing("Ann".into())).await;
    assert_eq!(lines[2..4], ["did reject fixed by tamed: too wild", "did take back fixed #1"]);
    assert_eq!(only(&lines, &["said", "did step"])[1..], ["did step fixed[1]/tame", "did step fixed"]);
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_fails_midway() {
    let broken = says(&["Dear "]).then(Then::Fails(FailureKind::Transport));
    assert_eq!(
        shown([broken, says(&["Hi"])], letter("Ann".into())).await,
        [
            "said write #1 at 0: \"Dear \"",
            "did attempt write #1: model `fake/fast`: the line is broken",
            "did take back write #1",
            "said write #2 at 0: \"Hi\"",
            "did attempt write #2",
            "did step write",
        ]
    );
    // Nothing was said of the first, so nothing is taken back.
    let silent = says(&[]).then(Then::Fails(FailureKind::Transport));
    let lines = shown([silent, says(&["Hi"])], letter("Ann".into())).await;
    assert!(only(&lines, &["did take back"]).is_empty(), "{lines:#?}");
}

#[step]
async fn plain(name: &str) -> Result<String> {
    Ok(format!("Hello {name}"))
}

#[step(model = FAST, prompt = "Write to {{ name }}.", timeout = "1s", retry(max_attempts = 1), fallback = plain)]
async fn guarded(name: &str) -> Result<String>;

#[workflow]
async fn guarding(name: String) -> Result<String> {
    guarded(&name).await
}

#[tokio::test(start_paused = true)]
async fn an_answer_for_which_the_fallback_stands_in() {
    for then in [Then::Hangs, Then::Fails(FailureKind::Refused)] {
        let lines = shown([says(&["Dear "]).then(then)], guarding("Ann".into())).await;
        assert_eq!(lines[0], "said guarded #1 at 0: \"Dear \"");
        assert!(lines[1].starts_with("did attempt guarded #1: "), "{lines:#?}");
        assert_eq!(lines[2..4], ["did take back guarded #1", "will fall back guarded to plain"]);
        assert_eq!(lines.last().unwrap(), "did step guarded");
        assert_eq!(only(&lines, &["did take back"]).len(), 1, "{lines:#?}");
    }
}

#[step(model = [FAST, SMART], prompt = "Write to {{ name }}.", retry(max_attempts = 1))]
async fn chained(name: &str) -> Result<String>;

#[workflow]
async fn chaining(name: String) -> Result<String> {
    chained(&name).await
}

#[tokio::test]
async fn an_answer_of_a_model_that_another_replaces() {
    let fast = Speaker::new([says(&["Dear "]).then(Then::Fails(FailureKind::Refused))]);
    let smart = Speaker::of("other", SchemaSupport::Full, [says(&["Hi"])]);
    smart.allow(10);
    let runtime = Runtime::builder().provider(fast).provider(smart).build().unwrap();
    let (_handle, mut events) = runtime.watch(chaining("Ann".into())).await.unwrap();
    let lines = only(&rest(&mut events).await, &["said", "did take back"]);
    assert_eq!(lines, ["said chained #1 at 0: \"Dear \"", "did take back chained #1", "said chained #2 at 0: \"Hi\""]);
}

#[tokio::test]
async fn an_answer_of_a_run_that_is_cancelled() {
    let speaker = Speaker::new([says(&["Dear "]).then(Then::Hangs)]);
    let (handle, mut events) = speaker.runtime().watch(letter("Ann".into())).await.unwrap();
    piece(&mut events).await;
    handle.cancel().await.unwrap();
    assert_eq!(
        rest(&mut events).await,
        [
            "did attempt write #1: the call was cancelled",
            "did take back write #1",
            "did step write: the step was cancelled",
            "did run: the run was cancelled",
        ]
    );
}

#[step(retry(max_attempts = 1))]
async fn fails() -> Result<u32> {
    settle().await;
    flow::bail!("no luck")
}

#[workflow]
async fn beside(name: String) -> Result<String> {
    let (text, _) = flow::try_join!(write(&name), fails())?;
    Ok(text)
}

#[tokio::test]
async fn an_answer_beside_which_another_step_fails() {
    let lines = shown([says_to("Ann", &["Dear "]).then(Then::Hangs)], beside("Ann".into())).await;
    let lines = only(&lines, &["said", "did take back", "did step"]);
    assert_eq!(
        lines,
        [
            "said write #1 at 0: \"Dear \"",
            "did step fails: step `fails`: no luck",
            "did take back write #1",
            "did step write: the step was cancelled",
        ]
    );
}

#[gate]
fn breaks(text: &str) -> Verdict {
    panic!("the gate breaks at {text}")
}

#[step(model = FAST, prompt = "Write to {{ name }}.", gate = breaks)]
async fn broken(name: &str) -> Result<String>;

#[workflow]
async fn breaking(name: String) -> Result<String> {
    broken(&name).await
}

#[tokio::test]
async fn an_answer_at_which_a_gate_panics() {
    let lines = shown([says(&["Dear Ann"])], breaking("Ann".into())).await;
    assert_eq!(lines[1..3], ["did attempt broken #1", "did take back broken #1"]);
    assert!(lines[3].starts_with("did step broken: "), "{lines:#?}");
}
