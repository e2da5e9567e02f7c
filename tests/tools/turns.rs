//! Scripted conversations, and every kind of tool.

use flow::prelude::*;
use flow::serde_json::json;
use flow::testing::{answer, answer_json, call, call_named, calls};
use flow::{ErrorKind, Runtime};

use super::support::{FAST, Log, Resolution, find_order, resolution, resolve, search, support, ticket};

#[tokio::test(start_paused = true)]
async fn a_script_of_turns() {
    let log = Log::default();
    let runtime = Runtime::test().state(log.clone()).turns(
        resolve,
        [
            calls([call(find_order, json!({"number": "7"})), call(search, json!({"words": ["a"]}))]),
            call_named("nothing", json!({})),
            answer(resolution("done")),
        ],
    );
    let (runtime, happened) = runtime.build().unwrap();
    assert_eq!(runtime.run(support(ticket("late"))).await.unwrap(), resolution("done"));
    let steps: Vec<_> = happened.lines().into_iter().filter(|line| line.starts_with("did step")).collect();
    assert_eq!(
        steps,
        ["did step resolve/turn[1]/find_order", "did step resolve/turn[1]/search", "did step resolve"],
        "tools run at once"
    );
}

#[tokio::test(start_paused = true)]
async fn tools_are_answered_like_any_step() {
    let orders = [flow::Error::terminal("no such order")];
    let runtime = Runtime::test().state(Log::default()).results(find_order, orders.map(Err)).turns(
        resolve,
        [call(find_order, json!({"number": "7"})), answer_json(json!({"text": 3})), answer(resolution("done"))],
    );
    let (runtime, happened) = runtime.build().unwrap();
    assert_eq!(runtime.run(support(ticket("late"))).await.unwrap(), resolution("done"));
    let lines = happened.lines();
    assert!(lines.iter().any(|line| line.contains("did step resolve/turn[1]/find_order: ")), "{lines:#?}");
    assert!(lines.iter().any(|line| line.contains("expected string, found number 3")), "{lines:#?}");
}

#[tokio::test(start_paused = true)]
async fn a_script_that_is_too_short() {
    let runtime = Runtime::test().state(Log::default()).turns(resolve, [call(find_order, json!({"number": "7"}))]);
    let error = runtime.run(support(ticket("late"))).await.unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::Setup);
    assert!(error.message().contains("no more answers for step `resolve`"), "{error}");
}

/// Translate a text.
#[step(model = FAST, prompt = "Translate: {{ text }}")]
async fn translate(text: &str) -> Result<String>;

/// Greet somebody, politely.
#[workflow]
async fn greet(name: String, #[state] log: &Log) -> Result<String> {
    let words = search(vec!["hello".into(), name], None, log).await?;
    translate(&words.join(" ")).await
}

/// Ask the customer a question.
#[step(human, timeout = "2d")]
async fn ask_customer(question: &str) -> Result<String>;

#[step(model = FAST, prompt = "{{ text }}", tools = [greet, ask_customer, translate.id("into_english")], max_turns = 4)]
async fn chat(text: &str) -> Result<Resolution>;

#[workflow]
async fn chatting(text: String) -> Result<Resolution> {
    chat(&text).await
}

#[tokio::test(start_paused = true)]
async fn workflows_people_and_models_are_tools() {
    let runtime = Runtime::test()
        .state(Log::default())
        .with(translate, |text: String| Ok(text.to_uppercase()))
        .answer(ask_customer, "blue".into())
        .turns(
            chat,
            [
                calls([call(greet, json!({"name": "Ann"})), call(ask_customer, json!({"question": "which?"}))]),
                call(translate, json!({"text": "b"})),
                answer(resolution("done")),
            ],
        );
    let (runtime, happened) = runtime.build().unwrap();
    assert_eq!(runtime.run(chatting("hi".into())).await.unwrap(), resolution("done"));
    let steps: Vec<_> = happened.lines().into_iter().filter(|line| line.starts_with("will step")).collect();
    assert_eq!(
        steps,
        [
            "will step chat",
            "will step chat/turn[1]/greet/search",
            "will step chat/turn[1]/ask_customer",
            "will step chat/turn[1]/greet/translate",
            "will step chat/turn[2]/into_english",
        ]
    );
}
