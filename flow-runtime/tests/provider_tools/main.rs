//! Recorded conversations with tools, one file each with its source: a reply is read into parts, and the request that continues
//! the conversation must equal the recorded one, which the endpoint accepted.

#![cfg(feature = "providers")]

mod handover;
mod plain;
mod round_trip;
#[path = "../wire/server.rs"]
#[allow(dead_code, reason = "other tests use more of it")]
mod server;

use std::fs;
use std::path::Path;

use flow_runtime::prompt::{Message, Part, Prompt, Role};
use flow_runtime::provider::{Anthropic, Gemini, Model, OpenAi, Provider, Reply, Request, ToolChoice, ToolSchema};
use serde::Deserialize;
use serde_json::{Value, json};

use server::{Script, Server, response};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Recorded {
    source: String,
    /// `openai`, `anthropic` or `gemini`.
    dialect: String,
    /// The conversation before the reply.
    #[serde(default)]
    before: Vec<Message>,
    /// The body of the reply; `None` if only the turn that was sent back was recorded.
    reply: Option<Value>,
    /// The results of the tools. `CALL` stands for the id of the reply's only call, if the reply gave none.
    #[serde(default)]
    after: Vec<Message>,
    /// The body of the next request; `None` if the turn is sent back unchanged.
    sent: Option<Value>,
}

impl Recorded {
    fn all() -> Vec<(String, Self)> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/provider_tools");
        let files = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path());
        let files = files.filter(|file| file.extension().is_some_and(|extension| extension == "json"));
        let read = |file: std::path::PathBuf| {
            let recorded = serde_json::from_str(&fs::read_to_string(&file).unwrap())
                .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            (file.file_stem().unwrap().to_string_lossy().into_owned(), recorded)
        };
        files.map(read).collect()
    }

    fn reply(&self) -> Value {
        let Some(reply) = &self.reply else {
            let turn = turns(&self.dialect, self.sent.as_ref().unwrap()).rev().find(is_the_models).unwrap();
            return match &self.dialect[..] {
                "openai" => json!({"choices": [{"finish_reason": "tool_calls", "message": turn}]}),
                "anthropic" => json!({"content": turn["content"], "stop_reason": "tool_use"}),
                _ => json!({"candidates": [{"content": turn, "finishReason": "STOP"}]}),
            };
        };
        reply.clone()
    }
}

fn turns(dialect: &str, body: &Value) -> impl DoubleEndedIterator<Item = Value> {
    body[if dialect == "gemini" { "contents" } else { "messages" }].as_array().unwrap().clone().into_iter()
}

fn is_the_models(turn: &Value) -> bool {
    turn["role"] == "assistant" || turn["role"] == "model"
}

/// The reply read from a body, and the body of the next request.
async fn ask(dialect: &str, request: &Request, body: &Value) -> (Reply, Value) {
    let server = Server::start([Script::Bytes(response("200 OK", "", &body.to_string()))]).await;
    let reply = match dialect {
        "openai" => OpenAi::at("any", &server.url).complete(request).await,
        "anthropic" => Anthropic::at("any", &server.url).complete(request).await,
        "gemini" => Gemini::at("any", &server.url).complete(request).await,
        other => panic!("no dialect is called `{other}`"),
    };
    (reply.unwrap(), server.only().body)
}

fn request(messages: Vec<Message>) -> Request {
    Request::new(Model::new("any/model"), Prompt { messages })
}

/// The results, with the id of the reply's call.
fn results(mut after: Vec<Message>, reply: &Reply) -> Vec<Message> {
    let Some(Part::ToolCall { id, .. }) = reply.content.tool_calls().next() else { return after };
    for message in &mut after {
        let mut parts = message.content.clone().into_parts();
        for part in &mut parts {
            if let Part::ToolResult { call, .. } = part
                && call == "CALL"
            {
                call.clone_from(id);
            }
        }
        message.content = parts.into();
    }
    after
}

#[tokio::test]
async fn the_next_request_says_what_the_endpoint_accepted() {
    let all = Recorded::all();
    assert!(all.len() >= 26);
    for (name, recorded) in all {
        assert!(recorded.source.starts_with("https://"), "{name}");
        let dialect = &recorded.dialect[..];
        let (reply, _) =
            ask(dialect, &Request::new(Model::new("any/model"), Prompt::user("Hi")), &recorded.reply()).await;
        let calls: Vec<_> = reply.content.tool_calls().cloned().collect();
        let Some(sent) = &recorded.sent else {
            let done = calls.iter().filter_map(|call| match call {
                Part::ToolCall { id, .. } => Some(Part::tool_result(id, "done")),
                _ => None,
            });
            let messages = vec![
                Message::new(Role::User, "Hi"),
                Message::new(Role::Assistant, reply.content.clone()),
                Message::new(Role::User, done.chain([Part::text("Go on.")]).collect::<Vec<_>>()),
            ];
            let (_, body) = ask(dialect, &request(messages), &recorded.reply()).await;
            assert_eq!(
                plain::turn(turns(dialect, &body).nth(1).unwrap()),
                plain::said(dialect, &recorded.reply()),
                "{name}"
            );
            continue;
        };
        assert!(!calls.is_empty(), "{name}");
        let said = [Message::new(Role::Assistant, reply.content.clone())];
        let messages = recorded.before.iter().cloned().chain(said).chain(results(recorded.after.clone(), &reply));
        let mut request = request(messages.collect());
        request.tools = plain::tools(dialect, sent);
        let (_, body) = ask(dialect, &request, &recorded.reply()).await;
        assert_eq!(plain::body(body), plain::body(sent.clone()), "{name}");
    }
}

#[tokio::test]
async fn what_is_anothers_is_not_sent() {
    let parts = [
        Part::opaque("other", json!({"type": "thinking", "thinking": "secret", "signature": "s"})),
        Part::text("One moment."),
        Part::opaque("other", json!({"thoughtSignature": "secret"})),
        Part::tool_call("c1", "ping", json!({})),
    ];
    for dialect in ["openai", "anthropic", "gemini"] {
        let messages = vec![
            Message::new(Role::User, "Hi"),
            Message::new(Role::Assistant, parts[..1].to_vec()),
            Message::new(Role::Assistant, parts.to_vec()),
            Message::new(Role::User, vec![Part::tool_error("c1", "no such host")]),
        ];
        let reply = Recorded::all().into_iter().find(|(_, recorded)| recorded.dialect == dialect).unwrap().1.reply();
        let (_, body) = ask(dialect, &request(messages), &reply).await;
        assert!(!body.to_string().contains("secret"), "{body}");
        assert_eq!(
            turns(dialect, &body).filter(is_the_models).count(),
            1,
            "a turn of which nothing is left is not sent"
        );
        let result = turns(dialect, &body).next_back().unwrap();
        assert_eq!(result.to_string().contains("error"), dialect != "openai", "{result}");
    }
}

#[tokio::test]
async fn tools_are_offered_in_each_dialect() {
    let schema = json!({"type": "object", "properties": {}});
    for (choice, forms) in [
        (ToolChoice::Auto, [json!(null), json!(null), json!(null)]),
        (ToolChoice::None, [json!("none"), json!({"type": "none"}), json!({"mode": "NONE"})]),
        (ToolChoice::Required, [json!("required"), json!({"type": "any"}), json!({"mode": "ANY"})]),
        (
            ToolChoice::Tool("ping".into()),
            [
                json!({"type": "function", "function": {"name": "ping"}}),
                json!({"type": "tool", "name": "ping"}),
                json!({"mode": "ANY", "allowedFunctionNames": ["ping"]}),
            ],
        ),
    ] {
        for (dialect, form) in ["openai", "anthropic", "gemini"].into_iter().zip(forms) {
            let reply =
                Recorded::all().into_iter().find(|(_, recorded)| recorded.dialect == dialect).unwrap().1.reply();
            let plain = Request::new(Model::new("any/model"), Prompt::user("Hi")).tool_choice(choice.clone());
            let (_, body) = ask(dialect, &plain, &reply).await;
            let absent = ["tools", "tool_choice", "toolConfig"].iter().all(|key| body.get(key).is_none());
            assert!(absent, "without tools there is nothing to choose: {body}");
            let request = plain.tool(ToolSchema::new("ping", schema.clone()).description("Pings.").strict());
            let (_, body) = ask(dialect, &request, &reply).await;
            let config = &body["toolConfig"]["functionCallingConfig"];
            assert_eq!(if dialect == "gemini" { config } else { &body["tool_choice"] }, &form, "{dialect}");
            assert_eq!(plain::tools(dialect, &body)[0].description.as_deref(), Some("Pings."));
            assert_eq!(plain::tools(dialect, &body)[0].strict, dialect != "gemini");
        }
    }
}

#[tokio::test]
async fn parts_in_the_wrong_place_are_refused_before_anything_is_sent() {
    let call = Part::tool_call("c1", "ping", json!({}));
    let result = Part::tool_result("c1", "pong");
    for (role, part, text) in [
        (Role::User, call, "the call of tool `ping` must be in an assistant message"),
        (Role::Assistant, result, "the result of call `c1` must be in a user message"),
    ] {
        let request = request(vec![Message::new(role, vec![part])]);
        let providers: [Box<dyn Provider>; 3] = [
            Box::new(OpenAi::at("any", "http://127.0.0.1:1")),
            Box::new(Anthropic::at("any", "http://127.0.0.1:1")),
            Box::new(Gemini::at("any", "http://127.0.0.1:1")),
        ];
        for provider in providers {
            assert_eq!(provider.complete(&request).await.unwrap_err().message, text);
        }
    }
}
