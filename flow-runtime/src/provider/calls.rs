//! Ids and names of calls, as endpoints accept them. A conversation may have begun at another provider, with ids of another form,
//! and a model may call a tool that it was never offered, by a name that no tool could have.

use std::borrow::Cow;

use super::request::plain;
use crate::contract::hash;

/// The ids that an endpoint accepts.
#[derive(Clone, Copy, Debug)]
pub(super) struct CallIds {
    shortest: usize,
    longest: usize,
    /// The characters besides ASCII letters and digits; `None` for any.
    others: Option<&'static str>,
}

impl CallIds {
    /// Any id. Some servers need theirs back as they were: the chat template of Kimi numbers calls by them.
    pub(super) const ANY: Self = Self { shortest: 1, longest: usize::MAX, others: None };

    /// Bedrock: at most 64 characters of those that Claude accepts.
    /// See <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolUseBlock.html>.
    #[cfg(feature = "bedrock")]
    pub(super) const BEDROCK: Self = Self { shortest: 1, longest: 64, others: Some("_-") };

    /// Claude: `^[a-zA-Z0-9_-]+$`; ids such as `functions.find:0` are a 400.
    /// See <https://github.com/tailcallhq/forgecode/issues/1142>.
    pub(super) const CLAUDE: Self = Self { shortest: 1, longest: usize::MAX, others: Some("_-") };

    /// Mistral: nine letters and digits; anything else is a 400.
    /// See <https://github.com/anomalyco/opencode/issues/1680>.
    pub(super) const MISTRAL: Self = Self { shortest: 9, longest: 9, others: Some("") };

    /// OpenAI: at most 40 characters, which ids of vLLM exceed.
    /// See <https://github.com/vercel/ai/issues/5171>.
    pub(super) const OPENAI: Self = Self { shortest: 1, longest: 40, others: None };

    /// The id as the endpoint accepts it: unchanged if it does, or else always the same replacement.
    pub(super) fn accepted(self, id: &str) -> Cow<'_, str> {
        match self.accepts(id) {
            true => id.into(),
            false => format!("{:016x}", hash(id)).chars().take(self.longest).collect(),
        }
    }

    fn accepts(self, id: &str) -> bool {
        let known =
            |letter: char| letter.is_ascii_alphanumeric() || self.others.is_none_or(|others| others.contains(letter));
        (self.shortest..=self.longest).contains(&id.chars().count()) && id.chars().all(known)
    }
}

/// The name of a called tool. Endpoints reject the names that tools could not have, also in what was said before.
/// See <https://github.com/anomalyco/opencode/pull/48750>, <https://github.com/mcp-use/mcp-use/issues/90>.
pub(super) fn name(called: &str) -> String {
    plain(called, "tool")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_that_an_endpoint_accepts_stays_as_it_is() {
        for (ids, id) in [
            (CallIds::ANY, "functions.find:0"),
            (CallIds::CLAUDE, "toolu_01-A"),
            (CallIds::MISTRAL, "48f5r72yF"),
            (CallIds::OPENAI, "call_0123456789012345678901234"),
        ] {
            assert_eq!(ids.accepted(id), id);
        }
    }

    #[test]
    fn another_id_has_one_replacement_of_the_right_form() {
        let long = format!("chatcmpl-tool-{:032x}", 7);
        for (ids, id) in [
            (CallIds::CLAUDE, "functions.find:0"),
            (CallIds::CLAUDE, ""),
            (CallIds::MISTRAL, "call_1"),
            (CallIds::MISTRAL, "call_0fyp"),
            (CallIds::MISTRAL, "call0fypS1hVX"),
            (CallIds::OPENAI, &long[..]),
        ] {
            let replaced = ids.accepted(id);
            assert!(replaced != id && ids.accepts(&replaced), "{id}: {replaced}");
            assert_eq!(ids.accepted(id), replaced);
        }
        assert_ne!(CallIds::MISTRAL.accepted("call_1"), CallIds::MISTRAL.accepted("call_2"));
    }

    #[test]
    fn a_name_is_one_that_a_tool_could_have() {
        for (called, written) in
            [("find_order", "find_order"), ("browser.tabs open", "browser_tabs_open"), ("", "tool")]
        {
            assert_eq!(name(called), written);
        }
    }
}
