//! A conversation that goes on at another provider: the next model of a chain answers turns of the one before.

use super::*;

/// Two parallel calls of Kimi, with ids and a name of its own form.
fn conversation() -> Vec<Message> {
    let calls = vec![
        Part::opaque("kimi", json!({"reasoning_content": "secret"})),
        Part::tool_call("functions.find:0", "find", json!({"n": 1})),
        Part::tool_call("functions.find:1", "browser.open", json!({})),
    ];
    let results = vec![
        Part::tool_result("functions.find:0", "one"),
        Part::tool_error("functions.find:1", "there is no such tool"),
    ];
    vec![Message::new(Role::User, "Hi"), Message::new(Role::Assistant, calls), Message::new(Role::User, results)]
}

async fn sent(dialect: &str, model: &'static str) -> Value {
    let request = Request::new(Model::new(model), Prompt { messages: conversation() });
    let reply = Recorded::all().into_iter().find(|(_, recorded)| recorded.dialect == dialect).unwrap().1.reply();
    ask(dialect, &request, &reply).await.1
}

/// "tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'".
#[tokio::test]
async fn claude_gets_ids_and_names_of_its_form() {
    let body = sent("anthropic", "any/claude-haiku-4-5").await;
    let (calls, results) = (&body["messages"][1]["content"], &body["messages"][2]["content"]);
    let accepted = |text: &str| text.chars().all(|letter| letter.is_ascii_alphanumeric() || "_-".contains(letter));
    for (call, result) in [(&calls[0], &results[0]), (&calls[1], &results[1])] {
        assert!(accepted(call["id"].as_str().unwrap()) && accepted(call["name"].as_str().unwrap()), "{call}");
        assert_eq!(call["id"], result["tool_use_id"]);
    }
    assert_ne!(calls[0]["id"], calls[1]["id"]);
}

/// "Function call is missing a thought_signature in functionCall parts": Google documents a value for calls that were not signed.
/// Of parallel calls only the first is signed.
#[tokio::test]
async fn gemini_gets_the_documented_signature() {
    let skip = json!("skip_thought_signature_validator");
    for (model, signature) in [
        ("any/gemini-3-flash-preview", Some(&skip)),
        ("any/gemini-flash-latest", Some(&skip)),
        ("any/gemini-2.5-flash", None),
        ("any/gemma-4-27b-it", None),
    ] {
        let body = sent("gemini", model).await;
        let parts = &body["contents"][1]["parts"];
        assert_eq!((parts[0].get("thoughtSignature"), parts[1].get("thoughtSignature")), (signature, None), "{model}");
        let name = &parts[1]["functionCall"]["name"];
        assert_eq!(
            (name, &body["contents"][2]["parts"][1]["functionResponse"]["name"]),
            (&json!("browser_open"), name)
        );
    }
}

/// A signature of Gemini's own goes back, and no other is added to the calls beside it.
#[tokio::test]
async fn a_signature_of_its_own_is_kept() {
    let calls = vec![
        Part::opaque("any", json!({"thoughtSignature": "own"})),
        Part::tool_call("c1", "find", json!({})),
        Part::tool_call("c2", "find", json!({})),
    ];
    let results = vec![Part::tool_result("c1", "one"), Part::tool_result("c2", "two")];
    let messages =
        vec![Message::new(Role::User, "Hi"), Message::new(Role::Assistant, calls), Message::new(Role::User, results)];
    let request = Request::new(Model::new("any/gemini-3-flash-preview"), Prompt { messages });
    let reply = Recorded::all().into_iter().find(|(_, recorded)| recorded.dialect == "gemini").unwrap().1.reply();
    let parts = ask("gemini", &request, &reply).await.1["contents"][1]["parts"].clone();
    assert_eq!((&parts[0]["thoughtSignature"], parts[1].get("thoughtSignature")), (&json!("own"), None));
}

/// "When `thinking` is enabled, a final `assistant` message must start with a thinking block (preceding the lastmost set of
/// `tool_use` and `tool_result` blocks)."
#[tokio::test]
async fn claude_does_not_think_within_another_models_turn() {
    const THINKING: &str = r#"{"type": "enabled", "budget_tokens": 1024}"#;
    const MODEL: Model = Model::new("any/claude-haiku-4-5").extra(&[("thinking", THINKING)]);
    let own = vec![
        Part::opaque("any", json!({"type": "thinking", "thinking": "Find it.", "signature": "s"})),
        Part::tool_call("c1", "find", json!({})),
    ];
    let own = conversation()
        .into_iter()
        .chain([Message::new(Role::Assistant, own), Message::new(Role::User, vec![Part::tool_result("c1", "one")])]);
    let reply = Recorded::all().into_iter().find(|(_, recorded)| recorded.dialect == "anthropic").unwrap().1.reply();
    for (messages, thinks) in
        [(conversation(), false), (own.collect(), true), (vec![Message::new(Role::User, "Hi")], true)]
    {
        let (_, body) = ask("anthropic", &Request::new(MODEL, Prompt { messages }), &reply).await;
        let expected = thinks.then(|| serde_json::from_str::<Value>(THINKING).unwrap());
        assert_eq!(body.get("thinking"), expected.as_ref());
    }
}
