//! Reads the JSON of an answer of which only the beginning has arrived.

mod scan;

use serde_json::Value;

use super::thoughts;
use scan::completed;

/// Reads the JSON of an answer as far as it has arrived; `None` before its first character.
///
/// Open texts, lists and objects are closed. A key without its value, a number that may still grow and half a literal or escape are
/// left out, so that from piece to piece the value only grows: texts and lists get longer, objects get more keys, and nothing else
/// changes. Where the text stops being JSON, the value ends.
///
/// Thoughts, a code fence and words before the JSON are skipped as [`read_answer`](super::read_answer) does, but words always.
///
/// ```
/// use flow_runtime::provider::read_partial;
/// use serde_json::json;
///
/// assert_eq!(read_partial(r#"{"title": "A sm"#), Some(json!({"title": "A sm"})));
/// assert_eq!(read_partial(r#"{"title": "A small step", "wor"#), Some(json!({"title": "A small step"})));
/// assert_eq!(read_partial(r#"{"title": "A small step", "words": 3"#), Some(json!({"title": "A small step"})));
/// assert_eq!(read_partial("```json\n{\"words\": 3, "), Some(json!({"words": 3})));
/// assert_eq!(read_partial("Let me think"), None);
/// ```
pub fn read_partial(text: &str) -> Option<Value> {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let text = thoughts::without_open(text)?;
    let text = match text.strip_prefix("```") {
        Some(fenced) => fenced.split_once('\n')?.1,
        None => text,
    };
    completed(text).or_else(|| completed(&text[text.find(['{', '['])?..]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Map, json};

    use super::*;

    fn document() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            (-1e9..1e9).prop_map(|number: f64| json!(number)),
            "(\\PC|[\"\\\\/\n\t\u{1}\u{fffe}🦀é]){0,8}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::btree_map("\\PC{0,4}", inner, 0..5)
                    .prop_map(|map| Value::Object(map.into_iter().collect::<Map<_, _>>())),
            ]
        })
    }

    /// All characters outside ASCII as escapes, surrogate pairs included.
    fn escaped(json: &str) -> String {
        let letter = |letter: char| match letter {
            letter if letter.is_ascii() => letter.to_string(),
            letter => letter.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04X}")).collect(),
        };
        json.chars().map(letter).collect()
    }

    fn has_grown(before: Option<&Value>, now: Option<&Value>) -> bool {
        match (before, now) {
            (None, _) => true,
            (Some(Value::String(before)), Some(Value::String(now))) => now.starts_with(before),
            (Some(Value::Array(before)), Some(Value::Array(now))) => {
                before.iter().enumerate().all(|(at, before)| has_grown(Some(before), now.get(at)))
            }
            (Some(Value::Object(before)), Some(Value::Object(now))) => {
                before.iter().all(|(key, before)| has_grown(Some(before), now.get(key)))
            }
            (before, now) => before == now,
        }
    }

    fn holds(text: &str, whole: &Value) {
        let mut before = None;
        for (at, _) in text.char_indices() {
            let now = read_partial(&text[..at]);
            assert!(has_grown(before.as_ref(), now.as_ref()), "{before:?} became {now:?} at {at} of {text}");
            assert!(has_grown(now.as_ref(), Some(whole)), "{now:?} at {at} of {text}");
            before = now;
        }
        assert_eq!(read_partial(&format!("{text}\n")).as_ref(), Some(whole), "{text}");
    }

    proptest! {
        #[test]
        fn every_beginning_of_a_document_is_read_and_only_grows(whole in document()) {
            for text in [whole.to_string(), format!("{whole:#}"), escaped(&whole.to_string())] {
                holds(&text, &whole);
                holds(&format!("```json\n{text}\n```"), &whole);
            }
        }

        #[test]
        fn any_text_is_read_without_a_panic(text in "(\\PC|[\\[\\]{}\",:\\\\utrue0-9-]){0,40}") {
            for (at, _) in text.char_indices() {
                let _ = read_partial(&text[..at]);
            }
        }
    }

    #[test]
    fn what_may_still_change_is_left_out() {
        for (text, value) in [
            (r#"{"a": 1"#, json!({})),
            (r#"{"a": 1,"#, json!({"a": 1})),
            (r#"{"a": tru"#, json!({})),
            (r#"{"a": true"#, json!({"a": true})),
            (r#"{"a": "x\"#, json!({"a": "x"})),
            (r#"{"a": "x\u00e"#, json!({"a": "x"})),
            (r#"{"a": "x\ud83e"#, json!({"a": "x"})),
            (r#"{"a": "x\ud83e\udd80"#, json!({"a": "x🦀"})),
            (r#"{"a": [1, {"b"#, json!({"a": [1, {}]})),
            (r#"{"a": {"b": 1}, "#, json!({"a": {"b": 1}})),
        ] {
            assert_eq!(read_partial(text), Some(value), "{text}");
        }
    }

    #[test]
    fn the_value_ends_where_the_text_stops_being_json() {
        for (text, value) in [
            (r#"{"a": 1, b: 2}"#, json!({"a": 1})),
            (r#"{"a": [1 2]}"#, json!({"a": [1]})),
            (r#"{"a": "x\q", "b": 1}"#, json!({"a": "x"})),
            (r#"{"a": "x\udd80"}"#, json!({"a": "x"})),
            ("{\"a\": \"x\ny\"}", json!({"a": "x"})),
            (r#"{"a": 1]"#, json!({})),
            (r#"{"a": 01, "b": 2}"#, json!({})),
            (r#"{"a": 1} and so on"#, json!({"a": 1})),
        ] {
            assert_eq!(read_partial(text), Some(value), "{text}");
        }
    }

    #[test]
    fn what_comes_before_the_json_is_skipped() {
        for text in [
            "\u{feff} {\"a\": [",
            "```\n{\"a\": [",
            "Here it is: {\"a\": [",
            "<think>[1]</think>{\"a\": [",
            "<think>\n</think>\n```json\n{\"a\": [",
        ] {
            assert_eq!(read_partial(text), Some(json!({"a": []})), "{text}");
        }
        for text in ["", "  ", "```", "```js", "<think>{\"a\": 1", "<thi", "the"] {
            assert_eq!(read_partial(text), None, "{text}");
        }
    }

    #[test]
    fn a_deep_text_does_not_exhaust_the_stack() {
        let mut value = read_partial(&"[".repeat(100_000)).unwrap();
        let mut depth = 0;
        while let Some(inner) = value.as_array_mut().and_then(Vec::pop) {
            (value, depth) = (inner, depth + 1);
        }
        assert!((100..128).contains(&depth), "{depth}");
    }
}
