//! Streams that stall or never end, and responses that are not streams.

use std::time::Duration;

use flow_runtime::provider::FailureKind::*;

use super::server::{After, chunk, end, head, json, stream};
use super::*;

const HALF: &[u8] = b"data: {\"choices\": [{\"delta\": {\"content\": \"4\"}, \"finish_reason\": null}]}\n\n";
const REST: &[u8] =
    b"data: {\"choices\": [{\"delta\": {\"content\": \"2\"}, \"finish_reason\": \"stop\"}]}\n\ndata: [DONE]\n\n";

/// The outcome of a response with the given options.
async fn with(response: Response, options: impl FnOnce(OpenAi) -> OpenAi) -> (Result<Reply, Failure>, String) {
    let server = Server::start([response]).await;
    follow(&options(OpenAi::at("any", &server.url)), &question("openai")).await
}

#[tokio::test]
async fn a_body_that_comes_at_once_is_an_answer() {
    for case in cases::all() {
        let expected = at_once(case.dialect, &case.body).await;
        for kind in ["application/json", "text/event-stream"] {
            let (outcome, shown) = answered(case.dialect, json("200 OK", kind, case.body.to_string())).await;
            let text = outcome.as_ref().map(|reply| reply.text().into_owned()).unwrap_or_default();
            assert_eq!((told(outcome), shown), (expected.clone(), text), "{} {}", case.dialect, case.name);
        }
    }
}

#[tokio::test]
async fn a_stream_under_another_type_is_a_stream() {
    for case in cases::all() {
        let expected = at_once(case.dialect, &case.body).await;
        let (outcome, shown) = answered(case.dialect, json("200 OK", "text/plain", &case.stream)).await;
        assert_eq!((told(outcome), &shown[..]), (expected, case.shown), "{} {}", case.dialect, case.name);
    }
}

/// Gemini sends a list if the parameter for events is lost on the way.
#[tokio::test]
async fn a_list_of_chunks_is_a_stream() {
    for case in cases::all().into_iter().filter(|case| case.dialect == "gemini") {
        let chunks: Vec<_> =
            std::str::from_utf8(&case.stream).unwrap().lines().filter_map(|line| line.strip_prefix("data: ")).collect();
        let expected = at_once("gemini", &case.body).await;
        let list = format!("[{}]", chunks.join(",\r\n"));
        let (outcome, _) = answered("gemini", json("200 OK", "application/json", &list)).await;
        assert_eq!(told(outcome), expected, "{}", case.name);
    }
    let half = "[{\"candidates\": [{\"content\": {\"parts\": [{\"text\": \"4\"}]}}]}, {\"usageMetadata\": {}}]";
    let failure = answered("gemini", json("200 OK", "application/json", half)).await.0.unwrap_err();
    assert_eq!(failure.message, "the stream ended before the answer did");
}

#[tokio::test]
async fn a_page_is_shown_for_what_it_is() {
    let failure = answered("openai", json("200 OK", "text/html", "<title>Sign in</title>")).await.0.unwrap_err();
    assert_eq!((failure.kind, failure.status), (Transport, Some(200)));
    assert!(failure.message.ends_with("with text/html instead of JSON: `<title>Sign in</title>`"), "{failure}");
}

#[tokio::test]
async fn a_stream_that_stalls_is_a_transport_failure() {
    let response = vec![head(), chunk(HALF, After::Silence)];
    let (outcome, shown) = with(response, |openai| openai.stream_idle_timeout(Duration::from_millis(200))).await;
    let failure = outcome.unwrap_err();
    assert_eq!((failure.kind, failure.is_retryable(), &shown[..]), (Transport, true, "4"));
    assert_eq!(
        failure.message,
        "the stream stalled: nothing arrived for 200ms, the limit set by `stream_idle_timeout`"
    );
}

#[tokio::test]
async fn a_comment_ends_a_silence() {
    let beats = (0..12).map(|_| chunk(b": still here\n\n", After::Pause(Duration::from_millis(100))));
    let response = [head()].into_iter().chain(beats).chain([chunk(REST, After::Nothing), end()]).collect();
    let (outcome, _) = with(response, |openai| openai.stream_idle_timeout(Duration::from_millis(800))).await;
    assert_eq!(outcome.unwrap().text(), "2");
}

/// Models think before they answer.
#[tokio::test]
async fn a_silence_before_the_first_byte_is_no_stall() {
    let late = Duration::from_millis(400);
    let response = vec![(head().0, After::Pause(late)), chunk(REST, After::Nothing), end()];
    let (outcome, _) = with(response, |openai| openai.stream_idle_timeout(Duration::from_millis(50))).await;
    assert_eq!(outcome.unwrap().text(), "2");
}

#[tokio::test]
async fn the_timeout_holds_for_the_whole_stream() {
    let beats = (0..1000).map(|_| chunk(b": still here\n\n", After::Pause(Duration::from_millis(20))));
    let response = [head(), chunk(HALF, After::Nothing)].into_iter().chain(beats).collect();
    let (outcome, shown) = with(response, |openai| openai.timeout(Duration::from_secs(2))).await;
    assert_eq!((outcome.unwrap_err().kind, &shown[..]), (TimedOut, "4"));
}

#[tokio::test]
async fn an_answer_that_is_too_large_is_not_kept() {
    let many = HALF.repeat(2_000);
    let (outcome, _) = with(stream([&many[..], REST]), |openai| openai.max_response_bytes(1_000)).await;
    let failure = outcome.unwrap_err();
    assert_eq!((failure.kind, &failure.message[..]), (TooLarge, "the answer is larger than 1000 bytes"));
    let (outcome, _) = with(stream([&many[..], REST]), |openai| openai.max_response_bytes(3_000)).await;
    assert_eq!(outcome.unwrap().text().len(), 2_001, "what each event repeats does not count");
    let line = [b"data: ".to_vec(), vec![b'x'; 2_000]].concat();
    let (outcome, _) = with(stream([&line[..]]), |openai| openai.max_response_bytes(1_000)).await;
    assert_eq!(outcome.unwrap_err().kind, TooLarge);
}

#[tokio::test]
async fn a_connection_is_used_again_after_a_stream() {
    let response = || vec![head(), chunk(HALF, After::Nothing), chunk(REST, After::Nothing), end()];
    let server = Server::start([response(), response()]).await;
    let provider = OpenAi::at("any", &server.url);
    for _ in 0..2 {
        assert_eq!(follow(&provider, &question("openai")).await.0.unwrap().text(), "42");
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_server_that_stays_after_the_end_is_not_waited_for() {
    let response = vec![head(), chunk(HALF, After::Nothing), chunk(REST, After::Silence)];
    let (outcome, _) = with(response, |openai| openai.timeout(Duration::from_secs(5))).await;
    assert_eq!(outcome.unwrap().text(), "42");
}

/// The first piece is there while the rest has not been sent.
#[tokio::test]
async fn pieces_arrive_before_the_answer_ends() {
    let server = Server::start([vec![head(), chunk(HALF, After::Silence)]]).await;
    let (provider, question, deltas) = (OpenAi::at("any", &server.url), question("openai"), Deltas::new());
    let mut reader = deltas.reader();
    tokio::select! {
        outcome = provider.stream(&question, &deltas) => panic!("{outcome:?}"),
        piece = reader.next() => assert_eq!(piece, Some(Delta::Text("4".into()))),
    }
}
