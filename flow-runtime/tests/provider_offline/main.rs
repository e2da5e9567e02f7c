//! Answers without a model: always of the requested shape, and about the given text.

#[path = "../provider_lower/types.rs"]
#[allow(dead_code, reason = "the values are the law's")]
mod types;

mod plausible;
mod stream;

use std::any::type_name;

use flow_runtime::prompt::{Part, Prompt, Role};
use flow_runtime::provider::SchemaSupport::{self, Compatible, Full, Strict};
use flow_runtime::provider::{AnswerSchema, Model, Offline, Provider, Request, fill, lower, read_answer};
use proptest::prelude::*;
use schemars::{JsonSchema, schema_for};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

const RESUME: &str = "Extract the candidate from this résumé.\n\n# Ada Lovelace\nada@example.org\n\n12 years of mathematics. Not married.\n\
    Skills: analysis, poetry and translation\nBorn 1815-12-10.\n- Engine: 3\n- Notes: 7\n";

/// Fills a schema and validates the result, including formats.
fn filled(prompt: &Prompt, schema: &Value) -> Value {
    let value = fill(prompt, schema);
    let validator = jsonschema::options().should_validate_formats(true).build(schema).unwrap();
    if let Err(error) = validator.validate(&value) {
        panic!("{error} at {}\nvalue {value}\nschema {schema:#}", error.instance_path());
    }
    assert_eq!(value, fill(prompt, schema), "the same prompt is answered in the same way");
    value
}

/// Checks that a type's schema is filled at each level, and that serde reads the result.
fn fills<T: JsonSchema + DeserializeOwned>(prompt: &Prompt) {
    let schema = schema_for!(T).to_value();
    let value = filled(prompt, &schema);
    serde_json::from_value::<T>(value.clone()).unwrap_or_else(|error| panic!("{}: {error}: {value}", type_name::<T>()));
    for support in [Full, Compatible, Strict] {
        filled(prompt, &lower(&schema, support).schema);
    }
}

fn fills_all(text: &str) {
    let prompt = Prompt::user(text);
    fills::<types::Plain>(&prompt);
    fills::<types::Defaults>(&prompt);
    fills::<types::List>(&prompt);
    fills::<types::Family>(&prompt);
    fills::<types::Units>(&prompt);
    fills::<types::External>(&prompt);
    fills::<types::Internal>(&prompt);
    fills::<types::Adjacent>(&prompt);
    fills::<types::Untagged>(&prompt);
    fills::<types::Expr>(&prompt);
    fills::<types::FlatEnum>(&prompt);
    fills::<types::FlatOption>(&prompt);
    fills::<types::FlatMap>(&prompt);
    fills::<types::FlatAny>(&prompt);
    fills::<types::Containers>(&prompt);
    fills::<types::Generic>(&prompt);
    fills::<Vec<types::Point>>(&prompt);
    fills::<(String, u8)>(&prompt);
    fills::<Value>(&prompt);
    fills::<String>(&prompt);
    fills::<Option<u64>>(&prompt);
}

/// Schemas with every supported constraint; the patterns are those of contracts.
fn constrained() -> Vec<Value> {
    let string = |key: &str, value: Value| json!({"type": "string", key: value});
    let formats =
        ["date", "date-time", "time", "duration", "email", "uri", "hostname", "ipv4", "ipv6", "uuid", "unknown"];
    let patterns = ["^-?\\d+(\\.\\d+)?$", "^-?\\d+(\\.\\d+)?([eE]\\d+)?$"];
    let numbers = [
        json!({"type": "integer", "minimum": 5, "maximum": 5}),
        json!({"type": "integer", "exclusiveMinimum": 0, "exclusiveMaximum": 2}),
        json!({"type": "integer", "multipleOf": 7, "minimum": 15, "maximum": 40}),
        json!({"type": "integer", "maximum": -3}),
        json!({"type": "number", "minimum": 0, "maximum": 1}),
        json!({"type": "number", "exclusiveMinimum": 0.5, "maximum": 0.75}),
    ];
    let lists = [
        json!({"type": "array", "items": {"type": "string"}, "minItems": 5, "maxItems": 6}),
        json!({"type": "array", "items": {"enum": ["a", "b", "c"]}, "uniqueItems": true, "minItems": 3}),
        json!({"type": "array", "items": {"type": "integer", "minimum": 0, "maximum": 9}, "uniqueItems": true, "minItems": 2}),
        json!({"type": "array", "items": {"type": "string"}, "maxItems": 0}),
        json!({"type": "array", "items": {"type": "string", "maxLength": 3}, "minItems": 1}),
    ];
    let objects = [
        json!({"type": "object", "additionalProperties": {"type": "integer"}, "minProperties": 6}),
        json!({"type": "object", "additionalProperties": true, "maxProperties": 1}),
        json!({"type": "object", "patternProperties": {"^\\d+$": {"type": "string"}}, "additionalProperties": false, "minProperties": 2}),
        json!({"allOf": [{"properties": {"a": {"minimum": 3}}, "required": ["a"]}, {"properties": {"a": {"type": "integer", "maximum": 4}}}]}),
    ];
    let lengths =
        [json!({"type": "string", "minLength": 300}), json!({"type": "string", "minLength": 2, "maxLength": 4})];
    let recursive = json!({
        "$ref": "#/$defs/E",
        "$defs": {"E": {"oneOf": [
            {"type": "object", "properties": {"left": {"$ref": "#/$defs/E"}, "right": {"$ref": "#/$defs/E"}}, "required": ["left", "right"], "additionalProperties": false},
            {"type": "array", "items": {"$ref": "#/$defs/E"}, "minItems": 2},
            {"type": "integer"},
        ]}},
    });
    let strings = formats
        .iter()
        .map(|name| string("format", json!(name)))
        .chain(patterns.iter().map(|text| string("pattern", json!(text))));
    strings.chain(numbers).chain(lists).chain(objects).chain(lengths).chain([recursive]).collect()
}

#[test]
fn every_shape_is_filled_from_every_text() {
    let words = "left right unit struct deep map payload many ".repeat(30);
    for text in ["", " ", RESUME, "Ä. ß! 日本語。二つ目。 🦀🦀", "a:b:c\n- \n1. x\n#", &words] {
        fills_all(text);
    }
}

#[test]
fn every_constraint_holds_in_every_text() {
    for text in ["", RESUME, "7 % of 99999999999999999999 are -4.5 or 0.6", "日本語"] {
        for schema in constrained() {
            filled(&Prompt::user(text), &schema);
            let property = json!({"type": "object", "properties": {"years": schema}, "required": ["years"]});
            if !schema.to_string().contains("$ref") {
                filled(&Prompt::user(text), &property);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_fills_any_shape(text in "(?s).{0,400}") {
        fills_all(&text);
        for schema in constrained() {
            filled(&Prompt::user(&*text), &schema);
        }
    }
}

#[test]
fn a_huge_prompt_is_answered() {
    let text = format!("{RESUME}{}", "years of Work: 12, α β γ. ".repeat(500_000));
    fills::<types::Containers>(&Prompt::user(text));
}

#[test]
fn schemas_without_an_end_are_given_up() {
    let endless = json!({"type": "object", "properties": {"next": {"$ref": "#"}}, "required": ["next"]});
    let _ = fill(&Prompt::user(RESUME), &endless);
    for odd in [
        json!(false),
        json!({"$ref": "#"}),
        json!({"anyOf": []}),
        json!({"enum": []}),
        json!({"type": "array", "items": false}),
    ] {
        let _ = fill(&Prompt::user(RESUME), &odd);
    }
}

#[tokio::test]
async fn the_provider_answers_in_the_shape_that_is_asked_for() {
    let schema =
        AnswerSchema::new("candidate", lower(&schema_for!(types::Plain).to_value(), SchemaSupport::Full).schema);
    let request = Request::new(Model::new("offline/any"), Prompt::user(RESUME)).schema(schema.clone());
    let reply = Offline::new().complete(&request).await.unwrap();
    let answer = read_answer(&reply.text(), SchemaSupport::Full).unwrap();
    assert_eq!(answer, fill(&request.prompt, &schema.schema));
    assert_eq!(reply.usage.output_tokens, None);
}

#[test]
fn answers_are_taken_from_what_tools_return() {
    let hits = json!([{"file": "log", "quote": "The pump failed."}, {"file": "plan", "quote": "It has one seal."}]);
    let result = |result: Part| Prompt::user("Sum up.").with(Role::User, result);
    let prompt = result(Part::tool_result("1", hits.to_string()));
    let text = json!({"type": "string"});
    let hit = json!({"type": "object", "required": ["file", "quote"], "properties": {"file": text, "quote": text}});
    assert_eq!(filled(&prompt, &json!({"type": "array", "items": hit})), hits);
    assert_eq!(filled(&result(Part::tool_result("1", "The pump failed.")), &text), "The pump failed.");
    assert_eq!(filled(&result(Part::tool_error("1", "There is no pump.")), &text), "Sum up.");
}

#[test]
fn attachments_are_made_up_as_urls_and_their_bytes_are_not_read() {
    use flow_runtime::contract::{Contract, Direction, decode, schema, validate};
    use flow_runtime::media::{Audio, Image, Pdf};

    let photo = Image::bytes(None, *b"GIF89a\x01\0\x01\0\0\0\0;").unwrap();
    let prompt = Prompt::user(vec![Part::text(RESUME), (&photo).into()]);
    assert_eq!(
        fill(&prompt, &json!({"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]})),
        fill(
            &Prompt::user(RESUME),
            &json!({"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]})
        )
    );
    let value = fill(&prompt, &schema::<Vec<Image>>(Direction::Read));
    assert!(validate(<Vec<Image>>::SHAPE, &value).is_empty(), "{value}");
    assert!(decode::<Pdf>(fill(&prompt, &schema::<Pdf>(Direction::Read))).unwrap().medium().url().is_some());
    assert!(decode::<Audio>(fill(&prompt, &schema::<Audio>(Direction::Read))).unwrap().medium().url().is_some());
}
