//! Escapes untrusted text so that it cannot control the terminal.

use std::borrow::Cow;
use std::fmt::Write;
use std::{panic, thread};

use flow_runtime::text::{escaped, escaped_as};

use super::shown::cited;

/// Notation of escaped characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Escape {
    /// `\u{1b}`, for people.
    Text,
    /// `\u001b`, which decodes to the same text in JSON.
    Json,
}

impl Escape {
    /// Escapes control and bidirectional characters, except line ends and tabs.
    pub(super) fn apply(self, text: &str) -> Cow<'_, str> {
        match self {
            Self::Text => escaped(text),
            Self::Json => escaped_as(text, |shown, letter| write!(shown, "\\u{:04x}", u32::from(letter))),
        }
    }
}

/// Installs a panic hook that escapes and indents messages: they may contain untrusted text, which must neither control the
/// terminal nor imitate the program's own output.
pub(super) fn escape_panics() {
    let plain = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        let said = panic.payload_as_str().unwrap_or_default();
        let shown = escaped(said);
        if shown == said && !said.contains('\n') {
            return plain(panic);
        }
        let thread = thread::current();
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        eprintln!("thread '{}' panicked at {place}:\n{}", thread.name().unwrap_or("<unnamed>"), cited(&shown));
    }));
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
        assert_eq!(escaped(&shown), shown);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&shown).unwrap(), value);
    }
}
