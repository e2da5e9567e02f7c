//! The effort levels of models, as data. An effort that a model does not support is sent as the nearest level that it does.

use super::Model;

/// The level for each effort, from `Minimal` to `High`; `None` if nothing may be sent.
type Words = [Option<&'static str>; 4];

const NOTHING: Words = [None; 4];
const FROM_LOW: Words = [Some("low"), Some("low"), Some("medium"), Some("high")];
const FROM_NONE: Words = [Some("none"), Some("low"), Some("medium"), Some("high")];
const FROM_MEDIUM: Words = [Some("medium"), Some("medium"), Some("medium"), Some("high")];
const ALL: Words = [Some("minimal"), Some("low"), Some("medium"), Some("high")];

/// Models by prefix of the name after the last slash; the first match wins.
pub(super) type Table = &'static [(&'static str, Words)];

/// Models served through OpenAI's APIs.
/// See <https://platform.openai.com/docs/guides/reasoning>, <https://console.groq.com/docs/reasoning>,
/// <https://docs.mistral.ai/capabilities/reasoning/>.
pub(super) const CHAT: Table = &[
    ("gpt-5-pro", [Some("high"); 4]),
    ("gpt-5-codex", FROM_LOW),
    ("gpt-5.1-codex", FROM_LOW),
    ("gpt-5.2-codex", FROM_LOW),
    ("gpt-5.3-codex", FROM_LOW),
    ("gpt-5.2-pro", FROM_MEDIUM),
    ("gpt-5.4-pro", FROM_MEDIUM),
    ("gpt-5.5-pro", FROM_MEDIUM),
    ("gpt-5.", FROM_NONE),
    ("gpt-6.1", FROM_LOW),
    ("gpt-6-astra", FROM_LOW),
    ("gpt-6", FROM_NONE),
    ("gpt-oss", FROM_LOW),
    ("codex-mini", FROM_LOW),
    ("o3-deep-research", [Some("medium"); 4]),
    ("o4-mini-deep-research", [Some("medium"); 4]),
    ("o1", FROM_LOW),
    ("o3", FROM_LOW),
    ("o4", FROM_LOW),
    ("mistral-small", [Some("none"), Some("high"), Some("high"), Some("high")]),
    ("", ALL),
];

/// Groq's models whose levels differ.
/// See <https://console.groq.com/docs/reasoning>.
pub(super) const GROQ: Table = &[("qwen3", [Some("none"), Some("default"), Some("default"), Some("default")])];

/// Claude models; those without effort levels reject the parameter with a 400.
/// See <https://platform.claude.com/docs/en/build-with-claude/effort>.
pub(super) const CLAUDE: Table = &[
    ("claude-2", NOTHING),
    ("claude-3", NOTHING),
    ("claude-instant", NOTHING),
    ("claude-haiku-4", NOTHING),
    ("claude-opus-4-0", NOTHING),
    ("claude-opus-4-1", NOTHING),
    ("claude-opus-4-2025", NOTHING),
    ("claude-sonnet-4-0", NOTHING),
    ("claude-sonnet-4-2025", NOTHING),
    ("claude-sonnet-4-5", NOTHING),
    ("", FROM_LOW),
];

/// Gemini models; those before version 3 have a token budget instead of levels, and the oldest neither.
/// See <https://ai.google.dev/gemini-api/docs/thinking>.
pub(super) const GEMINI: Table = &[
    ("gemini-1", NOTHING),
    ("gemini-2.0", NOTHING),
    ("gemini-3-pro", FROM_LOW),
    ("gemini-3.1-pro", FROM_LOW),
    ("gemini-3.7-flash", FROM_LOW),
    ("", ALL),
];

/// The level to send for a model's effort; `None` if it is unset or the model supports no levels.
pub(super) fn word(table: Table, model: &Model) -> Option<&'static str> {
    let effort = model.get_effort()? as usize;
    find(table, model).unwrap_or(&ALL)[effort]
}

pub(super) fn find(table: Table, model: &Model) -> Option<&'static Words> {
    by_name(table, model)
}

/// The first entry of a table whose prefix starts the name after the last slash.
pub(super) fn by_name<T>(table: &'static [(&'static str, T)], model: &Model) -> Option<&'static T> {
    let name = model.api_name().rsplit('/').next().unwrap_or_default();
    table.iter().find(|(start, _)| name.starts_with(start)).map(|(_, entry)| entry)
}

#[cfg(test)]
mod tests {
    use super::super::Effort::{self, *};
    use super::*;

    fn sent(table: Table, id: &'static str) -> [Option<&'static str>; 4] {
        [Minimal, Low, Medium, High].map(|effort: Effort| word(table, &Model::new(id).effort(effort)))
    }

    #[test]
    fn each_model_is_asked_with_a_level_that_it_knows() {
        for (table, id, words) in [
            (CHAT, "openai/gpt-5", ALL),
            (CHAT, "openai/gpt-5-mini-2025-08-07", ALL),
            (CHAT, "openai/gpt-5-pro", [Some("high"); 4]),
            (CHAT, "openai/gpt-5.2-pro-2025-12-11", FROM_MEDIUM),
            (CHAT, "openai/gpt-5.1-codex-max", FROM_LOW),
            (CHAT, "openai/o3-deep-research", [Some("medium"); 4]),
            (CHAT, "openai/o3-pro", FROM_LOW),
            (CHAT, "openai/gpt-5.1", FROM_NONE),
            (CHAT, "openai/gpt-5.6-sol", FROM_NONE),
            (CHAT, "openai/gpt-6-luna", FROM_NONE),
            (CHAT, "openai/gpt-6.1-sol", FROM_LOW),
            (CHAT, "openai/gpt-6-astra", FROM_LOW),
            (CHAT, "openai/o3-mini", FROM_LOW),
            (CHAT, "openrouter/openai/gpt-5.1", FROM_NONE),
            (CHAT, "groq/openai/gpt-oss-120b", FROM_LOW),
            (GROQ, "groq/qwen/qwen3-32b", [Some("none"), Some("default"), Some("default"), Some("default")]),
            (CHAT, "local/unknown", ALL),
            (CLAUDE, "anthropic/claude-haiku-4-5-20251001", NOTHING),
            (CLAUDE, "anthropic/claude-sonnet-4-5", NOTHING),
            (CLAUDE, "anthropic/claude-opus-4-1", NOTHING),
            (CLAUDE, "anthropic/claude-opus-4-5", FROM_LOW),
            (CLAUDE, "anthropic/claude-sonnet-4-6", FROM_LOW),
            (CLAUDE, "anthropic/claude-sonnet-5", FROM_LOW),
            (GEMINI, "gemini/gemini-2.0-flash", NOTHING),
            (GEMINI, "gemini/gemini-3.1-pro-preview", FROM_LOW),
            (GEMINI, "gemini/gemini-3.5-flash", ALL),
        ] {
            assert_eq!(sent(table, id), words, "{id}");
        }
        assert_eq!(word(CHAT, &Model::new("openai/gpt-5")), None);
    }
}
