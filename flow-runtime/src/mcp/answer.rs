//! Reads the answer of a tool as the output of a step.

use serde_json::Value;

use super::ToolAnswer;
use crate::contract::Shape;

/// Why an answer has no value for the output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// The tool reports a failure, in its words.
    Failed(String),
    /// The answer has no text, or none that is JSON.
    NotJson(String),
}

/// Returns the output in an answer: for a step that returns a plain string, the text; for one that returns nothing, nothing;
/// otherwise the structured result, or the text as JSON.
///
/// # Errors
///
/// Fails if the tool reports a failure, or if there is no such value.
pub fn read(answer: ToolAnswer, output: &Shape) -> Result<Value, Unfit> {
    let text = answer.texts.join("\n");
    if answer.is_error {
        return Err(Unfit::Failed(failure(answer, text)));
    }
    let is_text = matches!(output, Shape::Str { format: None });
    match answer.structured {
        _ if matches!(output, Shape::Null) => Ok(Value::Null),
        Some(value) if !is_text || answer.texts.is_empty() => Ok(value),
        _ if answer.texts.is_empty() => Err(Unfit::NotJson(absent(&answer.others))),
        _ if is_text => Ok(Value::String(text)),
        _ => serde_json::from_str(&text).map_err(|error| {
            Unfit::NotJson(format!(
                "the text is not JSON ({error}): to receive the text itself, return `Result<String>`"
            ))
        }),
    }
}

fn absent(others: &[String]) -> String {
    match others {
        [] => "the answer is empty".to_owned(),
        others => format!("the answer has no text and no structured result, only {}", others.join(", ")),
    }
}

fn failure(answer: ToolAnswer, text: String) -> String {
    match (text.trim(), answer.structured) {
        ("", Some(value)) => value.to_string(),
        ("", None) => "the tool reports a failure without a reason".to_owned(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const TEXT: &Shape = &Shape::Str { format: None };

    #[test]
    fn a_string_is_the_text_and_anything_else_is_json() {
        let both = ToolAnswer { structured: Some(json!({ "result": 3 })), ..ToolAnswer::text("3") };
        assert_eq!(read(both.clone(), TEXT), Ok(json!("3")));
        assert_eq!(read(both, &Shape::Any), Ok(json!({ "result": 3 })));
        assert_eq!(read(ToolAnswer::text("[1]"), &Shape::Any), Ok(json!([1])));
        assert_eq!(read(ToolAnswer::text("done"), &Shape::Null), Ok(Value::Null));
        let Err(Unfit::NotJson(told)) = read(ToolAnswer::text("fine"), &Shape::Any) else { panic!("not JSON") };
        assert!(told.contains("return `Result<String>`"), "{told}");
    }

    #[test]
    fn a_failure_is_told_in_the_words_of_the_tool() {
        assert_eq!(read(ToolAnswer::failed("no such file"), TEXT), Err(Unfit::Failed("no such file".into())));
        let silent = ToolAnswer { is_error: true, ..ToolAnswer::default() };
        assert!(matches!(read(silent, TEXT), Err(Unfit::Failed(_))));
    }

    #[test]
    fn content_without_text_is_named() {
        let image = ToolAnswer { others: vec!["image".into()], ..ToolAnswer::default() };
        let Err(Unfit::NotJson(told)) = read(image, TEXT) else { panic!("an image") };
        assert!(told.ends_with("only image"), "{told}");
    }
}
