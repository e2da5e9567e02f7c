//! Requests.

use flow_runtime::prompt::Role;
use flow_runtime::provider::{Capabilities, Effort, FailureKind, SchemaSupport};

use super::*;

#[tokio::test]
async fn only_what_was_set_is_sent() {
    let expected = json!({
        "systemInstruction": {"parts": [{"text": "Be brief."}]},
        "contents": [{"role": "user", "parts": [{"text": "How many years?"}]}],
        "generationConfig": {"responseMimeType": "application/json", "responseJsonSchema": schema()},
    });
    assert_eq!(sent(question(MODEL)).await, expected);
    let plain = sent(Request::new(MODEL, Prompt::user("Hi"))).await;
    assert_eq!(plain, json!({"contents": [{"role": "user", "parts": [{"text": "Hi"}]}]}));
}

#[tokio::test]
async fn what_was_set_is_sent() {
    const TUNED: Model = Model::new("gemini/gemini-2.5-pro")
        .max_output_tokens(600)
        .temperature(0.5)
        .effort(Effort::Low)
        .prompt_cache()
        .extra(&[("generationConfig", r#"{"topK": 3}"#), ("safetySettings", "[]")]);
    let prompt = Prompt::user("Hi").with(Role::Assistant, "Hello").with(Role::User, "Go on");
    let expected = json!({
        "contents": [
            {"role": "user", "parts": [{"text": "Hi"}]},
            {"role": "model", "parts": [{"text": "Hello"}]},
            {"role": "user", "parts": [{"text": "Go on"}]},
        ],
        "generationConfig": {
            "maxOutputTokens": 600, "temperature": 0.5, "thinkingConfig": {"thinkingBudget": 1024}, "topK": 3,
        },
        "safetySettings": [],
    });
    assert_eq!(sent(Request::new(TUNED, prompt)).await, expected);
}

#[tokio::test]
async fn effort_is_a_level_from_gemini_3_on() {
    let model = Model::new("gemini/gemini-3-flash-preview").effort(Effort::Minimal);
    let body = sent(Request::new(model, Prompt::user("Hi"))).await;
    assert_eq!(body["generationConfig"], json!({"thinkingConfig": {"thinkingLevel": "minimal"}}));
}

#[tokio::test]
async fn the_schema_is_sent_as_the_endpoint_takes_it() {
    for (support, config) in
        [(SchemaSupport::JsonMode, json!({"responseMimeType": "application/json"})), (SchemaSupport::None, json!(null))]
    {
        let server = Server::start([Script::Bytes(response("200 OK", "", &spoken("{}")))]).await;
        let provider = Gemini::at("g", &server.url).capabilities(Capabilities::new(support));
        provider.complete(&question(MODEL)).await.unwrap();
        assert_eq!(server.only().body["generationConfig"], config, "{support:?}");
    }
}

#[tokio::test]
async fn the_key_is_a_header_and_the_model_a_path() {
    let (_, server) = ask(&question(MODEL), Script::Bytes(response("200 OK", "", &spoken("{}")))).await;
    let head = server.only().head;
    assert!(head.starts_with("post /v1beta/models/gemini-2.5-flash:generatecontent http/1.1"), "{head}");
    assert!(head.contains(&format!("x-goog-api-key: {}", KEY.to_lowercase())), "{head}");
    let tuned = question(Model::new("gemini/tunedModels/mine?key=1"));
    let (_, server) = ask(&tuned, Script::Bytes(response("200 OK", "", &spoken("{}")))).await;
    assert!(
        server.only().head.starts_with("post /v1beta/tunedmodels/mine_key_1:generatecontent "),
        "{:?}",
        server.seen()
    );
}

#[tokio::test]
async fn a_prompt_that_asks_nothing_is_named_and_nothing_is_sent() {
    let request = Request::new(MODEL, Prompt::default().system("Be brief."));
    let (answer, server) = ask(&request, Script::Endless).await;
    let failure = answer.unwrap_err();
    assert_eq!(failure.kind, FailureKind::InvalidRequest);
    assert!(failure.message.contains("only system messages"), "{failure}");
    assert!(server.seen().is_empty());
}
