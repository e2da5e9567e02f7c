//! Thoughts that a server leaves at the start of an answer.

/// The markers around thoughts: DeepSeek's and Qwen's, those of models asked to think aloud, Mistral's, Kimi's.
const MARKS: &[(&str, &str)] = &[
    ("<think>", "</think>"),
    ("<thinking>", "</thinking>"),
    ("<reasoning>", "</reasoning>"),
    ("[THINK]", "[/THINK]"),
    ("◁think▷", "◁/think▷"),
];

/// The text after leading thoughts. Some chat templates contain the opening marker, so the answer has only the closing one.
/// A text that starts like JSON has no thoughts before it.
pub(super) fn without(text: &str) -> &str {
    for (open, close) in MARKS {
        let is_open = text.starts_with(open);
        if (is_open || !text.starts_with(['{', '[', '"', '`']))
            && let Some((_, answer)) = text.split_once(close)
        {
            return answer.trim();
        }
    }
    text
}

/// Like [`without`], for a text that has not ended; `None` while the thoughts may go on.
pub(super) fn without_open(text: &str) -> Option<&str> {
    let is_open = |(open, _): &(&str, &str)| !text.is_empty() && (text.starts_with(open) || open.starts_with(text));
    let rest = without(text);
    (rest.len() < text.len() || !MARKS.iter().any(is_open) || text == "[").then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thoughts_in_front_are_passed_over() {
        for text in [
            "<think>is it {\"a\": 2}?</think>\n\n{\"a\": 1}",
            "<think>\n</think>{\"a\": 1}",
            "is it {\"a\": 2}?\n</think>\n{\"a\": 1}",
            "<thinking>[1]</thinking> {\"a\": 1}",
            "[THINK]{\"a\": 2}[/THINK]{\"a\": 1}",
        ] {
            assert_eq!(without(text), "{\"a\": 1}", "{text}");
        }
    }

    #[test]
    fn what_is_the_answer_itself_is_kept() {
        for text in
            ["{\"a\": \"</think>\"}", "[\"</think>\"]", "<think>never ended {\"a\": 1}", "```json\n\"</think>\"\n```"]
        {
            assert_eq!(without(text), text);
        }
    }
}
