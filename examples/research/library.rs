//! The documents of a folder, searched by words.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use flow::prelude::*;

use super::{Entry, Passage};

/// Number of passages that a search returns.
const FOUND: usize = 6;

/// Text documents by name: the file name without `.txt`.
#[derive(Debug, Default)]
pub struct Library(BTreeMap<String, String>);

impl Library {
    /// Reads all `.txt` files of a folder.
    pub(crate) fn open(folder: &Path) -> Result<Self> {
        let mut documents = BTreeMap::new();
        for file in std::fs::read_dir(folder)? {
            let path = file?.path();
            if let (Some(name), Some("txt")) = (path.file_stem(), path.extension().and_then(|end| end.to_str())) {
                documents.insert(name.to_string_lossy().into_owned(), std::fs::read_to_string(&path)?);
            }
        }
        Ok(Self(documents))
    }

    pub(crate) fn entries(&self) -> Vec<Entry> {
        let title = |text: &str| text.lines().next().unwrap_or_default().to_owned();
        let entry = |(name, text): (&String, &String)| Entry { document: name.clone(), title: title(text) };
        self.0.iter().map(entry).collect()
    }

    pub(crate) fn get(&self, document: &str) -> Option<&str> {
        self.0.get(document).map(String::as_str)
    }

    /// The sentences that share the most words with the query, best first. Rare words weigh more.
    pub(crate) fn search(&self, query: &str) -> Vec<Passage> {
        let passages: Vec<_> = self.passages().map(|passage| (words(&passage.quote), passage)).collect();
        let frequency = |word: &String| passages.iter().filter(|(words, _)| words.contains(word)).count();
        let weights: BTreeMap<_, _> = words(query)
            .into_iter()
            .map(|word| (1000 / frequency(&word).max(1), word))
            .map(|(n, word)| (word, n))
            .collect();
        let weight = |words: &BTreeSet<String>| words.iter().filter_map(|word| weights.get(word)).sum::<usize>();
        let mut found: Vec<_> = passages.iter().map(|(words, passage)| (weight(words), passage)).collect();
        found.retain(|(weight, _)| *weight > 0);
        // The sort is stable: ties keep the order of the documents.
        found.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
        found.into_iter().take(FOUND).map(|(_, passage)| passage.clone()).collect()
    }

    fn passages(&self) -> impl Iterator<Item = Passage> {
        self.0.iter().flat_map(|(name, text)| {
            let below_title = text.split_once('\n').map_or(&text[..], |(_, rest)| rest);
            let quotes = below_title.split("\n\n").flat_map(sentences);
            quotes.map(|quote| Passage { document: name.clone(), quote })
        })
    }

    /// Whether a citation is true: its document exists and contains the quote.
    pub(crate) fn check(&self, cited: &Passage) -> Verdict {
        let Passage { document, quote } = cited;
        match self.get(document) {
            None => Verdict::reject(format!("there is no document `{document}`; cite the names that `search` returns")),
            Some(text) => Verdict::ensure(
                plain(text).contains(&plain(quote)),
                format!("`{document}` does not contain `{quote}`: quote it word for word, or cite another document"),
            ),
        }
    }
}

/// The sentences of a paragraph that are long enough to be cited.
fn sentences(paragraph: &str) -> Vec<String> {
    let text = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
    let sentences = text.split_inclusive(". ").map(|sentence| sentence.trim().to_owned());
    sentences.filter(|sentence| (20..=400).contains(&sentence.chars().count())).collect()
}

/// Ignores case and line breaks.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// The words of more than three letters, without a plural `s`.
fn words(text: &str) -> BTreeSet<String> {
    let words = text.split(|letter: char| !letter.is_alphanumeric()).map(str::to_lowercase);
    words.filter(|word| word.chars().count() > 3).map(|word| word.trim_end_matches('s').to_owned()).collect()
}
