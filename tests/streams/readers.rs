//! Readers never delay a run, and are told what they missed.

use flow::event::Event;
use flow::serde_json::from_value;

use crate::support::{Speaker, Then, letter, piece, says};

const PIECES: usize = 50_000;

#[tokio::test]
async fn a_reader_that_does_not_read_loses_pieces_and_nothing_else() {
    let speaker = Speaker::new([says(&vec!["word "; PIECES])]);
    let (handle, mut events) = speaker.runtime().watch(letter("Ann".into())).await.unwrap();
    assert_eq!(handle.result().await.unwrap().len(), PIECES * 5);

    let (mut said, mut missed, mut others, mut at_end) = (0, 0, Vec::new(), 0);
    while let Some(event) = events.next().await {
        match event {
            Event::Said { at, text, .. } => (said, at_end) = (said + 1, at + text.len()),
            Event::DidMiss { events, .. } => missed += events,
            other => others.push(other.to_string()),
        }
    }
    assert_eq!(said + missed, PIECES as u64);
    assert!((20..200).contains(&said), "{said} pieces were kept");
    assert_eq!(at_end, PIECES * 5, "the last piece is among them");
    let all = ["will run letter", "will step write", "will attempt write #1 with fake/fast", "did attempt write #1"];
    assert_eq!(others[..4], all);
    assert_eq!(others[4..], ["did step write", "did run"]);
}

#[tokio::test]
async fn the_text_so_far_has_what_was_missed() {
    let speaker = Speaker::held([says(&vec!["word "; 1_000]).then(Then::Hangs)]);
    let (handle, mut events) = speaker.runtime().watch(letter("Ann".into())).await.unwrap();
    speaker.allow(1);
    piece(&mut events).await;
    speaker.allow(999);
    crate::support::settle().await;
    let place = from_value("write".into()).unwrap();
    assert_eq!(handle.so_far(&place).unwrap().text(), "word ".repeat(1_000));
    let (_, at, _) = piece(&mut events).await;
    assert!(at > 5, "the reader has missed some pieces: {at}");
}
