//! Text of others on its way to a terminal.

use std::borrow::Cow;
use std::fmt::Write;

/// A text that no terminal obeys: control and bidirectional characters are written as `\u{1b}`. Ends of lines and tabs stay.
///
/// For programs that show documents, answers of models or errors themselves; the binary that `flow::main!` makes does it everywhere.
///
/// ```
/// assert_eq!(flow_runtime::text::escaped("\u{1b}[2J two\nlines"), "\\u{1b}[2J two\nlines");
/// ```
pub fn escaped(text: &str) -> Cow<'_, str> {
    escaped_as(text, |shown, letter| write!(shown, "\\u{{{:x}}}", u32::from(letter)))
}

/// The same with another way to write a character.
#[doc(hidden)]
pub fn escaped_as(text: &str, write: impl Fn(&mut String, char) -> std::fmt::Result) -> Cow<'_, str> {
    if !text.chars().any(is_active) {
        return text.into();
    }
    let mut shown = String::with_capacity(text.len() + 16);
    let mut rest = text.chars().peekable();
    while let Some(letter) = rest.next() {
        match letter {
            // A line that ends as on Windows ends all the same.
            '\r' if rest.peek() == Some(&'\n') => {}
            // Writing into a string does not fail.
            letter if is_active(letter) => _ = write(&mut shown, letter),
            letter => shown.push(letter),
        }
    }
    shown.into()
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

/// A text of others among lines of ours: its further lines stand behind `|`, so that none can be taken for one of ours.
pub(crate) struct Cited<'a>(pub(crate) &'a str);

impl std::fmt::Display for Cited<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut lines = self.0.lines();
        f.write_str(lines.next().unwrap_or_default())?;
        lines.try_for_each(|line| write!(f, "\n  | {line}"))
    }
}
