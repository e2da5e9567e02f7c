//! Transport failures.

use std::time::Duration;

use flow_runtime::provider::FailureKind::{self, *};

use super::*;

/// The failure of one attempt with the given options.
async fn with(script: Script, options: impl FnOnce(OpenAi) -> OpenAi) -> Failure {
    let server = Server::start([script]).await;
    options(OpenAi::at("local", &server.url)).complete(&question()).await.unwrap_err()
}

fn short(openai: OpenAi) -> OpenAi {
    openai.timeout(Duration::from_millis(200))
}

#[tokio::test]
async fn a_body_that_ends_early_is_kept_as_far_as_it_came() {
    let mut bytes = response("200 OK", "", &spoken("{}"));
    bytes.truncate(bytes.len() - 40);
    let failure = failing(bytes).await;
    assert_eq!(failure.kind, Transport);
    assert!(failure.body.unwrap().starts_with(r#"{"id":"chatcmpl-1""#));
}

#[tokio::test]
async fn a_body_that_is_no_completion_is_a_transport_failure() {
    for body in ["", "<html>", "{\"choices\": [", "[]", "3", "{\"choices\": []}"] {
        let failure = failing(response("200 OK", "", body)).await;
        assert_eq!((failure.kind, failure.status), (Transport, Some(200)), "{body}: {failure}");
        assert_eq!(failure.body.unwrap_or_default(), body);
    }
}

#[tokio::test]
async fn no_answer_at_all_is_a_transport_failure() {
    for bytes in [&b""[..], b"HTTP/1.1 200", b"garbage\r\n\r\n"] {
        assert_eq!(failing(bytes.to_vec()).await.kind, Transport);
    }
}

#[tokio::test]
async fn a_refused_connection_is_a_transport_failure() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    drop(listener);
    let failure = OpenAi::at("local", &url).complete(&question()).await.unwrap_err();
    assert_eq!(failure.kind, Transport);
    assert!(!failure.message.contains(&url) && failure.message.to_lowercase().contains("refused"), "{failure}");
    let address = url.trim_start_matches("http://").trim_end_matches("/v1");
    assert!(failure.message.starts_with(&format!("cannot connect to {address}: ")), "{failure}");
}

#[tokio::test]
async fn an_address_that_is_none_is_the_callers_mistake() {
    let failure = OpenAi::at("local", "not a url").complete(&question()).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::InvalidRequest);
}

#[tokio::test]
async fn a_page_instead_of_json_is_shown_with_its_address_and_its_type() {
    let page = "<!DOCTYPE html>\n<title>Sign in</title>";
    let html = response("200 OK", "content-type: text/html; charset=utf-8\r\n", page);
    let server = Server::start([Script::Bytes(html)]).await;
    let failure = OpenAi::at("local", &server.url).complete(&question()).await.unwrap_err();
    assert_eq!((failure.kind, failure.status), (Transport, Some(200)));
    let text =
        "answered 200 OK with text/html; charset=utf-8 instead of JSON: `<!DOCTYPE html> <title>Sign in</title>`";
    assert_eq!(failure.message, format!("{}/chat/completions {text}", server.url));
}

#[tokio::test]
async fn an_address_that_repeats_the_path_is_refused_unsent() {
    let server = Server::start([Script::Endless]).await;
    let base = format!("{}/chat/completions", server.url);
    let failure = OpenAi::at("local", base).complete(&question()).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::InvalidRequest);
    assert!(failure.message.starts_with("the base URL already contains `/chat/completions`"), "{failure}");
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn letters_that_are_none_are_replaced_and_the_tokens_counted() {
    let lone = spoken("MARK").replace("MARK", "a\\ud83d");
    let mut bytes = spoken("MARK").into_bytes();
    let at = bytes.windows(4).position(|window| window == b"MARK").unwrap();
    bytes.splice(at..at + 4, *b"a\xff");
    for body in [lone.into_bytes(), bytes] {
        let mut reply = response("200 OK", "", "");
        let head =
            String::from_utf8(reply).unwrap().replace("content-length: 0", &format!("content-length: {}", body.len()));
        reply = head.into_bytes();
        reply.extend(body);
        let reply = ask(Script::Bytes(reply)).await.0.unwrap();
        assert_eq!((&reply.text()[..], reply.usage.output_tokens), ("a\u{fffd}", Some(7)));
    }
}

#[tokio::test]
async fn silence_ends_with_the_timeout() {
    assert_eq!(with(Script::Silence(Vec::new()), short).await.kind, TimedOut);
    let head = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"choices\"".to_vec();
    // The response header must arrive in time.
    let failure = with(Script::Silence(head), |openai| openai.timeout(Duration::from_secs(3))).await;
    assert_eq!((failure.kind, failure.body.as_deref()), (TimedOut, Some("{\"choices\"")));
}

#[tokio::test]
async fn an_endless_body_ends_by_size() {
    let failure = with(Script::Endless, |openai| openai.max_response_bytes(100_000)).await;
    assert_eq!(failure.kind, TooLarge);
    assert_eq!(failure.message, "the answer is larger than 100000 bytes");
    assert!(failure.body.unwrap().len() < 10_000);
}

#[tokio::test]
async fn an_endless_body_ends_by_time() {
    let failure = with(Script::Endless, |openai| short(openai).max_response_bytes(usize::MAX)).await;
    assert_eq!(failure.kind, TimedOut);
}

#[tokio::test]
async fn a_large_error_is_still_the_error() {
    let mut bytes = response("503 X", "", "");
    bytes.extend(std::iter::repeat_n(b'x', 1000));
    let text = String::from_utf8(bytes).unwrap().replace("content-length: 0", "content-length: 1000");
    let failure = with(Script::Bytes(text.into_bytes()), |openai| openai.max_response_bytes(10)).await;
    assert_eq!(failure.kind, Overloaded { retry_after: None });
}

#[tokio::test]
async fn a_connection_is_used_again_while_it_is_fresh() {
    let server = Server::start([Script::Keep(response("200 OK", "", &spoken("{}"))), Script::Bytes(Vec::new())]).await;
    let provider = OpenAi::at("local", &server.url);
    for _ in 0..2 {
        provider.complete(&question()).await.unwrap();
    }
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn an_idle_connection_is_given_up_before_the_server_does() {
    let keep = Script::Keep(response("200 OK", "", &spoken("{}")));
    let server = Server::start([keep, Script::Bytes(response("200 OK", "", &spoken("second")))]).await;
    let provider = OpenAi::at("local", &server.url).idle_timeout(Duration::ZERO);
    provider.complete(&question()).await.unwrap();
    let reply = provider.complete(&question()).await.unwrap();
    assert_eq!(reply.text(), "second");
}

#[tokio::test]
async fn dropping_the_future_cancels_the_request() {
    let server = Server::start([Script::Silence(Vec::new())]).await;
    let provider = OpenAi::at("local", &server.url);
    let request = question();
    let outcome = tokio::time::timeout(Duration::from_millis(100), provider.complete(&request)).await;
    assert!(outcome.is_err());
}
