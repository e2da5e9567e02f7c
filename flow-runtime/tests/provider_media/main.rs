//! Attachments in the requests of each dialect, and what is refused before it is sent.

#![cfg(feature = "providers")]

#[path = "../wire/server.rs"]
#[allow(dead_code, reason = "other tests use more of it")]
mod server;

use flow_runtime::media::{Audio, Image, MediaKind, Pdf};
use flow_runtime::prompt::{Part, Prompt, Role};
use flow_runtime::provider::{
    Anthropic, Failure, FailureKind, Gemini, MediaKinds, Model, OpenAi, Provider, Request, SchemaSupport, provider_from,
};
use serde_json::{Value, json};

use server::{Script, Server, response};

const MODEL: Model = Model::new("any/model");

fn png() -> Image {
    Image::bytes(None, *b"\x89PNG\r\n\x1a\n").unwrap()
}

fn pdf() -> Pdf {
    Pdf::bytes(None, *b"%PDF-1.7").unwrap()
}

fn mp3() -> Audio {
    Audio::bytes(None, *b"ID3\x04").unwrap()
}

fn at(url: &str) -> Image {
    Image::url(url).unwrap()
}

/// A text, an attachment and a text.
fn around(part: impl Into<Part>) -> Prompt {
    Prompt::user(vec![Part::text("Look:"), part.into(), Part::text("What is it?")])
}

/// A conversation in which a tool returned an attachment.
fn from_tool(part: impl Into<Part>) -> Prompt {
    Prompt::user("Look it up.")
        .with(Role::Assistant, vec![Part::tool_call("c1", "find", json!({}))])
        .with(Role::User, vec![Part::tool_result("c1", vec![Part::text("found"), part.into()])])
}

/// The body that is sent for a prompt, or why nothing is sent.
async fn sent(dialect: &str, prompt: Prompt) -> Result<Value, Failure> {
    sent_to(dialect, MODEL, prompt).await
}

async fn sent_to(dialect: &str, model: Model, prompt: Prompt) -> Result<Value, Failure> {
    let reply = match dialect {
        "anthropic" => json!({"content": [{"type": "text", "text": "a dot"}], "stop_reason": "end_turn"}),
        "gemini" => json!({"candidates": [{"content": {"parts": [{"text": "a dot"}]}, "finishReason": "STOP"}]}),
        _ => json!({"choices": [{"finish_reason": "stop", "message": {"content": "a dot"}}]}),
    };
    let server = Server::start([Script::Bytes(response("200 OK", "", &reply.to_string()))]).await;
    let request = Request::new(model, prompt);
    match dialect {
        "openai" => OpenAi::at("any", &server.url).complete(&request).await,
        "ollama" => OpenAi::ollama().base_url(&server.url).complete(&request).await,
        "anthropic" => Anthropic::at("any", &server.url).complete(&request).await,
        "gemini" => Gemini::at("any", &server.url).complete(&request).await,
        other => panic!("no dialect is called `{other}`"),
    }?;
    Ok(server.only().body)
}

#[track_caller]
fn refused(outcome: Result<Value, Failure>, why: &str) {
    let failure = outcome.unwrap_err();
    assert_eq!(failure.kind, FailureKind::InvalidRequest, "{failure:?}");
    assert!(failure.message.contains(why), "{}", failure.message);
}

#[tokio::test]
async fn chat_completions_take_pictures_documents_and_sounds() {
    let content = |body: Value| body["messages"][0]["content"].clone();
    let (before, after) = (json!({"type": "text", "text": "Look:"}), json!({"type": "text", "text": "What is it?"}));
    for (part, written) in [
        (Part::from(&png()), json!({"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}})),
        (
            (&at("https://a.example/b")).into(),
            json!({"type": "image_url", "image_url": {"url": "https://a.example/b"}}),
        ),
        (
            (&pdf()).into(),
            json!({"type": "file", "file": {"filename": "document.pdf", "file_data": "data:application/pdf;base64,JVBERi0xLjc="}}),
        ),
        ((&mp3()).into(), json!({"type": "input_audio", "input_audio": {"data": "SUQzBA==", "format": "mp3"}})),
    ] {
        assert_eq!(content(sent("openai", around(part)).await.unwrap()), json!([before, written, after]));
    }
    assert_eq!(content(sent("openai", Prompt::user("Hi")).await.unwrap()), "Hi", "a text stays a text");
}

#[tokio::test]
async fn chat_completions_refuse_what_they_have_no_form_for() {
    let ogg = Audio::bytes(None, *b"OggS").unwrap();
    refused(sent("openai", around(&ogg)).await, "the provider does not take `audio/ogg`; it takes `image/png`, ");
    let scan = Pdf::url("https://a.example/b.pdf").unwrap();
    refused(sent("openai", around(&scan)).await, "does not fetch `application/pdf` from a URL: attach the bytes");
    refused(sent("openai", from_tool(&png())).await, "tool results can contain only text");
    refused(sent("ollama", around(&at("https://a.example/b.png"))).await, "does not fetch `image/png` from a URL");
    let mut large = b"\x89PNG\r\n\x1a\n".to_vec();
    large.resize(20_000_001, 0);
    let large = Image::bytes(None, large).unwrap();
    refused(sent("openai", around(&large)).await, "has 20000001 bytes, the provider takes 20000000");
}

#[tokio::test]
async fn claude_takes_pictures_and_documents_also_from_tools() {
    let content = |body: Value| body["messages"][0]["content"][1].clone();
    for (part, written) in [
        (
            Part::from(&png()),
            json!({"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "iVBORw0KGgo="}}),
        ),
        (
            (&at("https://a.example/b")).into(),
            json!({"type": "image", "source": {"type": "url", "url": "https://a.example/b"}}),
        ),
        (
            (&pdf()).into(),
            json!({"type": "document", "source": {"type": "base64", "media_type": "application/pdf", "data": "JVBERi0xLjc="}}),
        ),
    ] {
        assert_eq!(content(sent("anthropic", around(part)).await.unwrap()), written);
    }
    let result = sent("anthropic", from_tool(&png())).await.unwrap()["messages"][2]["content"][0]["content"].clone();
    assert_eq!(result[0], json!({"type": "text", "text": "found"}));
    assert_eq!(result[1]["source"]["data"], "iVBORw0KGgo=");
    refused(sent("anthropic", around(&mp3())).await, "the provider does not take `audio/mpeg`; it takes `image/png`, ");
}

#[tokio::test]
async fn gemini_takes_everything_and_its_third_generation_also_from_functions() {
    let part = |body: Value| body["contents"][0]["parts"][1].clone();
    for (attached, written) in [
        (Part::from(&png()), json!({"inlineData": {"mimeType": "image/png", "data": "iVBORw0KGgo="}})),
        ((&pdf()).into(), json!({"inlineData": {"mimeType": "application/pdf", "data": "JVBERi0xLjc="}})),
        ((&mp3()).into(), json!({"inlineData": {"mimeType": "audio/mp3", "data": "SUQzBA=="}})),
        (
            (&at("https://a.example/b.png")).into(),
            json!({"fileData": {"mimeType": "image/png", "fileUri": "https://a.example/b.png"}}),
        ),
        ((&at("https://a.example/b")).into(), json!({"fileData": {"fileUri": "https://a.example/b"}})),
    ] {
        assert_eq!(part(sent("gemini", around(attached)).await.unwrap()), written);
    }
    const THIRD: Model = Model::new("any/gemini-3-flash");
    let body = sent_to("gemini", THIRD, from_tool(&png())).await.unwrap();
    let response = &body["contents"][2]["parts"][0]["functionResponse"];
    assert_eq!(response["response"], json!({"output": "found"}));
    assert_eq!(response["parts"], json!([{"inlineData": {"mimeType": "image/png", "data": "iVBORw0KGgo="}}]));
    const SECOND: Model = Model::new("any/gemini-2.5-flash");
    refused(sent_to("gemini", SECOND, from_tool(&png())).await, "tool results can contain only text");
    let gif = Image::bytes(None, *b"GIF89a").unwrap();
    refused(sent("gemini", around(&gif)).await, "does not take `image/gif`");
}

#[tokio::test]
async fn only_the_user_attaches() {
    for dialect in ["openai", "anthropic", "gemini"] {
        let prompt = Prompt::user("Hi").with(Role::Assistant, vec![Part::from(&png())]);
        refused(sent(dialect, prompt).await, "attaches `image/png` to a message that is not the user's");
    }
}

#[test]
fn what_an_endpoint_takes_can_be_set() {
    let set = MediaKinds::of(&[MediaKind::Image]);
    let taken = |provider: &dyn Provider| provider.capabilities(&MODEL).media;
    assert_eq!(taken(&Anthropic::new("k").media(set)), set);
    assert!(!taken(&Anthropic::new("k")).contains(MediaKind::Audio));
    assert_eq!(taken(&OpenAi::at("deepseek", "https://api.deepseek.com")), MediaKinds::NONE);
    let variables = |name: &str| match name {
        "FLOW_DEEPSEEK_BASE_URL" => Some("https://api.deepseek.com".to_owned()),
        "FLOW_DEEPSEEK_SCHEMA" => Some("json".to_owned()),
        _ => None,
    };
    let usual = provider_from("deepseek", &variables).unwrap().capabilities(&MODEL);
    assert_eq!(
        (usual.schema, usual.media),
        (SchemaSupport::JsonMode, MediaKinds::NONE),
        "the schema says nothing of media"
    );
    let with = |media: &'static str| {
        move |name: &str| if name == "FLOW_DEEPSEEK_MEDIA" { Some(media.to_owned()) } else { variables(name) }
    };
    assert_eq!(provider_from("deepseek", &with("image")).unwrap().capabilities(&MODEL).media, set);
    assert_eq!(provider_from("deepseek", &with("unsupported")).unwrap().capabilities(&MODEL).media, MediaKinds::NONE);
    let error = provider_from("deepseek", &with("image,video")).map(drop).unwrap_err().to_string();
    assert!(error.contains("unknown kind of attachments `video` in FLOW_DEEPSEEK_MEDIA"), "{error}");
}
