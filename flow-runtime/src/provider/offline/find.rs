//! Finds labelled values, lists, names and addresses in a document.

use super::document::Document;
use super::words::{self, alike};

/// The maximum number of items taken from a list.
const ITEMS: usize = 12;

impl Document {
    /// The values after `Label:` in lines whose label contains one of the words.
    pub(super) fn labelled(&self, wanted: &[String]) -> Vec<&str> {
        let of = |line| labelled_line(line).filter(|(label, _)| is_about(label, wanted)).map(|(_, value)| value);
        self.lines.iter().filter_map(|line| of(line)).filter(|value| !value.is_empty()).collect()
    }

    pub(super) fn labels(&self) -> impl Iterator<Item = (&str, &str)> {
        self.lines.iter().filter_map(|line| labelled_line(line)).filter(|(_, value)| !value.is_empty())
    }

    /// The items of the list that the words name, in the same line or in the lines below.
    pub(super) fn list(&self, wanted: &[String]) -> Vec<String> {
        for (index, line) in self.lines.iter().enumerate() {
            let (heading, rest) = labelled_line(line).unwrap_or((line, ""));
            let is_heading = line.starts_with('#') || line.contains(':') || line.len() < 40 && bullet(line).is_none();
            if !is_heading || !is_about(heading, wanted) {
                continue;
            }
            let items = if rest.is_empty() { bullets(&self.lines[index + 1..]) } else { commas(rest) };
            if !items.is_empty() {
                return items;
            }
        }
        Vec::new()
    }

    /// The items of all lists.
    pub(super) fn items(&self) -> Vec<String> {
        self.lines.iter().filter_map(|line| bullet(line)).map(str::to_owned).take(ITEMS).collect()
    }

    /// Phrases of capitalized words, in order. Those of two words or more come first, because sentences start with a capital.
    pub(super) fn names(&self) -> Vec<String> {
        let phrases: Vec<_> = self.lines.iter().flat_map(|line| phrases(line)).take(60).collect();
        let (long, short): (Vec<_>, Vec<_>) = phrases.into_iter().partition(|phrase| phrase.contains(' '));
        let mut names: Vec<String> = Vec::new();
        long.into_iter().chain(short).for_each(|name| {
            if !names.contains(&name) {
                names.push(name)
            }
        });
        names
    }

    /// Words that satisfy a test, without the punctuation around them.
    pub(super) fn tokens<'a>(&'a self, test: impl Fn(&str) -> bool + 'a) -> impl Iterator<Item = &'a str> {
        let trimmed = |token: &'a str| token.trim_matches(|letter: char| "<>()[]{}\"'`,;:.!?".contains(letter));
        self.lines.iter().flat_map(|line| line.split_whitespace()).map(trimmed).filter(move |token| test(token))
    }

    /// The most frequent significant words.
    pub(super) fn keywords(&self) -> Vec<String> {
        let mut words: Vec<_> = self.counts.iter().filter(|(word, _)| word.chars().any(char::is_alphabetic)).collect();
        words.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        words.into_iter().map(|(word, _)| word.clone()).take(ITEMS).collect()
    }
}

fn is_about(label: &str, wanted: &[String]) -> bool {
    words::of_text(label).any(|word| wanted.iter().any(|wanted| alike(&word, wanted)))
}

/// Splits a line into `Label: value`. A label is short, and a URL is not a label.
fn labelled_line(line: &str) -> Option<(&str, &str)> {
    let (label, value) = line.split_once(':').filter(|(_, value)| !value.starts_with("//"))?;
    let label = label.trim_matches(|letter: char| "#*-_ ".contains(letter));
    let value = value.trim_matches(|letter: char| letter == '*' || letter.is_whitespace());
    (!label.is_empty() && label.chars().count() <= 40).then_some((label, value))
}

fn bullet(line: &str) -> Option<&str> {
    let marked = ["- ", "* ", "• ", "– "].iter().find_map(|mark| line.strip_prefix(mark));
    let numbered = || {
        let rest = line.trim_start_matches(|letter: char| letter.is_ascii_digit());
        (rest.len() < line.len()).then_some(rest)?.strip_prefix(['.', ')'])?.strip_prefix(' ')
    };
    marked.or_else(numbered).map(str::trim).filter(|text| !text.is_empty())
}

fn bullets(lines: &[String]) -> Vec<String> {
    lines.iter().map_while(|line| bullet(line)).map(str::to_owned).take(ITEMS).collect()
}

fn commas(text: &str) -> Vec<String> {
    let parts = text.split([',', ';', '|']).flat_map(|part| part.split(" and "));
    let trimmed = parts.map(|part| part.trim().trim_end_matches('.').to_owned());
    trimmed.filter(|part| !part.is_empty()).take(ITEMS).collect()
}

fn phrases(line: &str) -> Vec<String> {
    let mut phrases: Vec<String> = Vec::new();
    let mut open = false;
    for word in line.split_whitespace() {
        let plain = word.trim_matches(|letter: char| !letter.is_alphanumeric());
        let capital = plain.chars().next().is_some_and(char::is_uppercase)
            && !plain.chars().any(|letter| letter.is_ascii_digit());
        match phrases.last_mut().filter(|phrase| open && capital && phrase.split(' ').count() < 3) {
            Some(phrase) => *phrase = format!("{phrase} {plain}"),
            None if capital => phrases.push(plain.to_owned()),
            None => {}
        }
        // Punctuation after a word ends the phrase.
        open = capital && word.ends_with(char::is_alphanumeric);
    }
    phrases
}
