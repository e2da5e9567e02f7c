//! Whatever a server does, a run ends in bounded time and memory and reports what happened.

mod server;

use std::time::Duration;

use flow::prelude::*;
use flow::provider::{OpenAi, Usage};
use flow::run::Attempt;
use flow::serde_json::json;

use crate::support::{Book, Draft, draft};
use server::{Script, Server, completion, response, spoken};

const TINY: Model = Model::new("local/tiny");

#[step(model = TINY, prompt = "Write {{ what }}.", retry(max_attempts = 2, initial_delay = "1ms", jitter = false), timeout = "5m")]
async fn write(what: &str) -> Result<Draft>;

#[workflow]
async fn writing(what: String) -> Result<Draft> {
    write(&what).await
}

/// Runs against a server that plays these scripts and repeats the last one.
async fn run(scripts: impl Into<Vec<Script>>) -> (Result<Draft>, Vec<Attempt>) {
    let scripts = scripts.into();
    // Silence always takes the full timeout; otherwise it must exceed delays on a busy machine.
    let is_silent = scripts.iter().any(|script| matches!(script, Script::Silence(_)));
    let patience = Duration::from_secs(if is_silent { 2 } else { 60 });
    let server = Server::start(scripts).await;
    let local = OpenAi::at("local", &server.url).timeout(patience).max_response_bytes(100_000);
    let book = Book::default();
    let runtime = Runtime::builder().provider(local).observe(book.clone()).build().unwrap();
    let outcome = flow::tokio::spawn(runtime.run(writing("x".into()))).await.unwrap();
    (outcome, book.attempts())
}

fn good() -> Script {
    Script::Bytes(response("200 OK", "", &spoken(r#"{"text": "ok"}"#)))
}

fn answer(status: &str, headers: &str) -> Script {
    Script::Bytes(response(status, headers, r#"{"error": {"message": "not now", "code": "x"}}"#))
}

fn kinds(attempts: &[Attempt]) -> Vec<Option<&str>> {
    attempts.iter().map(|attempt| attempt.error_kind.as_deref()).collect()
}

#[flow::tokio::test]
async fn what_passes_is_tried_again() {
    let mut truncated = response("200 OK", "", &spoken(r#"{"text": "ok"}"#));
    truncated.truncate(truncated.len() - 30);
    for (script, kind) in [
        (answer("429 X", "retry-after: 0\r\n"), "rate_limited"),
        (answer("500 X", ""), "provider"),
        (answer("529 X", ""), "provider"),
        (Script::Bytes(truncated), "provider"),
        (Script::Bytes(Vec::new()), "provider"),
        (Script::Silence(Vec::new()), "provider"),
    ] {
        let (outcome, attempts) = run([script, good()]).await;
        assert_eq!(outcome.unwrap(), draft("ok"));
        assert_eq!(kinds(&attempts), [Some(kind), None]);
        assert_eq!(attempts[1].usage, Usage::new(12, 7));
    }
}

#[flow::tokio::test]
async fn a_wait_that_the_server_asks_for_is_waited() {
    let (outcome, attempts) = run([answer("429 X", "retry-after-ms: 50\r\n"), good()]).await;
    outcome.unwrap();
    assert!(attempts[1].started.0 >= attempts[0].ended.0 + 49, "{attempts:?}");
}

#[flow::tokio::test]
async fn a_server_that_never_recovers_ends_the_run_with_what_it_said() {
    let (outcome, attempts) = run([answer("429 X", "retry-after: 0\r\n")]).await;
    let error = outcome.unwrap_err();
    assert!(matches!(error.kind(), flow::ErrorKind::RateLimited { .. }), "{error}");
    assert!(error.to_string().starts_with("step `write`, attempt 2: model `local/tiny`: "), "{error}");
    assert!(error.message().contains("not now"), "{error}");
    assert_eq!(kinds(&attempts), [Some("rate_limited"), Some("rate_limited")]);
}

#[flow::tokio::test]
async fn bad_answers_are_repaired_and_their_tokens_are_counted() {
    for bad in ["not json at all", r#"{"text": 7}"#, r#"{"words": "ok"}"#] {
        let (outcome, attempts) = run([Script::Bytes(response("200 OK", "", &spoken(bad))), good()]).await;
        assert_eq!(outcome.unwrap(), draft("ok"), "{bad}");
        assert_eq!(attempts[0].reply.as_ref().unwrap(), bad);
        let sum = attempts.iter().map(|attempt| attempt.usage).fold(Usage::default(), Usage::plus);
        assert_eq!(sum, Usage::new(24, 14));
    }
}

#[flow::tokio::test]
async fn answers_that_stay_bad_end_with_the_place_that_is_wrong() {
    let (outcome, attempts) = run([Script::Bytes(response("200 OK", "", &spoken(r#"{"text": 7}"#)))]).await;
    let error = outcome.unwrap_err();
    assert_eq!(
        error.in_run().to_string(),
        "step `write`, attempt 2: the model's answer breaks the contract\n  at `/text`: expected string, found number 7\n  the answer was: {\"text\": 7}"
    );
    assert_eq!(attempts.len(), 2);
}

#[flow::tokio::test]
async fn a_refusal_and_a_cut_answer_are_final_and_keep_their_tokens() {
    let refused = json!({"finish_reason": "stop", "message": {"content": null, "refusal": "I will not"}});
    let cut = json!({"finish_reason": "length", "message": {"content": "{\"text\": \"o"}});
    for (choice, kind) in [(refused, flow::ErrorKind::Refused), (cut, flow::ErrorKind::Length)] {
        let (outcome, attempts) = run([Script::Bytes(response("200 OK", "", &completion(choice)))]).await;
        let error = outcome.unwrap_err();
        assert_eq!(error.kind(), &kind);
        assert_eq!(error.at().unwrap().step.as_deref(), Some("write"));
        assert_eq!(attempts.len(), 1, "not tried again");
        assert_eq!(attempts[0].usage, Usage::new(12, 7));
    }
}

#[flow::tokio::test]
async fn an_endless_answer_ends_by_size_and_silence_by_time() {
    let (outcome, attempts) = run([Script::Endless]).await;
    let error = outcome.unwrap_err();
    assert!(error.message().contains("larger than 100000 bytes"), "{error}");
    assert!(attempts.iter().all(|attempt| attempt.reply.as_ref().is_none_or(|reply| reply.text().len() < 10_000)));

    let (outcome, attempts) = run([Script::Silence(Vec::new())]).await;
    let error = outcome.unwrap_err();
    assert!(matches!(error.kind(), flow::ErrorKind::Provider { retryable: true, .. }), "{error}");
    assert_eq!(attempts.len(), 2);
}

/// For every kind of failure.
#[flow::tokio::test]
async fn what_the_endpoint_says_of_another_try_goes_first() {
    let never = "x-should-retry: false\r\n";
    for (status, headers, attempts) in
        [("429 X", never, 1), ("503 X", never, 1), ("400 X", "x-should-retry: true\r\n", 2), ("429 X", "", 2)]
    {
        let (outcome, tried) = run([answer(status, headers)]).await;
        assert_eq!((outcome.unwrap_err().is_retryable(), tried.len()), (attempts == 2, attempts), "{status} {headers}");
    }
    let body = json!({"error": {"code": "rate_limit_exceeded", "message": "Limit 6000, Requested 9461"}}).to_string();
    let (outcome, tried) = run([Script::Bytes(response("413 X", "", &body))]).await;
    let error = outcome.unwrap_err();
    assert!(matches!(error.kind(), flow::ErrorKind::RateLimited { .. }), "{error}");
    assert_eq!(tried.len(), 1, "it never fits");
}

#[flow::tokio::test]
async fn a_wait_that_is_too_long_is_told_with_the_limit() {
    let (outcome, attempts) = run([answer("429 X", "retry-after: 3600\r\n")]).await;
    let error = outcome.unwrap_err();
    assert!(error.message().ends_with("; it asks for a delay of 3600s, but retries wait at most 120s"), "{error}");
    assert_eq!(attempts.len(), 1);
}

#[flow::tokio::test]
async fn a_cut_answer_is_told_with_its_limit_and_its_end() {
    let cut = json!({"finish_reason": "length", "message": {"content": "{\"text\": \"once upon"}});
    let (outcome, _) = run([Script::Bytes(response("200 OK", "", &completion(cut)))]).await;
    let error = outcome.unwrap_err();
    let expected = "model `local/tiny`: the answer was cut at the token limit (`max_output_tokens` is not set, so the provider's default applies, 7 tokens were written); the answer ends with `{\"text\": \"once upon`";
    assert_eq!(error.message(), expected);
}

#[flow::tokio::test]
async fn the_schema_is_part_of_the_question() {
    let (outcome, attempts) = run([Script::Bytes(response("200 OK", "", &spoken("7"))), good()]).await;
    outcome.unwrap();
    assert_eq!(attempts.len(), 2);
    for attempt in attempts {
        let messages = attempt.prompt.unwrap().messages;
        assert!(messages.windows(2).all(|pair| pair[0].role != pair[1].role), "{messages:?}");
        assert!(messages.last().unwrap().text().contains("JSON Schema"), "{messages:?}");
    }
}
