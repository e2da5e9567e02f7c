//! Differences between Gemini models.

use crate::provider::Model;

/// The models before version 3, by prefix.
const OLD: &[&str] = &["gemini-1", "gemini-2"];

/// Whether a model is older than version 3: it rejects a function declaration beside a response schema.
pub(super) fn is_old(model: &Model) -> bool {
    OLD.iter().any(|start| model.api_name().starts_with(start))
}

/// Whether a model rejects a call without a thought signature: Gemini from version 3 on, but not the Gemma models.
/// See <https://ai.google.dev/gemini-api/docs/thought-signatures>.
pub(super) fn needs_signatures(model: &Model) -> bool {
    model.api_name().starts_with("gemini-") && !is_old(model)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_are_told_apart_by_their_names() {
        for (id, old, signed) in [
            ("gemini/gemini-2.5-flash", true, false),
            ("gemini/gemini-3-pro-preview", false, true),
            ("gemini/gemini-flash-latest", false, true),
            ("gemini/gemma-4-27b-it", false, false),
        ] {
            let model = Model::new(id);
            assert_eq!((is_old(&model), needs_signatures(&model)), (old, signed), "{id}");
        }
    }
}
