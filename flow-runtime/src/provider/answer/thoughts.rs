//! Thoughts that a server leaves in front of an answer.

/// How the thoughts of models begin and end: DeepSeek's and Qwen's, others that are asked to think aloud, Mistral's, Kimi's.
const MARKS: &[(&str, &str)] = &[
    ("<think>", "</think>"),
    ("<thinking>", "</thinking>"),
    ("<reasoning>", "</reasoning>"),
    ("[THINK]", "[/THINK]"),
    ("◁think▷", "◁/think▷"),
];

/// The text after the thoughts that it begins with. Some templates write the opening mark themselves, so that the answer has
/// only the closing one; what begins like JSON has no thoughts in front.
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
