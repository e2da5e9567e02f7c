//! Streamed and unstreamed answers leave the same records.

use flow::journal::Memory;
use flow::prelude::*;
use flow::provider::FailureKind;
use flow::run::{Stamp, to_line};
use flow::{Runtime, Workflow};

use crate::support::{Says, Speaker, Then, drafting, letter, says};

/// The lines of a run's log, streamed or not.
async fn log<T: Send + 'static>(is_watched: bool, says: Vec<Says>, workflow: impl Workflow<T>) -> Vec<String> {
    let (speaker, start) = (Speaker::new(says), Stamp::now());
    let builder = Runtime::builder().provider(speaker.clone()).journal(Memory::new());
    // Time stands still, so that nothing but the answers could differ.
    let runtime = builder.clock(move || FIXED.get_or_init(|| start).to_owned()).build().unwrap();
    let (handle, events) = runtime.watch(workflow).await.unwrap();
    let id = handle.id().clone();
    let _events = is_watched.then_some(events);
    let _ = handle.result().await;
    let (completed, streamed) = speaker.asked();
    assert!(if is_watched { completed == 0 && streamed > 0 } else { streamed == 0 }, "{:?}", speaker.asked());
    runtime.records(&id).await.unwrap().iter().map(|record| to_line(std::slice::from_ref(record)).unwrap()).collect()
}

static FIXED: std::sync::OnceLock<Stamp> = std::sync::OnceLock::new();

#[tokio::test(start_paused = true)]
async fn the_log_is_the_same() {
    let good = r#"{"title": "x", "lines": ["y"]}"#;
    let broken = says(&["{\"title"]).then(Then::Fails(FailureKind::Refused));
    let cases = [
        vec![says(&["{\"title\": \"x\", ", "\"lines\": [\"y\"]}"])],
        vec![says(&["{\"ti", "tle\": 3}"]), says(&[good])],
        vec![says(&["{\"title\": \"damn\", \"lines\": []}"]), says(&[good])],
        vec![broken],
    ];
    for says in cases {
        let run = || drafting("Ann".into()).id("draft");
        let (streamed, whole) = (log(true, says.clone(), run()).await, log(false, says, run()).await);
        assert!(whole.len() > 3, "{whole:#?}");
        assert_eq!(streamed, whole);
    }
    let says = || vec![says(&["Dear "]).then(Then::Fails(FailureKind::Transport)), says(&["Dear ", "Ann"])];
    let run = || letter("Ann".into()).id("letter");
    assert_eq!(log(true, says(), run()).await, log(false, says(), run()).await);
}
