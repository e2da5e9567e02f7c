//! Detection of blank text.

/// Characters that Unicode calls ignorable (`Default_Ignorable_Code_Point`): invisible, but not white space, such as a byte order
/// mark, a zero-width space, directional marks and fillers.
///
/// Source: `DerivedCoreProperties.txt` of Unicode 16.0.
const IGNORABLE: [(char, char); 17] = [
    ('\u{ad}', '\u{ad}'),
    ('\u{34f}', '\u{34f}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{115f}', '\u{1160}'),
    ('\u{17b4}', '\u{17b5}'),
    ('\u{180b}', '\u{180f}'),
    ('\u{200b}', '\u{200f}'),
    ('\u{202a}', '\u{202e}'),
    ('\u{2060}', '\u{206f}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{fe00}', '\u{fe0f}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{ffa0}', '\u{ffa0}'),
    ('\u{fff0}', '\u{fff8}'),
    ('\u{1bca0}', '\u{1bca3}'),
    ('\u{1d173}', '\u{1d17a}'),
    ('\u{e0000}', '\u{e0fff}'),
];

/// Whether a text consists only of white space, control characters and invisible characters.
pub(crate) fn is_blank(text: &str) -> bool {
    text.chars().all(|letter| letter.is_whitespace() || letter.is_control() || is_ignorable(letter))
}

fn is_ignorable(letter: char) -> bool {
    IGNORABLE.iter().any(|(first, last)| (*first..=*last).contains(&letter))
}

#[cfg(test)]
mod tests {
    use super::is_blank;

    #[test]
    fn what_prints_nothing_is_blank() {
        for text in
            ["", " \t\r\n", "\u{a0}\u{3000}\u{2028}", "\u{feff}", "\u{200b}\u{2060}\n", "\0\u{1b}", "\u{3164}\u{fe0f}"]
        {
            assert!(is_blank(text), "{text:?}");
        }
    }

    #[test]
    fn anything_that_prints_is_text() {
        for text in [".", " 0 ", "é", "\u{200b}x", "🦀", "👩\u{200d}🔬", "\u{301}", "\u{fffd}", "한"] {
            assert!(!is_blank(text), "{text:?}");
        }
    }
}
