//! The text that answers are taken from.

use std::collections::BTreeMap;

use super::hash;
use super::words;
use crate::prompt::{Prompt, Role};

/// How many bytes of each message are read, so that a huge prompt stays fast.
const MESSAGE: usize = 32 * 1024;

/// How many messages are read.
const MESSAGES: usize = 4;

/// The longest first paragraph, in bytes, that counts as the instruction before a document.
const INSTRUCTION: usize = 400;

/// The subject matter of a prompt, split into lines and sentences.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) lines: Vec<String>,
    pub(super) sentences: Vec<String>,
    /// The frequency of each significant word.
    pub(super) counts: BTreeMap<String, usize>,
    /// Differs between prompts; decides when the text does not.
    pub(super) seed: u64,
}

impl Document {
    pub(super) fn new(prompt: &Prompt) -> Self {
        let mut seed = 0;
        let mut text = String::new();
        for message in prompt.messages.iter().filter(|message| message.role == Role::User).take(MESSAGES) {
            let whole = message.text();
            let head = &whole[..whole.floor_char_boundary(MESSAGE)];
            seed = hash(seed ^ whole.len() as u64, head);
            text.push_str(without_instruction(head));
            text.push('\n');
        }
        let lines: Vec<_> = text.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect();
        let sentences = lines.iter().flat_map(|line| sentences(line)).collect();
        let mut counts = BTreeMap::new();
        words::telling(&text).for_each(|word| *counts.entry(word).or_default() += 1);
        Self { lines, sentences, counts, seed }
    }

    /// How often the text mentions a word or a similar one.
    pub(super) fn count(&self, word: &str) -> usize {
        let exact = self.counts.get(word).copied().unwrap_or(0);
        // Words with the same prefix are adjacent.
        let near = word.get(..word.len().min(4)).unwrap_or(word);
        let alike = self.counts.range(near.to_owned()..).take_while(|(other, _)| other.starts_with(near));
        exact.max(alike.filter(|(other, _)| words::alike(word, other)).map(|(_, count)| count).sum())
    }

    /// Whether the text mentions any of the words.
    pub(super) fn speaks_of(&self, words: &[String]) -> bool {
        words.iter().any(|word| word.len() > 1 && self.count(word) > 0)
    }

    /// The sentences, best first: by the wanted words, then by the words that are frequent in the text.
    pub(super) fn ranked(&self, wanted: &[String]) -> Vec<&str> {
        let mut ranked: Vec<_> =
            self.sentences.iter().map(|sentence| (self.weight(sentence, wanted), &sentence[..])).collect();
        // The sort is stable: of equal sentences, the earlier one comes first.
        ranked.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
        ranked.into_iter().map(|(_, sentence)| sentence).collect()
    }

    fn weight(&self, sentence: &str, wanted: &[String]) -> usize {
        let words: Vec<_> = words::telling(sentence).collect();
        let asked = words.iter().filter(|word| wanted.iter().any(|wanted| words::alike(word, wanted))).count();
        let common: usize = words.iter().map(|word| self.counts.get(word).copied().unwrap_or(0)).sum();
        asked * 1000 + 10 * common / (words.len() + 5)
    }
}

/// A message without its instruction, which is a short first paragraph.
fn without_instruction(text: &str) -> &str {
    let (first, rest) = text.trim_start().split_once("\n\n").unwrap_or((text, ""));
    let is_instruction = first.len() <= INSTRUCTION && !rest.trim().is_empty();
    if is_instruction { rest } else { text }
}

fn sentences(line: &str) -> Vec<String> {
    let mut sentences = Vec::new();
    let mut start = 0;
    let mut letters = line.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let after = letters.peek().map(|(_, letter)| *letter);
        if ".!?。".contains(letter) && after.is_none_or(|after| after.is_whitespace() || letter == '。') {
            let end = at + letter.len_utf8();
            sentences.push(line[start..end].trim().to_owned());
            start = end;
        }
    }
    sentences.push(line[start..].trim().to_owned());
    sentences.retain(|sentence| sentence.chars().any(char::is_alphanumeric));
    sentences
}
