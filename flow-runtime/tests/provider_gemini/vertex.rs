//! Vertex AI: Gemini's API in a project, with bearer tokens.

use std::sync::atomic::{AtomicU32, Ordering};

use flow_runtime::prompt::{Message, Part, Role};
use flow_runtime::provider::{FailureKind, SchemaSupport};

use super::*;

fn vertex(url: &str) -> Gemini {
    Gemini::vertex("my-project", "europe-west4").base_url(url)
}

#[tokio::test]
async fn a_model_is_asked_in_its_project_with_a_new_token_each_time() {
    static ASKED: AtomicU32 = AtomicU32::new(0);
    let refused = json!({"error": {"code": 401, "message": "ya29.secret-1 has expired", "status": "UNAUTHENTICATED"}});
    let bodies = [response("401 Unauthorized", "", &refused.to_string()), response("200 OK", "", &spoken("{}"))];
    let server = Server::start(bodies.map(Script::Bytes)).await;
    let vertex = vertex(&server.url)
        .token_source(|| async { Ok(format!("ya29.secret-{}", ASKED.fetch_add(1, Ordering::SeqCst) + 1)) });
    let able = Provider::capabilities(&vertex, &MODEL);
    assert_eq!((Provider::name(&vertex), able.schema), ("vertex", SchemaSupport::Gemini));

    let failure = vertex.complete(&question(MODEL)).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Unauthorized);
    assert!(!format!("{failure:?} {vertex:?}").contains("secret") && failure.message.contains("[key]"), "{failure:?}");
    vertex.complete(&question(MODEL)).await.unwrap();

    let path =
        "/v1/projects/my-project/locations/europe-west4/publishers/google/models/gemini-2.5-flash:generatecontent";
    for (seen, token) in server.seen().iter().zip(["ya29.secret-1", "ya29.secret-2"]) {
        assert!(seen.head.starts_with(&format!("post {path} ")), "{}", seen.head);
        assert!(seen.head.contains(&format!("authorization: bearer {token}\r\n")), "{}", seen.head);
        assert!(!seen.head.contains("x-goog-api-key"), "{}", seen.head);
        assert_eq!(seen.body["generationConfig"]["responseJsonSchema"], schema());
    }
}

#[tokio::test]
async fn a_turn_goes_back_with_its_signature() {
    let model = Model::new("vertex/gemini-3-flash-preview");
    let call = json!({"functionCall": {"name": "find", "args": {"n": 1}}, "thoughtSignature": "s"});
    let body = content(json!({"content": {"role": "model", "parts": [call]}, "finishReason": "STOP"}));
    let server = Server::start([Script::Bytes(response("200 OK", "", &body))]).await;
    let vertex = vertex(&server.url).token_source(|| async { Ok("token".to_owned()) });
    let reply = vertex.complete(&Request::new(model, Prompt::user("Hi"))).await.unwrap();
    let Some(Part::ToolCall { id, .. }) = reply.content.tool_calls().next() else { panic!("{reply:?}") };
    let messages = vec![
        Message::new(Role::User, "Hi"),
        Message::new(Role::Assistant, reply.content.clone()),
        Message::new(Role::User, vec![Part::tool_result(id, r#"{"found": true}"#)]),
    ];
    vertex.complete(&Request::new(model, Prompt { messages })).await.unwrap();
    let contents = server.seen()[1].body["contents"].clone();
    assert_eq!(contents[1]["parts"][0], call);
    let result = json!({"functionResponse": {"name": "find", "response": {"found": true}}});
    assert_eq!(contents[2]["parts"], json!([result]));
}

#[tokio::test]
async fn an_answer_withheld_by_model_armor_is_filtered() {
    let candidate = json!({"finishReason": "MODEL_ARMOR", "finishMessage": "It violated the settings."});
    let server = Server::start([Script::Bytes(response("200 OK", "", &content(candidate)))]).await;
    let vertex = vertex(&server.url).token_source(|| async { Ok("token".to_owned()) });
    let failure = vertex.complete(&question(MODEL)).await.unwrap_err();
    let text = "the answer was withheld (MODEL_ARMOR): It violated the settings.";
    assert_eq!((failure.kind, &failure.message[..]), (FailureKind::Filtered, text));
}
