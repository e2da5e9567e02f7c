// Any object, or nothing, can be the content of an internally tagged variant.
use std::collections::BTreeMap;

use flow::contract;
use flow::serde_json::{self, Value, json};

#[contract]
struct Body {
    text: String,
}

#[contract]
struct Nothing;

#[contract]
struct Wrapped(Body);

#[contract]
#[serde(tag = "inner")]
enum Internal {
    Plain,
    Body(Body),
}

#[contract]
#[serde(tag = "t", content = "c")]
enum Adjacent {
    Plain,
    List(Vec<u8>),
}

#[contract]
#[serde(untagged)]
enum Untagged {
    Body(Body),
    Map(BTreeMap<String, u8>),
}

#[contract]
#[serde(tag = "type")]
enum Message {
    Body(Body),
    Boxed(Box<Body>),
    Nothing(Nothing),
    Unit(()),
    Wrapped(Wrapped),
    Map(BTreeMap<String, u8>),
    Value(Value),
    Internal(Internal),
    Adjacent(Adjacent),
    Untagged(Untagged),
    Text { text: String },
    Empty,
}

fn main() {
    for content in [
        json!({"type": "Body", "text": "a"}),
        json!({"type": "Boxed", "text": "a"}),
        json!({"type": "Nothing"}),
        json!({"type": "Unit"}),
        json!({"type": "Wrapped", "text": "a"}),
        json!({"type": "Map", "a": 1}),
        json!({"type": "Value", "a": [1]}),
        json!({"type": "Internal", "inner": "Plain"}),
        json!({"type": "Internal", "inner": "Body", "text": "a"}),
        json!({"type": "Adjacent", "t": "Plain"}),
        json!({"type": "Adjacent", "t": "List", "c": [1]}),
        json!({"type": "Untagged", "text": "a"}),
        json!({"type": "Untagged", "x": 1}),
        json!({"type": "Text", "text": "a"}),
        json!({"type": "Empty"}),
    ] {
        let read: Message = serde_json::from_value(content.clone()).expect("it is read");
        assert_eq!(serde_json::to_value(read).expect("it is written"), content);
    }
}
