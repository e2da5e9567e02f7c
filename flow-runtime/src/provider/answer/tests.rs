use serde_json::json;

use super::*;

fn strict(text: &str) -> Result<Value, String> {
    read_answer(text, SchemaSupport::Strict).map_err(|error| error.to_string())
}

fn loose(text: &str) -> Result<Value, String> {
    read_answer(text, SchemaSupport::None).map_err(|error| error.to_string())
}

#[test]
fn plain_json_is_read_everywhere() {
    for text in [r#"{"a": [1, 2.5, null, true, "é"]}"#, "\u{feff}\n {\"a\": [1, 2.5, null, true, \"é\"]} \n"] {
        assert_eq!(strict(text).unwrap(), json!({"a": [1, 2.5, null, true, "é"]}));
    }
    assert_eq!(strict("18446744073709551615").unwrap(), json!(u64::MAX));
}

#[test]
fn a_fence_is_passed_over() {
    for text in ["```json\n{\"a\": 1}\n```", "```\n{\"a\": 1}\n```\n", "  ```JSON\r\n{\"a\": 1}\r\n```"] {
        assert_eq!(strict(text).unwrap(), json!({"a": 1}), "{text}");
    }
}

#[test]
fn words_are_passed_over_only_where_nothing_was_promised() {
    let text = "Sure [1]! Here {as asked}:\n```json\n{\"a\": {\"b\": [1]}}\n```\nAnything else? {}";
    assert_eq!(loose(text).unwrap(), json!({"a": {"b": [1]}}));
    assert!(
        strict(text).unwrap_err().starts_with("the answer is not JSON: expected value at line 1 column 1, near `Sure")
    );
}

#[test]
fn a_key_that_comes_twice_is_an_error() {
    let error = strict("{\n  \"a\": {\"b\": 1, \"b\": 2}\n}").unwrap_err();
    assert!(error.starts_with("the answer is not JSON: duplicate key `b` at line 2 column "), "{error}");
    assert!(loose(r#"{"a": 1, "a": 2}"#).is_err());
}

#[test]
fn what_follows_the_answer_is_an_error() {
    let error = strict(r#"{"a": 1} {"a": 2}"#).unwrap_err();
    assert_eq!(error, r#"the answer is not JSON: trailing characters at line 1 column 10, near `{"a": 1} {"a": 2}`"#);
}

#[test]
fn an_answer_cut_short_shows_its_end() {
    let text = format!("{{\"text\": \"{}", "ü".repeat(1000));
    let error = read_answer(&text, SchemaSupport::JsonMode).unwrap_err();
    assert_eq!(error.reason, "EOF while parsing a string");
    assert_eq!(error.excerpt, "ü".repeat(40));
}

#[test]
fn an_empty_answer_is_called_empty() {
    assert_eq!(strict(" \n").unwrap_err(), "the answer is empty: expected JSON");
}

#[test]
fn hostile_texts_end_soon() {
    for text in ["[".repeat(1_000_000), "{".repeat(1_000_000), format!("{}{}", "[".repeat(400), "]".repeat(400))] {
        assert!(loose(&text).is_err());
    }
}
