//! Choices between names, alternatives or truth values, by the words of the text.

use serde_json::Value;

use super::document::Document;
use super::hash;
use super::hint::Hint;
use super::words;

const NO: &[&str] = &["no", "not", "never", "none", "without", "cannot", "isn", "doesn", "don", "nein", "nicht"];

/// The best choice by the words that speak for each, or a stable one if none does. Later items of a list get the next choices.
pub(super) fn best(document: &Document, hint: &Hint, choices: &[Vec<String>]) -> usize {
    let mut ranked: Vec<_> = choices.iter().map(|words| score(document, words)).enumerate().collect();
    ranked.sort_by_key(|(_, score)| std::cmp::Reverse(*score));
    let told = ranked.first().is_some_and(|(_, score)| *score > 0);
    let start = if told { 0 } else { hash(document.seed, &hint.name.join("_")) as usize % choices.len().max(1) };
    ranked[(start + hint.nth) % ranked.len()].0
}

/// How many of the choices the text mentions.
pub(super) fn told(document: &Document, choices: &[Vec<String>]) -> usize {
    choices.iter().filter(|words| score(document, words) > 0).count()
}

/// The words of a listed value.
pub(super) fn words_of(value: &Value) -> Vec<String> {
    value.as_str().map(words::of_name).unwrap_or_default()
}

fn score(document: &Document, words: &[String]) -> usize {
    words.iter().map(|word| document.count(word)).sum()
}

/// True if the text mentions the property, false if it negates it, otherwise a stable value.
pub(super) fn truth(document: &Document, hint: &Hint) -> bool {
    let wanted: Vec<_> = hint.name.iter().filter(|word| word.len() > 3).cloned().collect();
    let about = document
        .sentences
        .iter()
        .find(|sentence| words::of_text(sentence).any(|word| wanted.iter().any(|wanted| words::alike(&word, wanted))));
    match about {
        Some(sentence) => !words::of_text(sentence).any(|word| NO.contains(&&word[..])),
        None => hash(document.seed, &hint.key()).is_multiple_of(2),
    }
}
