//! What documents, models and errors say, without the power to command the terminal that shows it.

use std::borrow::Cow;
use std::fmt::Write;

/// How a character is written that is not to reach a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Escape {
    /// `\u{1b}`, for people.
    Text,
    /// `\u001b`, which is the same text to whoever reads the JSON.
    Json,
}

impl Escape {
    /// The text with its control and bidirectional characters escaped; ends of lines and tabs stay.
    pub(super) fn apply(self, text: &str) -> Cow<'_, str> {
        if !text.chars().any(is_active) {
            return text.into();
        }
        let mut shown = String::with_capacity(text.len() + 16);
        let mut rest = text.chars().peekable();
        while let Some(letter) = rest.next() {
            match letter {
                // A line that ends as on Windows ends all the same.
                '\r' if rest.peek() == Some(&'\n') => {}
                letter if is_active(letter) => self.write(&mut shown, letter),
                letter => shown.push(letter),
            }
        }
        shown.into()
    }

    fn write(self, shown: &mut String, letter: char) {
        let code = u32::from(letter);
        // Writing into a string does not fail.
        let _ = match self {
            Self::Text => write!(shown, "\\u{{{code:x}}}"),
            Self::Json => write!(shown, "\\u{code:04x}"),
        };
    }
}

/// Moves the cursor, colours, clears or reorders what stands around it.
fn is_active(letter: char) -> bool {
    match letter {
        '\n' | '\t' => false,
        '\u{61c}' | '\u{200e}' | '\u{200f}' => true,
        '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{206f}' => true,
        letter => letter.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_obeys_is_shown_instead() {
        for (text, shown) in [
            ("\u{1b}[2J\u{1b}[H", "\\u{1b}[2J\\u{1b}[H"),
            ("\u{9b}31m", "\\u{9b}31m"),
            ("\u{1b}]0;title\u{7}", "\\u{1b}]0;title\\u{7}"),
            ("paid\rdue ", "paid\\u{d}due "),
            ("abc\u{8}\u{8}\u{7f}", "abc\\u{8}\\u{8}\\u{7f}"),
            ("a\u{b}b\u{c}c\u{85}d\u{2028}e", "a\\u{b}b\\u{c}c\\u{85}d\\u{2028}e"),
            ("to \u{202e}eno\u{202c}", "to \\u{202e}eno\\u{202c}"),
            ("\u{2066}x\u{2069}\u{200f}\u{61c}", "\\u{2066}x\\u{2069}\\u{200f}\\u{61c}"),
        ] {
            assert_eq!(Escape::Text.apply(text), shown);
            assert_eq!(Escape::Text.apply(shown), shown, "what is escaped stays");
        }
    }

    #[test]
    fn what_a_person_reads_stays() {
        for text in ["", "two\n\tlines", "größe 日本語 🦀 שלום عربى", "a\u{301}", "\\u{1b}"] {
            assert!(matches!(Escape::Text.apply(text), Cow::Borrowed(same) if same == text));
        }
        assert_eq!(Escape::Text.apply("one\r\ntwo\r\n"), "one\ntwo\n");
    }

    #[test]
    fn json_means_what_it_meant() {
        let value = serde_json::json!({ "a": "\u{1b}[2J\u{9b}\u{202e}\r\n\u{7f}", "\u{2067}": ["\u{85}"] });
        let shown = Escape::Json.apply(&value.to_string()).into_owned();
        assert!(shown.chars().all(|letter| !is_active(letter)), "{shown}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&shown).unwrap(), value);
    }
}
