//! What a model is told: the tools, their results, and what it said itself.

use flow::Runtime;
use flow::provider::{Capabilities, SchemaSupport, ToolChoice};
use flow::serde_json::json;

use super::support::{Log, calls, fake, resolution, says, support, ticket};

#[tokio::test(start_paused = true)]
async fn a_conversation() {
    let (fake, asked) = fake(
        "fake",
        [
            calls([
                ("find_order", json!({"number": "7"})),
                ("search", json!({"words": ["late", "parcel"], "limit": 1})),
            ]),
            says(r#"{"text": "done"}"#),
        ],
    );
    let log = Log::default();
    let runtime = Runtime::test().state(log.clone()).provider(fake);
    assert_eq!(runtime.run(support(ticket("late"))).await.unwrap(), resolution("done"));
    assert_eq!(log.all(), ["find 7 of c1", "search late parcel"]);
    assert_eq!(asked.lines(0), ["User: Help: late"]);
    assert_eq!(
        asked.lines(1),
        [
            "User: Help: late",
            r#"Assistant: call id10 find_order {"number":"7"}"#,
            r#"Assistant: call id11 search {"words":["late","parcel"],"limit":1}"#,
            r#"User: result id10 {"number":"7","owner":"c1","cents":500}"#,
            r#"User: result id11 ["late"]"#,
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn the_model_sees_each_tool_without_what_is_bound() {
    let (fake, asked) = fake("fake", [says(r#"{"text": "done"}"#)]);
    Runtime::test().state(Log::default()).provider(fake).run(support(ticket("late"))).await.unwrap();
    let request = &asked.all()[0];
    assert_eq!(request.tool_choice, ToolChoice::Auto);
    let [find_order, search] = &request.tools[..] else { panic!("{:?}", request.tools) };
    assert_eq!((find_order.name.as_str(), search.name.as_str()), ("find_order", "search"));
    assert_eq!(find_order.description.as_deref(), Some("Look up an order of this customer by its number."));
    let properties =
        json!({"number": {"type": "string", "title": "string", "description": "The number on the receipt."}});
    assert_eq!(find_order.parameters["properties"], properties);
    assert_eq!(find_order.parameters["required"], json!(["number"]));
    assert_eq!(search.parameters["required"], json!(["words"]));
    assert_eq!(search.parameters["additionalProperties"], json!(false));
}

#[tokio::test(start_paused = true)]
async fn no_tool_may_be_chosen_in_the_last_turn() {
    let find = || calls([("find_order", json!({"number": "7"}))]);
    let (fake, asked) = fake("fake", [find(), find(), says(r#"{"text": "done"}"#)]);
    Runtime::test().state(Log::default()).provider(fake).run(support(ticket("late"))).await.unwrap();
    let choices: Vec<_> = asked.all().into_iter().map(|request| request.tool_choice).collect();
    assert_eq!(choices, [ToolChoice::Auto, ToolChoice::Auto, ToolChoice::None]);
    // The tools stay in the request: endpoints refuse a conversation about tools that they are not told of.
    assert!(asked.all().iter().all(|request| request.tools.len() == 2));
}

#[tokio::test(start_paused = true)]
async fn a_rejected_answer_does_not_end_the_conversation() {
    let (fake, asked) = fake(
        "fake",
        [
            calls([("find_order", json!({"number": "7"}))]),
            says(r#"{"text": "no!"}"#),
            calls([("search", json!({"words": ["manners"]}))]),
            says(r#"{"text": "sorry"}"#),
        ],
    );
    let log = Log::default();
    let runtime = Runtime::test().state(log.clone()).provider(fake);
    assert_eq!(runtime.run(support(ticket("late"))).await.unwrap(), resolution("sorry"));
    let lines = asked.lines(3);
    assert_eq!(
        lines[2..],
        [
            r#"User: result id10 {"number":"7","owner":"c1","cents":500}"#,
            r#"Assistant: {"text": "no!"}"#,
            "User: This answer was rejected:\n- be polite\n\nReturn the complete answer again with these problems fixed.",
            r#"Assistant: call id30 search {"words":["manners"]}"#,
            r#"User: result id30 ["manners"]"#,
        ]
    );
    assert_eq!(log.all(), ["find 7 of c1", "search manners"]);
}

#[tokio::test(start_paused = true)]
async fn offline_each_tool_without_effects_is_called_once() {
    let log = Log::default();
    let runtime = flow::Runtime::builder().offline().state(log.clone()).build().unwrap();
    runtime.run(support(ticket("Order 7 is late. Where is it?"))).await.unwrap();
    let all = log.all();
    assert_eq!(all.len(), 2, "{all:?}");
    assert!(all[0].starts_with("find ") && all[1].starts_with("search "), "{all:?}");
}

#[tokio::test(start_paused = true)]
async fn an_endpoint_that_takes_tools_or_a_schema() {
    let find = || calls([("find_order", json!({"number": "7"}))]);
    let (fake, asked) = fake("fake", [find(), find(), says(r#"Here it is: {"text": "done"}"#)]);
    let able = Capabilities::new(SchemaSupport::Strict).schema_with_tools(false);
    let runtime = Runtime::test().state(Log::default()).provider(fake.able(able));
    let outcome = runtime.run(support(ticket("late"))).await;
    assert!(outcome.is_err(), "the last turn has a schema, so words around the answer are a mistake");
    let requests = asked.all();
    let forms: Vec<_> = requests.iter().map(|request| (request.tools.len(), request.schema.is_some())).collect();
    assert_eq!(forms[..3], [(2, false), (2, false), (0, true)]);
    assert!(asked.lines(0)[0].contains("Once you need no more tools, answer with one JSON value"));
    assert_eq!(asked.lines(0), asked.lines(1)[..1], "the conversation goes on below an unchanged beginning");
}

#[tokio::test(start_paused = true)]
async fn an_endpoint_that_cannot_forbid_tools() {
    let find = || calls([("find_order", json!({"number": "7"}))]);
    let (fake, asked) = fake("fake", [find(), find(), says(r#"{"text": "done"}"#)]);
    let able = Capabilities::new(SchemaSupport::Full).tool_choice_none(false);
    Runtime::test().state(Log::default()).provider(fake.able(able)).run(support(ticket("late"))).await.unwrap();
    let requests = asked.all();
    let forms: Vec<_> = requests.iter().map(|request| (request.tools.len(), request.tool_choice.clone())).collect();
    assert_eq!(forms, [(2, ToolChoice::Auto), (2, ToolChoice::Auto), (0, ToolChoice::Auto)]);
}

#[tokio::test(start_paused = true)]
async fn an_endpoint_that_holds_a_model_to_the_schemas_of_its_tools() {
    for (is_strict, able) in [
        (true, Capabilities::new(SchemaSupport::Strict).strict_tools(true)),
        (false, Capabilities::new(SchemaSupport::Strict)),
        (false, Capabilities::new(SchemaSupport::Anthropic).strict_tools(true)),
    ] {
        let (fake, asked) = fake("fake", [says(r#"{"text": "done"}"#)]);
        Runtime::test().state(Log::default()).provider(fake.able(able)).run(support(ticket("late"))).await.unwrap();
        let tools = &asked.all()[0].tools;
        assert!(tools.iter().all(|tool| tool.strict == is_strict), "{able:?}");
        if is_strict {
            // What the mode demands: every property is required, and null stands for an optional one.
            assert_eq!(tools[1].parameters["required"], json!(["words", "limit"]));
            assert_eq!(tools[1].parameters["additionalProperties"], json!(false));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_model_without_tools_is_named_before_the_first_step() {
    let (fake, asked) = fake("fake", [says(r#"{"text": "done"}"#)]);
    let able = Capabilities::new(SchemaSupport::Strict).tools(false);
    let runtime = Runtime::builder().state(Log::default()).provider(fake.able(able)).build().unwrap();
    let error = runtime.run(support(ticket("late"))).await.unwrap_err();
    assert!(error.to_string().contains("asks the model `fake/"), "{error}");
    assert!(error.to_string().contains("with tools, which that provider does not offer for it"), "{error}");
    assert!(asked.all().is_empty());
}
