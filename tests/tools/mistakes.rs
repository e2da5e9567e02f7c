//! What a model does wrong, or a tool, is told to the model.

use flow::prelude::*;
use flow::serde_json::{Value, json};
use flow::{ErrorKind, Runtime};

use super::support::{FAST, Log, Resolution, Ticket, calls, fake, find_order, resolution, says, support, ticket};

/// The result that the model is told of one call.
async fn told(name: &'static str, arguments: Value) -> String {
    let (fake, asked) = fake("fake", [calls([(name, arguments)]), says(r#"{"text": "done"}"#)]);
    Runtime::test().state(Log::default()).provider(fake).run(support(ticket("late"))).await.unwrap();
    asked.lines(1).pop().unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_tool_that_does_not_exist() {
    let told = told("delete_all", json!({})).await;
    assert_eq!(told, "User: error id10 there is no tool `delete_all`; the tools are `find_order`, `search`");
}

#[tokio::test(start_paused = true)]
async fn arguments_that_break_the_contract() {
    let wrong = [
        (json!({}), "at `/number`: expected string, found nothing: the argument is missing"),
        (json!({"number": 7}), "at `/number`: expected string, found number 7"),
        (json!("7"), "the arguments must be a JSON object, but they are: \"7\""),
        (json!([7]), "the arguments must be a JSON object, but they are: [7]"),
        (Value::Null, "at `/number`: expected string, found nothing: the argument is missing"),
    ];
    for (arguments, why) in wrong {
        let told = told("find_order", arguments).await;
        assert!(told.starts_with("User: error id10 ") && told.contains(why), "{told}");
    }
    let told = told("search", json!({"words": ["a", 3], "limt": 2})).await;
    assert!(told.contains("at `/words/1`: expected string, found number 3") && told.contains("`/limt`"), "{told}");
}

#[tokio::test(start_paused = true)]
async fn a_model_cannot_choose_what_is_bound() {
    let (fake, _) = fake(
        "fake",
        [calls([("find_order", json!({"number": "7", "customer": {"id": "c2"}}))]), says(r#"{"text": "done"}"#)],
    );
    let log = Log::default();
    Runtime::test().state(log.clone()).provider(fake).run(support(ticket("late"))).await.unwrap();
    assert_eq!(log.all(), ["find 7 of c1"]);
}

#[tokio::test(start_paused = true)]
async fn a_failure_of_the_tool_without_its_sources() {
    assert_eq!(told("find_order", json!({"number": "8"})).await, "User: error id10 there is no order 8");
}

/// Fails with a source that a model is not meant to read.
#[step]
async fn connect(host: &str) -> std::result::Result<String, Unreachable> {
    Err(Unreachable(std::io::Error::other(format!("password of {host} is wrong"))))
}

#[derive(Debug)]
struct Unreachable(std::io::Error);

impl std::fmt::Display for Unreachable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the host is unreachable")
    }
}

impl std::error::Error for Unreachable {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

#[step(model = FAST, prompt = "{{ host }}", tools = [connect], max_turns = 2)]
async fn visit(host: &str) -> Result<Resolution>;

#[workflow]
async fn visiting(host: String) -> Result<Resolution> {
    visit(&host).await
}

#[tokio::test(start_paused = true)]
async fn the_source_chain_of_a_failure_stays_here() {
    let (fake, asked) = fake("fake", [calls([("connect", json!({"host": "h"}))]), says(r#"{"text": "done"}"#)]);
    Runtime::test().provider(fake).run(visiting("h".into())).await.unwrap();
    assert_eq!(asked.lines(1).pop().unwrap(), "User: error id10 the host is unreachable");
}

#[step(
    model = FAST,
    prompt = "{{ ticket.text }}",
    tools = [find_order(customer = ticket.customer)],
    max_turns = 3,
    on_tool_error = fail
)]
async fn strict_resolve(ticket: &Ticket) -> Result<Resolution>;

#[workflow]
async fn strictly(ticket: Ticket) -> Result<Resolution> {
    strict_resolve(&ticket).await
}

#[tokio::test(start_paused = true)]
async fn a_failure_may_be_that_of_the_step() {
    let (fake, _) = fake("fake", [calls([("find_order", json!({"number": "8"}))])]);
    let error = Runtime::test().state(Log::default()).provider(fake).run(strictly(ticket("late"))).await.unwrap_err();
    assert_eq!(
        error.in_run().to_string(),
        "step `find_order` at `strict_resolve/turn[1]/find_order`: there is no order 8"
    );
    // A call that is wrong in itself is still told: nothing has failed.
    let (fake, _) = super::support::fake("fake", [calls([("find", json!({}))]), says(r#"{"text": "done"}"#)]);
    let done = Runtime::test().state(Log::default()).provider(fake).run(strictly(ticket("late"))).await;
    assert_eq!(done.unwrap(), resolution("done"));
}

#[tokio::test(start_paused = true)]
async fn a_state_that_is_missing_is_refused_before_the_first_step() {
    let (fake, asked) = fake("fake", [says(r#"{"text": "done"}"#)]);
    let error = Runtime::builder().provider(fake).build().unwrap().run(support(ticket("late"))).await.unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::Setup);
    assert!(error.message().contains("tool `find_order` of step `resolve` needs the state `log: &Log`"), "{error}");
    assert_eq!(asked.count(), 0);
}
