//! The same answers, streamed.

use std::sync::Arc;

use flow_runtime::provider::{BoxFuture, Delta, Deltas, Failure, Limits, Reply};

use super::*;

fn question() -> Request {
    Request::new(
        Model::new("offline/any"),
        Prompt::user("Summarise.\n\nThe pump failed on Monday. A new seal was fitted."),
    )
}

/// The pieces that a provider streams, and its reply.
async fn streamed(provider: &dyn Provider, deltas: Deltas) -> (Vec<Delta>, String) {
    let mut reader = deltas.reader();
    let reply = provider.stream(&question(), &deltas).await.unwrap();
    drop(deltas);
    let mut pieces = Vec::new();
    while let Some(piece) = reader.next().await {
        pieces.push(piece);
    }
    (pieces, reply.text().into_owned())
}

#[tokio::test]
async fn the_pieces_are_the_answer() {
    let whole = Offline::new().complete(&question()).await.unwrap();
    let providers: [Arc<dyn Provider>; 2] =
        [Arc::new(Offline::new()), Arc::new(Arc::new(Offline::new().limits(Limits::new().concurrency(1))))];
    for provider in providers {
        let (pieces, text) = streamed(&provider, Deltas::new()).await;
        let said: String = pieces
            .iter()
            .map(|piece| match piece {
                Delta::Text(text) => text.as_str(),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!((&said, &text), (&whole.text().into_owned(), &said));
        assert!(pieces.len() > 5, "{pieces:?}");
    }
}

#[tokio::test]
async fn a_reader_that_is_too_slow_is_told_how_much_it_has_missed() {
    let (all, text) = streamed(&Offline::new(), Deltas::new()).await;
    // Nothing reads before the call has ended, and only the last two words fit.
    let (late, same) = streamed(&Offline::new(), Deltas::with_limit(2 * (32 + 8))).await;
    assert_eq!(late[0], Delta::Missed(all.len() as u64 - 2), "{late:?}");
    assert_eq!((&late[1..], same), (&all[all.len() - 2..], text));
}

/// A provider that cannot stream.
struct Whole;

impl Provider for Whole {
    fn name(&self) -> &str {
        "whole"
    }

    fn complete<'a>(&'a self, _: &'a Request) -> BoxFuture<'a, Result<Reply, Failure>> {
        Box::pin(std::future::ready(Ok(Reply::new("all at once"))))
    }
}

#[tokio::test]
async fn a_provider_that_cannot_stream_answers_all_the_same() {
    assert_eq!(streamed(&Whole, Deltas::new()).await, (Vec::new(), "all at once".to_owned()));
}
