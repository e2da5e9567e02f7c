//! Conversations with tools: each turn is streamed.

use flow::prelude::*;
use flow::provider::FailureKind;
use flow::serde_json::json;

use crate::support::{FAST, Speaker, Then, only, rest, says};

/// Look up a number.
#[step]
async fn look_up(name: &str) -> Result<String> {
    Ok(format!("{name}: 7"))
}

#[gate]
fn short(text: &str) -> Verdict {
    Verdict::ensure(text.len() < 10, "too long")
}

#[step(model = FAST, prompt = "Help {{ name }}.", tools = [look_up], max_turns = 3, gate = short, repair = 1, retry(max_attempts = 2, jitter = false))]
async fn help(name: &str) -> Result<String>;

#[workflow]
async fn helping(name: String) -> Result<String> {
    help(&name).await
}

#[tokio::test(start_paused = true)]
async fn each_turn_is_said_and_a_rejected_one_taken_back() {
    let speaker = Speaker::new([
        says(&["Let me ", "see."]).then(Then::Calls("look_up", json!({"name": "Ann"}))),
        says(&["It"]).then(Then::Fails(FailureKind::Transport)),
        says(&["It is 7, I ", "think."]),
        says(&["7"]),
    ]);
    let (handle, mut events) = speaker.runtime().watch(helping("Ann".into())).await.unwrap();
    let lines = only(&rest(&mut events).await, &["said", "did take back", "did reject", "did step"]);
    assert_eq!(
        lines,
        [
            "said help #1, turn 1, at 0: \"Let me \"",
            "said help #1, turn 1, at 7: \"see.\"",
            "did step help/turn[1]/look_up",
            "said help #2, turn 2, at 0: \"It\"",
            "did take back help #2, turn 2",
            "said help #3, turn 2, at 0: \"It is 7, I \"",
            "said help #3, turn 2, at 11: \"think.\"",
            "did reject help by short: too long",
            "did take back help #3, turn 2",
            "said help #4, turn 3, at 0: \"7\"",
            "did step help",
        ]
    );
    assert_eq!(handle.result().await.unwrap(), "7");
}
