//! Strings that match a pattern: literals, classes, groups, alternatives and repetitions. Look-around and back-references are not
//! supported.

use std::iter::Peekable;
use std::str::Chars;

/// A string that matches a pattern and has at least the given number of characters, as far as the pattern allows. `None` if the
/// pattern is not supported.
pub(super) fn sample(pattern: &str, min_length: usize) -> Option<String> {
    let mut parser = Parser { rest: pattern.chars().peekable(), depth: 0 };
    let parts = parser.alternatives()?;
    if parser.rest.peek().is_some() {
        return None;
    }
    // Expand the repetitions until the text is long enough.
    (0..=min_length)
        .map(|more| write(&parts, more))
        .find(|text| text.chars().count() >= min_length)
        .or_else(|| Some(write(&parts, 0)))
}

/// A part of a pattern with its repetitions.
struct Part {
    atom: Atom,
    min: usize,
    max: usize,
}

enum Atom {
    /// A character that matches.
    Letter(char),
    Group(Vec<Part>),
}

/// A cap on unbounded repetitions, more than any answer needs.
const MANY: usize = 4096;

/// The maximum nesting of groups.
const DEPTH: usize = 32;

struct Parser<'a> {
    rest: Peekable<Chars<'a>>,
    depth: usize,
}

fn write(parts: &[Part], more: usize) -> String {
    let mut text = String::new();
    for part in parts {
        // Optional parts are left out unless more characters are needed.
        for _ in 0..(part.min + more).min(part.max) {
            match &part.atom {
                Atom::Letter(letter) => text.push(*letter),
                Atom::Group(parts) => text.push_str(&write(parts, 0)),
            }
        }
    }
    text
}

impl Parser<'_> {
    /// Keeps the first alternative and skips the others.
    fn alternatives(&mut self) -> Option<Vec<Part>> {
        let first = self.sequence()?;
        while self.rest.next_if_eq(&'|').is_some() {
            self.sequence()?;
        }
        Some(first)
    }

    fn sequence(&mut self) -> Option<Vec<Part>> {
        let mut parts = Vec::new();
        while let Some(letter) = self.rest.next_if(|letter| !"|)".contains(*letter)) {
            let atom = match letter {
                '^' | '$' => continue,
                '(' => self.group()?,
                '[' => Atom::Letter(self.class()?),
                '\\' => Atom::Letter(self.escape()?),
                '.' => Atom::Letter('a'),
                '*' | '+' | '?' | '{' => return None,
                letter => Atom::Letter(letter),
            };
            let (min, max) = self.repetition()?;
            parts.push(Part { atom, min, max });
        }
        Some(parts)
    }

    fn group(&mut self) -> Option<Atom> {
        if self.rest.next_if_eq(&'?').is_some() {
            self.rest.next_if_eq(&':')?;
        }
        self.depth += 1;
        if self.depth > DEPTH {
            return None;
        }
        let parts = self.alternatives()?;
        self.depth -= 1;
        self.rest.next_if_eq(&')')?;
        Some(Atom::Group(parts))
    }

    fn escape(&mut self) -> Option<char> {
        match self.rest.next()? {
            'd' => Some('1'),
            'w' => Some('a'),
            's' => Some(' '),
            'n' => Some('\n'),
            't' => Some('\t'),
            letter if !letter.is_alphanumeric() => Some(letter),
            _ => None,
        }
    }

    /// A character of a class: its first, or for a negated class, the first common one that it allows.
    fn class(&mut self) -> Option<char> {
        let excluding = self.rest.next_if_eq(&'^').is_some();
        let mut ranges = Vec::new();
        while ranges.is_empty() || self.rest.peek()? != &']' {
            let low = self.class_letter()?;
            let mut ahead = self.rest.clone();
            let is_range = ahead.next() == Some('-') && ahead.next().is_some_and(|letter| letter != ']');
            let high = if is_range { self.rest.next().and_then(|_| self.class_letter())? } else { low };
            ranges.push((low, high));
        }
        self.rest.next();
        if !excluding {
            return ranges.first().map(|(low, _)| *low);
        }
        "aA1 -_.~".chars().find(|letter| !ranges.iter().any(|(low, high)| (low..=high).contains(&letter)))
    }

    fn class_letter(&mut self) -> Option<char> {
        match self.rest.next()? {
            '\\' => self.escape(),
            letter => Some(letter),
        }
    }

    fn repetition(&mut self) -> Option<(usize, usize)> {
        let times = match self.rest.peek() {
            Some('*') => (0, MANY),
            Some('+') => (1, MANY),
            Some('?') => (0, 1),
            Some('{') => return self.counted(),
            _ => return Some((1, 1)),
        };
        self.rest.next();
        self.rest.next_if_eq(&'?');
        Some(times)
    }

    fn counted(&mut self) -> Option<(usize, usize)> {
        self.rest.next();
        let inner: String = std::iter::from_fn(|| self.rest.next_if(|letter| *letter != '}')).collect();
        self.rest.next_if_eq(&'}')?;
        self.rest.next_if_eq(&'?');
        let (min, max) = match inner.split_once(',') {
            Some((min, "")) => (min.parse().ok()?, MANY),
            Some((min, max)) => (min.parse().ok()?, max.parse().ok()?),
            None => (inner.parse().ok()?, inner.parse().ok()?),
        };
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
        for pattern in ["(?=a)b", r"(a)\1", "[", "(", "a{3,1}", r"\p{L}", "*", &"(".repeat(1000)] {
            assert_eq!(sample(pattern, 0), None, "{pattern}");
        }
    }
}
