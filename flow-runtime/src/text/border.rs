//! Where a text may be cut.

/// What ends at a position. Later variants are better places to cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Border {
    Word,
    Sentence,
    Paragraph,
}

/// Ends of sentences that are followed by white space.
const ENDS: &[char] = &['.', '!', '?', '…'];

/// Ends of sentences in scripts without spaces.
const FULL_ENDS: &[char] = &['。', '！', '？'];

/// Characters allowed between the end of a sentence and the space after it.
const CLOSING: &[char] = &['"', '\'', '”', '’', '»', ')', ']'];

impl Border {
    /// What ends just before the word that starts at byte `at`; `None` if no word starts there.
    pub(super) fn at(text: &str, at: usize) -> Option<Self> {
        let (before, after) = text.split_at(at);
        if after.starts_with(char::is_whitespace) {
            return None;
        }
        let last = before.trim_end();
        let gap = &before[last.len()..];
        if gap.is_empty() {
            return last.ends_with(FULL_ENDS).then_some(Self::Sentence);
        }
        let sentence = last.trim_end_matches(CLOSING);
        Some(match gap.matches('\n').count() {
            2.. => Self::Paragraph,
            _ if sentence.ends_with(ENDS) || sentence.ends_with(FULL_ENDS) => Self::Sentence,
            _ => Self::Word,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn between(before: &str, after: &str) -> Option<Border> {
        Border::at(&format!("{before}{after}"), before.len())
    }

    #[test]
    fn a_blank_line_ends_a_paragraph() {
        for before in ["one\n\n", "one.\r\n\r\n", "one\n  \n  "] {
            assert_eq!(between(before, "two"), Some(Border::Paragraph), "{before:?}");
        }
    }

    #[test]
    fn a_full_stop_before_a_space_ends_a_sentence() {
        for before in ["one. ", "one?\n", "“one!” ", "(one.) ", "一。"] {
            assert_eq!(between(before, "two"), Some(Border::Sentence), "{before:?}");
        }
        assert_eq!(between("1.", "5"), None);
    }

    #[test]
    fn a_space_ends_a_word_and_belongs_to_it() {
        assert_eq!(between("one ", "two"), Some(Border::Word));
        assert_eq!(between("one\n", "two"), Some(Border::Word));
        for (before, after) in [("o", "ne"), ("one", " two"), ("one ", " two"), ("", "one")] {
            assert_eq!(between(before, after), None, "{before:?} {after:?}");
        }
    }
}
