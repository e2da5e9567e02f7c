//! The token counts of a chat completion. Servers agree on their names, but not on what each count includes.

use serde_json::Value;

use crate::provider::Usage;
use crate::provider::http::count;

/// The tokens used, as far as the endpoint reports them.
pub(super) fn usage(usage: &Value) -> Usage {
    let at = |pointer: &str| usage.pointer(pointer).and_then(count);
    let first = |pointers: &[&str]| pointers.iter().find_map(|pointer| at(pointer));
    // DeepSeek, Perplexity and older Mistral responses have counts at the top level.
    let cached = first(&["/prompt_tokens_details/cached_tokens", "/num_cached_tokens", "/prompt_cache_hit_tokens"]);
    let reasoning = first(&["/completion_tokens_details/reasoning_tokens", "/reasoning_tokens"]);
    let (input, output, total) = (at("/prompt_tokens"), at("/completion_tokens"), at("/total_tokens"));
    let counted = Usage {
        input_tokens: with_audio(input, at("/prompt_tokens_details/audio_tokens"), output, total),
        cached_input_tokens: cached,
        cache_write_tokens: at("/prompt_tokens_details/cache_write_tokens"),
        output_tokens: output,
        reasoning_tokens: reasoning,
    };
    counted.within(total)
}

/// The input tokens. Mistral includes audio tokens only in the total.
fn with_audio(input: Option<u64>, audio: Option<u64>, output: Option<u64>, total: Option<u64>) -> Option<u64> {
    let (Some(read), Some(audio)) = (input, audio.filter(|audio| *audio > 0)) else { return input };
    let named = read.saturating_add(output.unwrap_or(0));
    let is_apart = audio > read || total.is_some_and(|total| total >= named.saturating_add(audio));
    Some(if is_apart { read.saturating_add(audio) } else { read })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_shown_anywhere_is_counted_once() {
        for (shown, expected) in [
            // Reasoning not included in the answer, with and without a total.
            (
                json!({"prompt_tokens": 12, "completion_tokens": 1, "total_tokens": 241,
                "completion_tokens_details": {"reasoning_tokens": 228}}),
                (12, 229),
            ),
            (
                json!({"prompt_tokens": 12, "completion_tokens": 1,
                "completion_tokens_details": {"reasoning_tokens": 228}}),
                (12, 229),
            ),
            (
                json!({"prompt_tokens": 12, "completion_tokens": 300, "total_tokens": 540,
                "completion_tokens_details": {"reasoning_tokens": 228}}),
                (12, 528),
            ),
            // Reasoning included in the answer.
            (
                json!({"prompt_tokens": 12, "completion_tokens": 300, "total_tokens": 312,
                "completion_tokens_details": {"reasoning_tokens": 228}}),
                (12, 300),
            ),
            // Reasoning only in the total.
            (json!({"prompt_tokens": 35, "completion_tokens": 12, "total_tokens": 109}), (35, 74)),
            // A total smaller than its parts.
            (json!({"prompt_tokens": 35, "completion_tokens": 12, "total_tokens": 12}), (35, 12)),
            // Audio not included in the prompt, and included.
            (
                json!({"prompt_tokens": 11, "completion_tokens": 15, "total_tokens": 401,
                "prompt_tokens_details": {"audio_tokens": 375}}),
                (386, 15),
            ),
            (
                json!({"prompt_tokens": 386, "completion_tokens": 15, "total_tokens": 401,
                "prompt_tokens_details": {"audio_tokens": 375}}),
                (386, 15),
            ),
            // Cached tokens not included in the prompt.
            (
                json!({"prompt_tokens": 86, "completion_tokens": 5, "prompt_tokens_details": {"cached_tokens": 17817}}),
                (17_903, 5),
            ),
            (json!({"prompt_tokens": 86, "completion_tokens": 5, "num_cached_tokens": 17817}), (17_903, 5)),
            // Numbers with a fraction, and a count derived from the total.
            (json!({"prompt_tokens": 86.0, "completion_tokens": 5.0}), (86, 5)),
            (json!({"prompt_tokens": 86, "total_tokens": 91}), (86, 5)),
            (json!({"completion_tokens": 5, "total_tokens": 91}), (86, 5)),
        ] {
            let counted = usage(&shown);
            assert_eq!((counted.input_tokens, counted.output_tokens), (Some(expected.0), Some(expected.1)), "{shown}");
        }
    }

    #[test]
    fn what_is_shown_nowhere_is_unknown() {
        for shown in [json!(null), json!({}), json!({"prompt_tokens": -1}), json!({"total_tokens": 9})] {
            let counted = usage(&shown);
            assert_eq!((counted.input_tokens, counted.output_tokens), (None, None), "{shown}");
        }
    }
}
