//! A resumed run says nothing twice, and asks again what was cut off.

use std::time::Duration;

use flow::Runtime;
use flow::journal::Memory;
use flow::prelude::*;
use flow::run::RunId;

use crate::support::{FAST, Speaker, Then, only, piece, rest, says, settle, write};

#[step(model = FAST, prompt = "Sign for {{ text }}.")]
async fn sign(text: &str) -> Result<String>;

#[workflow]
async fn signed(name: String) -> Result<String> {
    let text = write(&name).await?;
    sign(&text).await
}

fn process(journal: &Memory, speaker: &Speaker) -> Runtime {
    Runtime::builder().provider(speaker.clone()).journal(journal.clone()).build().unwrap()
}

#[tokio::test]
async fn an_answer_that_a_crash_cut_off_is_said_again_from_its_start() {
    let journal = Memory::new();
    let first = Speaker::new([says(&["Dear ", "Ann"]), says(&["Yours, ", "Bo"]).then(Then::Hangs)]);
    let runtime = process(&journal, &first);
    let (handle, mut events) = runtime.watch(signed("Ann".into()).id("a")).await.unwrap();
    for _ in 0..4 {
        piece(&mut events).await;
    }
    runtime.shut_down(Duration::ZERO).await;
    let lines = rest(&mut events).await;
    assert_eq!(only(&lines, &["said", "did take back"]), ["did take back sign #1"], "{lines:#?}");
    drop(handle);

    let second = Speaker::new([says(&["Yours, ", "Bob"])]);
    let runtime = process(&journal, &second);
    let (handle, mut events) = runtime.watch(signed("Ann".into()).id("a")).await.unwrap();
    let lines = rest(&mut events).await;
    assert_eq!(handle.result().await.unwrap(), "Yours, Bob");
    let said = ["did replay write", "said sign #1 at 0: \"Yours, \"", "said sign #1 at 7: \"Bob\""];
    assert_eq!(only(&lines, &["said", "did take back", "did replay"]), said);
    assert_eq!(second.asked(), (0, 1));
}

/// Is it fit to be sent?
#[step(human, timeout = "7d", prompt = "{{ text }}")]
async fn agreed(text: &str) -> Result<Verdict>;

#[step(model = FAST, prompt = "Write to {{ name }}.", gate = agreed, repair = 1)]
async fn judged(name: &str) -> Result<String>;

#[workflow]
async fn judging(name: String) -> Result<String> {
    judged(&name).await
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_a_person_rejects_after_the_run_came_back_is_taken_back() {
    let speaker = Speaker::new([says(&["Dear ", "Ann"]), says(&["Hi"])]);
    let runtime = process(&Memory::new(), &speaker);
    let (_handle, mut events) = runtime.watch(judging("Ann".into()).id("a")).await.unwrap();
    for (place, verdict) in [("judged/agreed", Verdict::reject("too stiff")), ("judged[1]/agreed", Verdict::accept())] {
        settle().await;
        let verdict = flow::serde_json::to_value(verdict).unwrap();
        runtime.answer(&RunId::named("a"), place).with(verdict).await.unwrap();
    }
    // Verdicts are told again each time the run comes back.
    let lines = only(&rest(&mut events).await, &["said", "did take back", "did accept"]);
    assert_eq!(
        lines,
        [
            "said judged #1 at 0: \"Dear \"",
            "said judged #1 at 5: \"Ann\"",
            "did take back judged #1",
            "said judged #2 at 0: \"Hi\"",
            "did accept judged by agreed",
        ]
    );
    assert_eq!(speaker.asked(), (0, 2));
}
