//! Request bodies that start nothing, and the problems reported for them.

use flow::serde_json::json;

use crate::client::{open, read, send};
use crate::support::{Desk, JSON, Served, note, service, start};

/// The problem a body is answered with; no model is asked.
macro_rules! refused {
    ($body:expr, $status:literal, $name:literal) => {{
        let desk = Desk::open();
        let service = Served::with(&desk).await;
        let problem = service.post("digest", "?wait=30s", &$body.to_string()).await.problem($status, $name);
        assert_eq!(desk.unseen(), 0, "a model was asked");
        problem
    }};
}

#[tokio::test]
async fn what_is_not_json_is_told_with_its_line() {
    let problem = refused!("{\n  \"note\": oops }", 400, "bad-request");
    assert_eq!(problem["detail"], "the body is not JSON: expected value at line 2 column 11");
    refused!("", 400, "bad-request");
}

#[tokio::test]
async fn a_key_that_comes_twice_is_refused_with_its_pointer() {
    for (body, pointer) in [
        (r#"{"note": {"text": "a", "text": "b"}}"#, "/note/text"),
        (r#"{"note": {"text": "a"}, "note": {"text": "a"}}"#, "/note"),
    ] {
        let problem = refused!(body, 400, "bad-request");
        assert!(problem["detail"].as_str().unwrap().contains("` at line 1 column"), "{problem}");
        let expected = json!([{ "pointer": pointer, "detail": "expected one value, found the key a second time" }]);
        assert_eq!(problem["errors"], expected);
    }
}

#[tokio::test]
async fn a_byte_order_mark_is_skipped() {
    let service = Served::with(&Desk::open()).await;
    let body = format!("\u{feff}{}", note("pump"));
    assert_eq!(service.post("digest", "?wait=30s", &body).await.status, 200);
}

#[tokio::test]
async fn every_wrong_field_is_told_with_its_pointer() {
    let body = json!({ "note": { "text": 3, "tags": ["a", null] }, "most": -1 });
    let problem = refused!(body, 422, "invalid-input");
    let expected = json!([
        { "pointer": "/note/text", "detail": "expected string, found number 3" },
        { "pointer": "/note/tags/1", "detail": "expected string, found null" },
        { "pointer": "/most", "detail": "expected integer (0..=4294967295), found number -1" },
    ]);
    assert_eq!(problem["errors"], expected);
    assert_eq!(problem["detail"], "the body is not a valid input for `digest`");
}

#[tokio::test]
async fn what_is_missing_unknown_or_no_object_is_refused() {
    for (body, pointer) in [(json!({}), "/note"), (json!({ "note": {} }), "/note/text"), (json!([]), "")] {
        let problem = refused!(body, 422, "invalid-input");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
    }
    let mut unknown = note("pump");
    unknown["nots"] = json!(1);
    assert_eq!(refused!(unknown, 422, "invalid-input")["errors"][0]["pointer"], "/nots");
}

#[tokio::test]
async fn a_field_that_nothing_reads_is_refused_with_its_pointer() {
    let mut body = note("pump");
    body["note"]["tgas"] = json!(["a"]);
    let problem = refused!(body, 422, "invalid-input");
    let detail = "expected only the fields `text`, `tags`, found `tgas`; did you mean `tags`?";
    assert_eq!(problem["errors"], json!([{ "pointer": "/note/tgas", "detail": detail }]));
}

#[tokio::test]
async fn a_body_has_to_be_declared_as_json() {
    let service = Served::with(&Desk::open()).await;
    let body = note("pump").to_string();
    for headers in [&[][..], &["content-type: text/plain"], &["content-type: application/x-www-form-urlencoded"]] {
        send(service.at, &start("digest", ""), headers, &body).await.problem(415, "unsupported-media-type");
    }
    for header in ["Content-Type: Application/JSON; charset=utf-8", "content-type: application/note+json"] {
        let answer = send(service.at, &start("digest", ""), &[header], &body).await;
        assert_eq!(answer.status, 202, "{header}");
    }
}

#[tokio::test]
async fn a_body_that_says_it_is_too_large_is_not_read() {
    let service = Served::of(service(&Desk::open()).max_body_bytes(100)).await;
    // The body is never sent, so an answer shows that the service did not wait for it.
    let stream = open(service.at, &start("digest", ""), &[JSON, "content-length: 101"], "").await;
    let problem = read(stream).await.problem(413, "body-too-large");
    assert_eq!(problem["detail"], "the body exceeds the limit of 100 bytes");
}

#[tokio::test]
async fn a_body_without_a_length_is_left_after_the_limit() {
    let service = Served::of(service(&Desk::open()).max_body_bytes(100)).await;
    let chunk = format!("80\r\n{}\r\n", "x".repeat(0x80));
    // The body never ends, so an answer shows that the service did not wait for its end.
    let stream = open(service.at, &start("digest", ""), &[JSON, "transfer-encoding: chunked"], &chunk).await;
    read(stream).await.problem(413, "body-too-large");
}

#[tokio::test]
async fn the_limit_itself_is_allowed() {
    let body = note("pump").to_string();
    let service = Served::of(service(&Desk::open()).max_body_bytes(body.len())).await;
    assert_eq!(service.post("digest", "?wait=30s", &body).await.status, 200);
}
