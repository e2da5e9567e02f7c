//! Strings that match a pattern: literals, classes, groups, alternatives and repetitions. Look-around and back-references are not
//! supported.

use std::iter::{Peekable, from_fn};
use std::str::Chars;

/// A cap on repetitions, more than any answer needs.
const MANY: usize = 4096;

/// A string that matches a pattern and has at least the given number of characters. `None` if the pattern is not
/// supported or sets no such length.
pub(super) fn sample(pattern: &str, min_length: usize) -> Option<String> {
    // Expand the repetitions until the text is long enough.
    let mut samples = (0..=min_length).map(|more| {
        let mut parser = Parser { rest: pattern.chars().peekable() };
        parser.alternatives(more).filter(|_| parser.rest.peek().is_none())
    });
    samples.find(|text| text.as_ref().is_none_or(|text| text.chars().count() >= min_length))?
}

/// Writes the text while it reads the pattern. Optional parts are left out unless `more` repetitions are asked for.
struct Parser<'a> {
    rest: Peekable<Chars<'a>>,
}

impl Parser<'_> {
    /// The first alternative.
    fn alternatives(&mut self, more: usize) -> Option<String> {
        let first = self.sequence(more)?;
        while self.rest.next_if_eq(&'|').is_some() {
            self.sequence(0)?;
        }
        Some(first)
    }

    fn sequence(&mut self, more: usize) -> Option<String> {
        let mut text = String::new();
        while let Some(letter) = self.rest.next_if(|letter| !"|)".contains(*letter)) {
            let atom = match letter {
                '^' | '$' => continue,
                '(' => self.group()?,
                '[' => self.class()?.into(),
                '.' => "a".to_owned(),
                '*' | '+' | '?' | '{' => return None,
                letter => self.escaped(letter)?.into(),
            };
            let (min, max) = self.repetition()?;
            text += &atom.repeat((min + more).min(max));
        }
        (text.len() <= MANY * 4).then_some(text)
    }

    fn group(&mut self) -> Option<String> {
        if self.rest.next_if_eq(&'?').is_some() {
            self.rest.next_if_eq(&':')?;
        }
        let text = self.alternatives(0)?;
        self.rest.next_if_eq(&')').map(|_| text)
    }

    /// A letter, or what a backslash and the letter after it stand for.
    fn escaped(&mut self, letter: char) -> Option<char> {
        match if letter == '\\' { self.rest.next()? } else { return Some(letter) } {
            'd' => Some('1'),
            'w' => Some('a'),
            's' => Some(' '),
            letter => (!letter.is_alphanumeric()).then_some(letter),
        }
    }

    /// A character of a class: its first, or for a negated class, the first common one that it allows.
    fn class(&mut self) -> Option<char> {
        let excluding = self.rest.next_if_eq(&'^').is_some();
        let mut ranges = Vec::new();
        while let Some(letter) = self.rest.next_if(|letter| ranges.is_empty() || *letter != ']') {
            let low = self.escaped(letter)?;
            let mut ahead = self.rest.clone();
            let is_range = ahead.next() == Some('-') && ahead.next() != Some(']');
            let high = if is_range { self.rest.nth(1).and_then(|letter| self.escaped(letter))? } else { low };
            ranges.push(low..=high);
        }
        self.rest.next()?;
        let allowed = |letter: &char| !ranges.iter().any(|range| range.contains(letter));
        if excluding { "aA1 -_.~".chars().find(allowed) } else { ranges.first().map(|range| *range.start()) }
    }

    fn repetition(&mut self) -> Option<(usize, usize)> {
        let Some(mark) = self.rest.next_if(|letter| "*+?{".contains(*letter)) else { return Some((1, 1)) };
        let (min, max) = match mark {
            '*' => (0, MANY),
            '+' => (1, MANY),
            '?' => (0, 1),
            _ => {
                let times: String = from_fn(|| self.rest.next_if(|letter| *letter != '}')).collect();
                self.rest.next()?;
                let (min, max) = times.split_once(',').unwrap_or((&times, &times));
                (min.parse().ok()?, if max.is_empty() { MANY } else { max.parse().ok()? })
            }
        };
        self.rest.next_if_eq(&'?');
        (min <= max && max <= MANY).then_some((min, max))
    }
}

#[cfg(test)]
mod tests {
    use super::sample;

    #[test]
    fn samples_match() {
        for (pattern, length, expected) in [
            ("^[a-z]+$", 0, "a"),
            ("^[a-z]+$", 5, "aaaaa"),
            (r"^\d{3}-\d{2,4}$", 0, "111-11"),
            (r"^(?:CV|ID)_[A-F0-9]{2}x?$", 0, "CV_AA"),
            (r"^[^a-z]\.\w*$", 0, "A."),
            ("^(ab)+$", 0, "ab"),
            ("^[-a]b$", 0, "-b"),
        ] {
            assert_eq!(sample(pattern, length).as_deref(), Some(expected), "{pattern}");
        }
    }

    #[test]
    fn what_is_not_understood_is_none() {
        for pattern in ["(?=a)b", r"(a)\1", "[", "(", "a{3,1}", r"\p{L}", "*", "((a{4000}){4000}){4000}"] {
            assert_eq!(sample(pattern, 0), None, "{pattern}");
        }
    }
}
