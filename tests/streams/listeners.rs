//! A model is asked for pieces only while somebody listens.

use std::sync::{Arc, Mutex};

use flow::Runtime;
use flow::event::{Event, Observer};
use flow::journal::Memory;
use flow::prelude::*;
use flow::run::RunId;

use crate::support::{Speaker, letter, only, rest, says};

/// Keeps its events as lines.
#[derive(Clone, Default)]
struct Log {
    lines: Arc<Mutex<Vec<String>>>,
    /// The run whose pieces it wants.
    wants: Option<&'static str>,
}

impl Log {
    fn of(run: &'static str) -> Self {
        Self { wants: Some(run), ..Self::default() }
    }

    fn lines(&self) -> Vec<String> {
        self.lines.lock().unwrap().clone()
    }
}

impl Observer for Log {
    fn wants_pieces(&self, run: &RunId) -> bool {
        self.wants.is_some_and(|wanted| *run == RunId::named(wanted))
    }

    fn event(&self, event: &Event) {
        self.lines.lock().unwrap().push(format!("{} {event}", event.run()));
    }
}

fn twice() -> Speaker {
    Speaker::new([says(&["Dear ", "Ann"]), says(&["Dear ", "Bob"])])
}

#[tokio::test]
async fn whole_answers_are_asked_for_if_nobody_listens() {
    let speaker = twice();
    let runtime = speaker.runtime();
    runtime.run(letter("Ann".into())).await.unwrap();
    runtime.start(letter("Bob".into())).await.unwrap().result().await.unwrap();
    assert_eq!(speaker.asked(), (2, 0));

    let (speaker, log) = (twice(), Log::default());
    let runtime = Runtime::builder().provider(speaker.clone()).observe(log.clone()).journal(Memory::new());
    let runtime = runtime.build().unwrap();
    runtime.run(letter("Ann".into())).await.unwrap();
    let handle = runtime.start(letter("Bob".into())).await.unwrap();
    drop(handle.events());
    handle.result().await.unwrap();
    assert_eq!(speaker.asked(), (2, 0), "a reader that left does not listen");
    assert!(only(&log.lines(), &["said"]).is_empty());
}

#[tokio::test]
async fn observers_get_the_pieces_that_they_want() {
    let (speaker, eager, plain) = (twice(), Log::of("one"), Log::default());
    let runtime = Runtime::builder().provider(speaker.clone()).observe(eager.clone()).observe(plain.clone());
    let runtime = runtime.build().unwrap();
    for (name, id) in [("Ann", "one"), ("Bob", "two")] {
        runtime.run(letter(name.into()).id(id)).await.unwrap();
    }
    assert_eq!(speaker.asked(), (1, 1));
    let said = ["one said write #1 at 0: \"Dear \"", "one said write #1 at 5: \"Ann\""];
    assert_eq!(only(&eager.lines(), &["one said", "two said"]), said);
    assert_eq!(plain.lines().len(), eager.lines().len() - 2);
}

#[tokio::test]
async fn a_durable_run_is_watched_from_its_first_answer() {
    for _ in 0..20 {
        let speaker = Speaker::new([says(&["Dear ", "Ann"])]);
        let runtime = Runtime::builder().provider(speaker.clone()).journal(Memory::new()).build().unwrap();
        let (handle, mut events) = runtime.watch(letter("Ann".into())).await.unwrap();
        assert_eq!(only(&rest(&mut events).await, &["said"]).len(), 2);
        handle.result().await.unwrap();
        assert_eq!(speaker.asked(), (0, 1));
    }
}
