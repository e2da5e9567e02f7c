//! The text that answers are taken from.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use flow_base::hash::{START, fnv_from};
use serde_json::Value;

use super::words::{alike, mentions, telling};
use crate::prompt::{Part, Prompt, Role};

/// How many bytes of each message, and of each result of a tool, are read, so that a huge prompt stays fast.
const MESSAGE: usize = 32 * 1024;

/// How many messages are read.
const MESSAGES: usize = 4;

/// The longest first paragraph, in bytes, that counts as the instruction before a document.
const INSTRUCTION: usize = 400;

/// The maximum number of items taken from a list.
const ITEMS: usize = 12;

/// The subject matter of a prompt, split into lines and sentences.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) lines: Vec<String>,
    pub(super) sentences: Vec<String>,
    /// The frequency of each significant word.
    counts: BTreeMap<String, usize>,
    /// Differs between prompts.
    pub(super) seed: u64,
}

impl Document {
    pub(super) fn new(prompt: &Prompt) -> Self {
        let (mut seed, mut text, mut facts) = (START, String::new(), String::new());
        for message in prompt.messages.iter().filter(|message| message.role == Role::User).take(MESSAGES) {
            let whole = message.text();
            let head = head(&whole);
            seed = fnv_from(seed, head.as_bytes());
            let instructed = head.trim_start().split_once("\n\n");
            let document = instructed.filter(|(first, rest)| first.len() <= INSTRUCTION && !rest.trim().is_empty());
            text.extend([document.map_or(head, |(_, rest)| rest), "\n"]);
            message.content.parts().iter().for_each(|part| returned(part, &mut text, &mut facts));
        }
        let mut lines = full_lines(&text);
        let mut sentences: Vec<_> = lines.iter().flat_map(|line| sentences_of(bullet(line).unwrap_or(line))).collect();
        let facts = full_lines(&facts);
        sentences.extend(facts.iter().filter_map(|fact| labelled(fact)).flat_map(|(_, value)| sentences_of(value)));
        lines.extend(facts);
        let mut counts = BTreeMap::new();
        lines.iter().flat_map(|line| telling(line)).for_each(|word| *counts.entry(word).or_default() += 1);
        Self { lines, sentences, counts, seed }
    }

    /// How often the text mentions a word or a similar one.
    pub(super) fn count(&self, word: &str) -> usize {
        // Similar words begin alike, so they are neighbours.
        let start = word.get(..4).unwrap_or(word);
        let near = self.counts.range(start.to_owned()..).take_while(|(other, _)| other.starts_with(start));
        near.filter(|(other, _)| alike(word, other)).map(|(_, count)| count).sum()
    }

    /// The sentences, best first: by the wanted words, then by the words that are frequent in the text.
    pub(super) fn ranked(&self, wanted: &[String]) -> Vec<&str> {
        let mut ranked: Vec<_> = self.sentences.iter().map(String::as_str).collect();
        ranked.sort_by_cached_key(|sentence| {
            let words: Vec<_> = telling(sentence).collect();
            let asked = words.iter().filter(|word| wanted.iter().any(|wanted| alike(word, wanted))).count();
            let common: usize = words.iter().filter_map(|word| self.counts.get(word)).sum();
            Reverse(asked * 1000 + 10 * common / (words.len() + 5))
        });
        ranked
    }

    /// The lines `Label: value`.
    pub(super) fn labels(&self) -> impl Iterator<Item = (&str, &str)> {
        self.lines.iter().filter_map(|line| labelled(line)).filter(|(_, value)| !value.is_empty())
    }

    /// The items of the list that the words name, in the same line or in the lines below.
    pub(super) fn list(&self, wanted: &[String]) -> Vec<String> {
        let mut lists = self.lines.iter().enumerate().map(|(at, line)| {
            let (heading, rest) = labelled(line).unwrap_or((line, ""));
            let is_heading = line.starts_with('#') || line.contains(':') || line.len() < 40 && bullet(line).is_none();
            match rest {
                _ if !is_heading || !mentions(heading, wanted) => Vec::new(),
                "" => self.lines[at + 1..].iter().map_while(|line| bullet(line)).collect(),
                _ => enumerated(rest).collect(),
            }
        });
        let items = lists.find(|items: &Vec<_>| !items.is_empty());
        items.into_iter().flatten().map(str::to_owned).take(ITEMS).collect()
    }

    /// The items of all lists, one a line.
    pub(super) fn items(&self) -> Vec<String> {
        self.lines.iter().filter_map(|line| bullet(line)).map(str::to_owned).take(ITEMS).collect()
    }

    /// Phrases of capitalized words, in order. Those of two words or more come first, because sentences start with a capital.
    pub(super) fn names(&self) -> Vec<String> {
        let mut names: Vec<_> = self.lines.iter().flat_map(|line| names(line)).take(60).collect();
        names.sort_by_key(|name| !name.contains(' '));
        names
    }

    /// Words that satisfy a test, without the punctuation around them.
    pub(super) fn tokens(&self, test: impl Fn(&str) -> bool) -> impl Iterator<Item = &str> {
        let words = self.lines.iter().flat_map(|line| line.split_whitespace());
        words
            .map(|word| word.trim_matches(|letter: char| "<>()[]{}\"'`,;:.!?".contains(letter)))
            .filter(move |word| test(word))
    }
}

/// The part of a message that is read.
fn head(text: &str) -> &str {
    &text[..text.floor_char_boundary(MESSAGE)]
}

/// What a tool has returned: text as it is, and the values of JSON as lines `name: value`.
fn returned(part: &Part, text: &mut String, facts: &mut String) {
    let Part::ToolResult { content, is_error: false, .. } = part else { return };
    let result = content.text();
    match serde_json::from_str(head(&result)) {
        Ok(value @ (Value::Object(_) | Value::Array(_))) => values(None, &value, text, facts),
        _ => text.extend([head(&result), "\n"]),
    }
}

fn values(name: Option<&str>, value: &Value, text: &mut String, facts: &mut String) {
    match (name, value) {
        (_, Value::Object(fields)) => {
            fields.iter().for_each(|(name, value)| values(Some(name), value, text, facts));
        }
        (_, Value::Array(items)) => items.iter().for_each(|item| values(name, item, text, facts)),
        (_, Value::Null) => {}
        (None, value) => text.extend([plain(value), "\n".into()]),
        (Some(name), value) => facts.extend([name, ": ", &plain(value), "\n"]),
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn full_lines(text: &str) -> Vec<String> {
    text.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
}

fn sentences_of(line: &str) -> Vec<String> {
    let ended =
        ["。", ". ", "! ", "? "].iter().fold(line.to_owned(), |text, end| text.replace(end, &format!("{end}\n")));
    let sentences = ended.lines().map(str::trim).filter(|text| text.contains(char::is_alphanumeric));
    sentences.map(str::to_owned).collect()
}

/// Splits a line into `Label: value`. A label is short, and a URL is not a label.
fn labelled(line: &str) -> Option<(&str, &str)> {
    let (label, value) = line.split_once(':').filter(|(_, value)| !value.starts_with("//"))?;
    let label = label.trim_matches(|letter: char| "#*-_ ".contains(letter));
    let value = value.trim_matches(|letter: char| letter == '*' || letter.is_whitespace());
    (!label.is_empty() && label.chars().count() <= 40).then_some((label, value))
}

/// The text after a bullet or a number.
fn bullet(line: &str) -> Option<&str> {
    let (mark, text) = line.split_once(' ')?;
    let number = mark.trim_end_matches(['.', ')']);
    let is_number = number.len() < mark.len() && number.bytes().all(|byte| byte.is_ascii_digit());
    (is_number || ["-", "*", "•", "–"].contains(&mark)).then_some(text.trim())
}

/// The parts of `one, two and three.`
fn enumerated(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split([',', ';', '|']).flat_map(|part| part.split(" and "));
    parts.map(|part| part.trim().trim_end_matches('.')).filter(|part| !part.is_empty())
}

fn names(line: &str) -> Vec<String> {
    let is_name =
        |word: &str| word.starts_with(char::is_uppercase) && !word.contains(|letter: char| letter.is_ascii_digit());
    let parts = line.split(|letter: char| !letter.is_alphanumeric() && !" '-".contains(letter));
    let words: Vec<Vec<_>> = parts.map(|part| part.split_whitespace().collect()).collect();
    let runs = words.iter().flat_map(|words| words.chunk_by(|left, right| is_name(left) == is_name(right)));
    runs.filter(|run| is_name(run[0])).map(|run| run[..run.len().min(3)].join(" ")).collect()
}
