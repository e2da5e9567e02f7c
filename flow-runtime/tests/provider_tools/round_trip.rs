//! All content survives a JSON round trip.

use flow_runtime::media::MediaSource;
use flow_runtime::prompt::{Content, Message, Part, Prompt, Role};
use proptest::prelude::*;
use serde_json::{Value, json};

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-1e300..1e300).prop_map(|number: f64| json!(number)),
        ".*".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(".{0,6}", inner, 0..4).prop_map(|map| map.into_iter().collect()),
        ]
    })
}

fn part(depth: u32) -> BoxedStrategy<Part> {
    let media = (".*", any::<bool>(), ".*").prop_map(|(media_type, is_url, at)| {
        let source = if is_url { MediaSource::Url(at) } else { MediaSource::Data(at.into_bytes().into()) };
        Part::Media { media_type, source }
    });
    let plain = prop_oneof![
        ".*".prop_map(Part::text),
        media,
        (".*", ".*", value()).prop_map(|(id, name, arguments)| Part::tool_call(id, name, arguments)),
        (".*", value()).prop_map(|(provider, value)| Part::opaque(provider, value)),
    ];
    if depth == 0 {
        return plain.boxed();
    }
    let result = (".*", content(depth - 1), any::<bool>()).prop_map(|(call, content, is_error)| Part::ToolResult {
        call,
        content: Box::new(content),
        is_error,
    });
    prop_oneof![plain, result].boxed()
}

fn content(depth: u32) -> impl Strategy<Value = Content> {
    prop::collection::vec(part(depth), 0..4).prop_map(Content::from)
}

proptest! {
    #[test]
    fn content_is_the_same_after_a_round_trip(content in content(2)) {
        let text = serde_json::to_string(&content).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Content>(&text).unwrap(), &content);
        let value = serde_json::to_value(&content).unwrap();
        prop_assert_eq!(value.is_string(), content.as_text().is_some());
        prop_assert_eq!(&serde_json::from_value::<Content>(value).unwrap(), &content);
        prop_assert_eq!(&Content::from(content.clone().into_parts()), &content);
    }
}

#[test]
fn a_text_is_written_as_before_there_were_parts() {
    let prompt = Prompt::user("Hi \"you\"").system("Be brief.").with(Role::Assistant, "Hello");
    let json = r#"{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi \"you\""},{"role":"assistant","content":"Hello"}]}"#;
    assert_eq!(serde_json::to_string(&prompt).unwrap(), json);
    assert_eq!(serde_json::from_str::<Prompt>(json).unwrap(), prompt);
    let one = json!({"role": "user", "content": [{"type": "text", "text": "Hi"}]});
    assert_eq!(serde_json::from_value::<Message>(one).unwrap(), Message::new(Role::User, "Hi"));
}

#[test]
fn the_form_of_each_part_is_this() {
    for (part, form) in [
        (Part::text("a"), json!({"type": "text", "text": "a"})),
        (
            Part::Media { media_type: "image/png".into(), source: MediaSource::Data(b"hi"[..].into()) },
            json!({"type": "media", "media_type": "image/png", "data": "aGk="}),
        ),
        (
            Part::Media {
                media_type: "application/pdf".into(),
                source: MediaSource::Url("https://example.com/a.pdf".into()),
            },
            json!({"type": "media", "media_type": "application/pdf", "url": "https://example.com/a.pdf"}),
        ),
        (
            Part::tool_call("c1", "find", json!({"n": 1})),
            json!({"type": "tool_call", "id": "c1", "name": "find", "arguments": {"n": 1}}),
        ),
        (Part::tool_result("c1", "found"), json!({"type": "tool_result", "call": "c1", "content": "found"})),
        (
            Part::tool_error("c1", "lost"),
            json!({"type": "tool_result", "call": "c1", "content": "lost", "is_error": true}),
        ),
        (Part::opaque("openai", json!([1])), json!({"type": "opaque", "provider": "openai", "value": [1]})),
    ] {
        assert_eq!(serde_json::to_value(&part).unwrap(), form);
    }
    let error = serde_json::from_value::<Content>(json!(5)).unwrap_err();
    assert_eq!(error.to_string(), "a string or a list of parts");
}
