//! Asking a model again, with its answer and the reasons for the rejection.

use flow::prelude::*;

use crate::support::{Book, Draft, FAST, Say, draft, fake, only};

#[gate]
fn polite(draft: &Draft) -> Verdict {
    Verdict::ensure(draft.text.contains("please"), "say please")
}

#[step(model = FAST, system = "Be brief.", prompt = "Ask {{ who }}.", gate = polite, repair = 3)]
async fn ask(who: &str) -> Result<Draft>;

#[workflow]
async fn asking(who: String) -> Result<Draft> {
    ask(&who).await
}

#[flow::tokio::test(start_paused = true)]
async fn no_json_a_broken_contract_and_a_gate_share_one_count() {
    let says = ["no json", r#"{"text": 3}"#, r#"{"text": "come"}"#, r#"{"text": "please come"}"#].map(Say::Text);
    let (fake, asked) = fake("fake", says);
    let (runtime, happened) = Runtime::test().provider(fake).build().unwrap();
    assert_eq!(runtime.run(asking("Ann".into())).await.unwrap(), draft("please come"));
    let rejected = only(&happened.lines(), "did reject ask by ");
    assert!(rejected[0].starts_with("contract: the answer is not JSON: "), "{rejected:?}");
    assert_eq!(rejected[1..], ["contract: at `/text`: expected string, found number 3", "polite: say please"]);
    assert_eq!(
        only(&happened.lines(), "will attempt "),
        (1..=4).map(|n| format!("ask #{n} with fake/fast")).collect::<Vec<_>>()
    );
    assert_eq!(asked.count(), 4);
}

#[flow::tokio::test(start_paused = true)]
async fn the_model_sees_the_prompt_its_last_answer_and_the_reasons() {
    let says = ["no json", r#"{"text": "come"}"#, r#"{"text": "please"}"#].map(Say::Text);
    let (fake, asked) = fake("fake", says);
    Runtime::test().provider(fake).run(asking("Ann".into())).await.unwrap();
    assert_eq!(asked.conversation(0), ["System: Be brief.", "User: Ask Ann."]);
    assert_eq!(
        asked.conversation(2),
        [
            "System: Be brief.",
            "User: Ask Ann.",
            "Assistant: {\"text\": \"come\"}",
            "User: This answer was rejected:\n- say please\n\nReturn the complete answer again with these problems fixed.",
        ]
    );
}

#[flow::tokio::test(start_paused = true)]
async fn used_up_repairs_end_with_the_reasons_and_the_last_answer() {
    let (fake, _) = fake("fake", (0..4).map(|_| Say::Text(r#"{"text": [1]}"#)));
    let error = Runtime::test().provider(fake).run(asking("Ann".into())).await.unwrap_err();
    let flow::ErrorKind::ContractViolated { violations, answer } = error.kind() else { panic!("{error}") };
    assert_eq!((violations[0].pointer.as_str(), answer.as_str()), ("/text", r#"{"text": [1]}"#));
    assert_eq!(
        error.in_run().to_string(),
        "step `ask`, attempt 4: the model's answer breaks the contract\n  at `/text`: expected string, found array of 1\n  the answer was: {\"text\": [1]}"
    );
}

#[step(model = FAST, prompt = "Ask {{ who }}.", repair = 0)]
async fn ask_once(who: &str) -> Result<Draft>;

#[workflow]
async fn asking_once(who: String) -> Result<Draft> {
    ask_once(&who).await
}

#[flow::tokio::test(start_paused = true)]
async fn without_repairs_the_first_bad_answer_is_the_last() {
    let (fake, asked) = fake("fake", [Say::Text("no json")]);
    let book = Book::default();
    let error = Runtime::test().provider(fake).observe(book.clone()).run(asking_once("Ann".into())).await.unwrap_err();
    assert!(error.to_string().contains("the answer is not JSON"), "{error}");
    assert_eq!(asked.count(), 1);
    assert_eq!(book.attempts()[0].reply.as_ref().unwrap(), "no json");
}

#[flow::tokio::test(start_paused = true)]
async fn a_call_of_a_tool_that_was_not_offered_is_a_rejected_answer() {
    let (fake, asked) = fake("fake", [Say::Call("search"), Say::Text(r#"{"text": "please"}"#)]);
    let book = Book::default();
    let (runtime, happened) = Runtime::test().provider(fake).observe(book.clone()).build().unwrap();
    runtime.run(asking("Ann".into())).await.unwrap();
    let reason = "the model called the tool `search`, but no tools were offered";
    assert_eq!(only(&happened.lines(), "did reject "), [format!("ask by contract: {reason}")]);
    // The tool call is not repeated: endpoints reject calls in a request without tools.
    let again = asked.conversation(1);
    assert_eq!(again.len(), asked.conversation(0).len());
    let rejected = format!("This answer was rejected:\n- {reason}\n\nReturn the complete answer again");
    assert!(again.last().unwrap().contains(&rejected), "{again:?}");
    let reply = book.attempts()[0].reply.clone().unwrap();
    assert_eq!(flow::serde_json::to_value(reply).unwrap()[0]["name"], "search");
}

#[flow::tokio::test(start_paused = true)]
async fn without_repairs_a_call_of_a_tool_is_the_error() {
    let (fake, _) = fake("fake", [Say::Call("search")]);
    let error = Runtime::test().provider(fake).run(asking_once("Ann".into())).await.unwrap_err();
    let text = error.to_string();
    assert!(text.contains("expected an answer, found a call of the tool `search`; no tools were offered"), "{text}");
}

#[step(model = FAST, prompt = "Name {{ who }}'s city.")]
async fn city(who: &str) -> Result<String>;

#[workflow]
async fn naming(who: String) -> Result<String> {
    city(&who).await
}

#[flow::tokio::test(start_paused = true)]
async fn a_plain_string_is_free_text_and_needs_no_json() {
    let (fake, _) = fake("fake", [Say::Text("Paris, \"of course\"")]);
    assert_eq!(Runtime::test().provider(fake).run(naming("Ann".into())).await.unwrap(), "Paris, \"of course\"");
}

#[flow::tokio::test(start_paused = true)]
async fn scripted_answers_are_checked_like_a_models() {
    let (runtime, happened) = Runtime::test()
        .answers_json(ask, [flow::serde_json::json!({"txt": "please"}), flow::serde_json::json!({"text": "please"})])
        .build()
        .unwrap();
    runtime.run(asking("Ann".into())).await.unwrap();
    let rejected = only(&happened.lines(), "did reject ");
    assert_eq!(rejected.len(), 1);
    assert!(rejected[0].starts_with("ask by contract: at `/text`: "), "{rejected:?}");
}
