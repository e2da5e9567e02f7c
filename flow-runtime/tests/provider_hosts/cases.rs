//! Requests, and what has to be sent for them.

use flow_runtime::prompt::{Part, Prompt, Role};
use flow_runtime::provider::{Effort, Model, Request, ToolSchema};
use serde_json::{Value, json};

const OPENAI: &str = "http://api.openai.com/v1";
const DEEPSEEK: &str = "http://api.deepseek.com";
const MISTRAL: &str = "http://api.mistral.ai/v1";
const OTHER: &str = "http://models.example/v1";

/// An id as vLLM makes them.
const LONG: &str = "chatcmpl-tool-0123456789abcdef0123456789abcdef";

pub(crate) struct Case {
    pub(crate) what: &'static str,
    pub(crate) url: &'static str,
    pub(crate) request: Request,
    /// Whether chat completions are set.
    pub(crate) is_chat: bool,
    /// Values by pointer; `None` if there may be none.
    pub(crate) sent: Vec<(&'static str, Option<Value>)>,
}

pub(crate) fn all() -> Vec<Case> {
    [efforts(), ids(), names(), reasoning()].into_iter().flatten().collect()
}

pub(crate) fn ping() -> ToolSchema {
    ToolSchema::new("ping", json!({"type": "object", "properties": {}}))
}

fn case(
    what: &'static str,
    url: &'static str,
    request: Request,
    sent: impl Into<Vec<(&'static str, Option<Value>)>>,
) -> Case {
    Case { what, url, request, is_chat: false, sent: sent.into() }
}

/// OpenAI answers tools beside reasoning with "use /v1/responses or set reasoning_effort to 'none'", to GPT-5.6 and later even if
/// no effort is set; GPT-5.4 and 5.5 reject only the parameter. If chat completions are set, the effort is lowered.
fn efforts() -> Vec<Case> {
    let tools = |model| Request::new(model, Prompt::user("Hi")).tool(ping());
    let high = |id| Model::new(id).effort(Effort::High);
    let none = [("/reasoning_effort", None)];
    let is = |level: &str| [("/reasoning_effort", Some(json!(level)))];
    let chat = |what, request, sent: [_; 1]| Case { is_chat: true, ..case(what, OPENAI, request, sent) };
    let apart = |level: &str| [("/reasoning/effort", Some(json!(level))), ("/tools/0/name", Some(json!("ping")))];
    vec![
        case("an older model reasons beside tools", OPENAI, tools(high("here/gpt-5-mini")), is("high")),
        chat("the parameter is rejected", tools(high("here/gpt-5.4-mini")), none.clone()),
        chat("the parameter is rejected", tools(high("here/gpt-5.5")), none.clone()),
        chat("the default is rejected", tools(Model::new("here/gpt-5.6-sol")), is("none")),
        chat("every other level is rejected", tools(high("here/gpt-6-luna")), is("none")),
        case("responses reason beside tools", OPENAI, tools(high("here/gpt-5.4-mini")), apart("high")),
        case("responses reason beside tools", OPENAI, tools(high("here/gpt-6.1-sol")), apart("high")),
        case(
            "a conversation in which tools were called",
            OPENAI,
            called("here/gpt-6-sol", "c1", "ping"),
            [("/input/1/call_id", Some(json!("c1"))), ("/input/2/output", Some(json!("pong")))],
        ),
        case(
            "only responses serve it",
            OPENAI,
            Request::new(high("here/gpt-5-codex"), Prompt::user("Hi")),
            [("/reasoning/effort", Some(json!("high")))],
        ),
        case("no tools", OPENAI, Request::new(high("here/gpt-5.6-sol"), Prompt::user("Hi")), is("high")),
        case("no tools", OPENAI, Request::new(high("here/gpt-6.1-sol"), Prompt::user("Hi")), is("high")),
        case("a gateway adapts requests itself", OTHER, tools(high("here/openai/gpt-6-luna")), is("high")),
    ]
}

/// A conversation in which another provider's model called a tool.
fn called(model: &'static str, id: &str, name: &str) -> Request {
    let prompt = Prompt::user("Hi")
        .with(Role::Assistant, Part::tool_call(id, name, json!({})))
        .with(Role::User, Part::tool_result(id, "pong"));
    Request::new(Model::new(model), prompt).tool(ping())
}

/// Mistral: "Tool call id was … but must be a-z, A-Z, 0-9, with a length of 9". OpenAI: "Expected a string with maximum length 40".
fn ids() -> Vec<Case> {
    let same = |what, url, model, id: &str, written: &str| {
        let places = ["/messages/1/tool_calls/0/id", "/messages/2/tool_call_id"];
        case(what, url, called(model, id, "ping"), places.map(|place| (place, Some(json!(written)))))
    };
    vec![
        same("an id of Mistral's form", MISTRAL, "here/mistral-large-latest", "48f5r72yF", "48f5r72yF"),
        same("another id", MISTRAL, "here/labs-leanstral-2603", "toolu_01A", "2d1cea204"),
        same("Mistral's model elsewhere", OTHER, "here/mistralai/devstral-small", "toolu_01A", "2d1cea204"),
        same("a short id", OPENAI, "here/gpt-5-mini", "toolu_01A", "toolu_01A"),
        same("a long id", OPENAI, "here/gpt-5-mini", LONG, "7059c8a482880eeb"),
        same("a server with its own ids", OTHER, "here/kimi-k3", "functions.ping:0", "functions.ping:0"),
    ]
}

/// "Invalid 'messages[1].tool_calls[0].function.name': string does not match pattern".
fn names() -> Vec<Case> {
    let request = called("here/gpt-5-mini", "c1", "browser.ping");
    vec![case(
        "a tool that was never offered",
        OPENAI,
        request,
        [("/messages/1/tool_calls/0/function/name", Some(json!("browser_ping")))],
    )]
}

/// DeepSeek: "The reasoning_content in the thinking mode must be passed back to the API", once a tool was called; an empty one is
/// rejected as well.
fn reasoning() -> Vec<Case> {
    let said = |mut request: Request| {
        let answer = vec![Part::opaque("here", json!({"reasoning_content": "Why?"})), Part::text("Pong!")];
        request.prompt = request.prompt.with(Role::Assistant, answer).with(Role::User, "Again.");
        request
    };
    let first = "/messages/1/reasoning_content";
    let unknown = json!("(called ping without recorded reasoning)");
    let off = Model::new("here/deepseek-v4-flash").extra(&[("thinking", r#"{"type": "disabled"}"#)]);
    let plain = Request::new(Model::new("here/deepseek-v4-pro"), Prompt::user("Hi").with(Role::Assistant, "Hello."));
    let mut disabled = called("here/deepseek-v4-flash", "c1", "ping");
    disabled.model = off;
    vec![
        case(
            "a call of another model, and an answer of its own",
            DEEPSEEK,
            said(called("here/deepseek-v4-pro", "c1", "ping")),
            [(first, Some(unknown)), ("/messages/3/reasoning_content", Some(json!("Why?")))],
        ),
        case("no tools", DEEPSEEK, plain, [(first, None)]),
        case("no thinking", DEEPSEEK, disabled, [(first, None)]),
        case("no thinking", DEEPSEEK, called("here/deepseek-chat", "c1", "ping"), [(first, None)]),
        case("a conversation elsewhere", OTHER, called("here/deepseek-v4-pro", "c1", "ping"), [(first, None)]),
    ]
}
