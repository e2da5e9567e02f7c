//! Azure: both forms of its URLs, keys and tokens, deployments and filters.

use std::sync::atomic::{AtomicU32, Ordering};

use flow_runtime::prompt::Prompt;
use flow_runtime::provider::{Effort, FailureKind, Model, SchemaSupport, ToolSchema};

use super::*;

/// A body that both APIs could have sent.
fn either() -> String {
    let mut body = said(json!([message("Done.")]));
    body["choices"] = json!([{"finish_reason": "stop", "message": {"content": "Done."}, "content_filter_results": {}}]);
    body["prompt_filter_results"] = json!([{"prompt_index": 0}]);
    body.to_string()
}

async fn server() -> Server {
    Server::start([Script::Bytes(response("200 OK", "", &either()))]).await
}

fn tools(model: Model) -> Request {
    Request::new(model, Prompt::user("Hi")).tool(ToolSchema::new("ping", json!({"type": "object", "properties": {}})))
}

#[tokio::test]
async fn each_form_has_its_urls_and_the_key_its_header() {
    type Options = fn(OpenAi) -> OpenAi;
    let dated: Options = |azure| azure.api_version("2024-10-21");
    for (options, request, path) in [
        (
            dated,
            Request::new(Model::new("azure/gpt-4o"), Prompt::user("Hi")),
            "deployments/gpt-4o/chat/completions?api-version=2024-10-21",
        ),
        (dated, tools(Model::new("azure/gpt-6-sol")), "deployments/gpt-6-sol/chat/completions?api-version=2024-10-21"),
        (
            |azure| azure.api_version("2025-04-01-preview").responses(),
            tools(Model::new("azure/gpt-6-sol")),
            "responses?api-version=2025-04-01-preview",
        ),
        (|azure| azure, tools(Model::new("azure/gpt-4o")), "v1/chat/completions"),
        (|azure| azure, tools(Model::new("azure/gpt-6.1-sol")), "v1/responses"),
        (|azure| azure, Request::new(Model::new("azure/gpt-5.2-pro"), Prompt::user("Hi")), "v1/responses"),
    ] {
        let server = server().await;
        options(OpenAi::azure(&server.url, "key-4711-0815")).complete(&request).await.unwrap();
        let seen = server.only();
        assert!(seen.head.starts_with(&format!("post /openai/{path} ")), "{path}: {}", seen.head);
        assert!(seen.head.contains("api-key: key-4711-0815") && !seen.head.contains("authorization"), "{}", seen.head);
        assert_eq!(seen.body["model"], request.model.api_name());
    }
}

#[tokio::test]
async fn a_token_is_asked_for_before_each_request_and_hidden() {
    static ASKED: AtomicU32 = AtomicU32::new(0);
    let body = json!({"error": {"message": "The token entra-token-1 has expired."}}).to_string();
    let server = Server::start([
        Script::Bytes(response("401 Unauthorized", "", &body)),
        Script::Bytes(response("200 OK", "", &either())),
    ])
    .await;
    let azure = OpenAi::azure(&server.url, "")
        .token_source(|| async { Ok(format!("entra-token-{}", ASKED.fetch_add(1, Ordering::SeqCst) + 1)) });
    let request = Request::new(Model::new("azure/gpt-4o"), Prompt::user("Hi"));
    let failure = azure.complete(&request).await.unwrap_err();
    assert_eq!(failure.message, "the endpoint answered 401 Unauthorized: The token [key] has expired.");
    assert!(!format!("{failure:?} {azure:?}").contains("entra-token"));
    azure.complete(&request).await.unwrap();
    for (seen, token) in server.seen().iter().zip(["entra-token-1", "entra-token-2"]) {
        assert!(seen.head.contains(&format!("authorization: bearer {token}\r\n")), "{}", seen.head);
        assert!(!seen.head.contains("api-key"), "{}", seen.head);
    }
}

#[tokio::test]
async fn without_a_token_nothing_is_sent() {
    let server = server().await;
    let request = Request::new(Model::new("azure/gpt-4o"), Prompt::user("Hi"));
    let empty = OpenAi::azure(&server.url, "").token_source(|| async { Ok(" ".to_owned()) });
    let failing = OpenAi::azure(&server.url, "")
        .token_source(|| async { Err(Failure::new(FailureKind::Transport, "the identity service is down")) });
    let failure = empty.complete(&request).await.unwrap_err();
    assert_eq!(
        (failure.kind, &failure.message[..]),
        (FailureKind::Unauthorized, "the token source returned an empty token")
    );
    assert_eq!(failing.complete(&request).await.unwrap_err().message, "the identity service is down");
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn a_deployment_has_the_rules_of_its_model() {
    const FAST: Model = Model::new("azure/fast").effort(Effort::Minimal);
    for (model, path, effort) in [
        ("openai/gpt-5-mini", "v1/chat/completions", Some("minimal")),
        ("openai/gpt-6-luna", "v1/responses", Some("none")),
        ("openai/gpt-5.4-pro", "v1/responses", Some("medium")),
    ] {
        let server = server().await;
        let azure = OpenAi::azure(&server.url, "key").deployment("fast", model.parse().unwrap());
        assert_eq!(Provider::capabilities(&azure, &FAST).schema, SchemaSupport::Strict);
        azure.complete(&tools(FAST)).await.unwrap();
        let seen = server.only();
        assert!(seen.head.starts_with(&format!("post /openai/{path} ")), "{}", seen.head);
        let sent = seen.body.get("reasoning_effort").or(seen.body.pointer("/reasoning/effort")).and_then(Value::as_str);
        assert_eq!((&seen.body["model"], sent), (&json!("fast"), effort), "{model}");
    }
}

/// The older form asks through chat completions, where this model takes no tools.
#[tokio::test]
async fn a_model_without_tools_is_refused_before_anything_is_sent() {
    let server = server().await;
    let dated = OpenAi::azure(&server.url, "key").api_version("2024-10-21");
    let model = Model::new("azure/gpt-6.1-sol");
    assert!(!Provider::capabilities(&dated, &model).tools);
    let text = "`azure/gpt-6.1-sol` takes tools only through OpenAI's Responses API; ask it through that API, or ask another model";
    assert_eq!(dated.complete(&tools(model)).await.unwrap_err().message, text);
    let configured = OpenAi::azure(&server.url, "key").tools(false);
    let text = "`azure/gpt-4o` takes no tools, according to the configured capabilities";
    assert_eq!(configured.complete(&tools(Model::new("azure/gpt-4o"))).await.unwrap_err().message, text);
    assert!(server.seen().is_empty());
    assert!(Provider::capabilities(&OpenAi::azure(&server.url, "key"), &model).tools);
}

/// Without a special constructor, its hosts have the rules of OpenAI too.
#[test]
fn its_hosts_are_known() {
    for host in ["a.openai.azure.com", "A.cognitiveservices.azure.com"] {
        let azure = OpenAi::at("mine", format!("https://{host}/openai/v1"));
        assert_eq!(Provider::capabilities(&azure, &Model::new("mine/gpt-4o")).schema, SchemaSupport::Strict, "{host}");
    }
    // The last one serves models of all vendors.
    for host in ["openai.azure.com.example", "a.services.ai.azure.com"] {
        let other = OpenAi::at("mine", format!("https://{host}/v1"));
        assert_eq!(Provider::capabilities(&other, &Model::new("mine/gpt-4o")).schema, SchemaSupport::Compatible);
    }
}

#[tokio::test]
async fn a_filtered_prompt_is_filtered_and_not_invalid() {
    let error = json!({"error": {
        "code": "content_filter", "message": "The prompt was filtered.", "param": "prompt", "status": 400, "type": null,
        "innererror": {
            "code": "ResponsibleAIPolicyViolation",
            "content_filter_result": {"violence": {"filtered": true, "severity": "high"}},
        },
    }});
    let server = Server::start([Script::Bytes(response("400 Bad Request", "", &error.to_string()))]).await;
    for request in [Request::new(Model::new("azure/gpt-4o"), Prompt::user("Hi")), tools(Model::new("azure/gpt-6-sol"))]
    {
        let failure = OpenAi::azure(&server.url, "key").complete(&request).await.unwrap_err();
        assert_eq!((failure.kind, failure.is_retryable()), (FailureKind::Filtered, false));
    }
}
