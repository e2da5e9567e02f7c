//! Summarises a text that is too long for one model call: splits it into overlapping chunks, takes notes on each, merges notes until
//! few are left, and summarises those.
//!
//! ```text
//! cargo run --example summarize                                             # a harbour's log of 100 pages, offline
//! cargo run --example summarize -- run summarize --file document=PATH       # any text file
//! cargo run --example summarize -- graph                                    # the step graph as a flowchart
//! ```
//!
//! Offline, no model is asked: answers are made up from the words of the document. With a real model:
//!
//! ```text
//! OPENAI_API_KEY=… cargo run --example summarize
//! OPENAI_BASE_URL=http://127.0.0.1:8080/v1 cargo run --example summarize   # any compatible server
//! ```

use flow::prelude::*;
use flow::text::{Size, chunks};

#[path = "data/harbour_log.rs"]
mod harbour_log;

/// The result of a summary.
#[contract]
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// Length of the document in characters.
    pub characters: usize,
    /// Number of chunks.
    pub chunks: usize,
    /// The summary.
    pub text: String,
}

/// Small enough for a small model to read carefully. The overlap keeps a sentence together with its context.
const CHUNK: Size = Size::tokens(2_000).overlap(100);

/// Number of notes merged per model call.
const TOGETHER: usize = 8;

const FAST: Model = Model::new("openai/gpt-5-mini").name("fast").max_output_tokens(600);

/// Splits the document into parts that fit a model call.
#[step]
pub async fn split(document: &str) -> Result<Vec<String>> {
    Ok(chunks(document, CHUNK).into_iter().map(str::to_owned).collect())
}

/// What matters in one part of a document.
#[step(
    model = FAST,
    prompt = "Note what matters in this part of a longer document, in at most five sentences.\n\n{{ part }}",
    gate = written,
    gate = shorter(part)
)]
pub async fn note(part: &str) -> Result<String>;

/// Merges several notes into one.
#[step(
    model = FAST,
    prompt = "Merge these notes on neighbouring parts of a document into one, in at most five sentences.

{% for note in notes %}{{ note }}
{% endfor %}",
    gate = written
)]
pub async fn merge(notes: &[String]) -> Result<String>;

/// The summary.
#[step(
    model = FAST,
    prompt = "Write a summary of a document from these notes on its parts, in at most ten sentences.

{% for note in notes %}{{ note }}
{% endfor %}",
    gate = written
)]
pub async fn conclude(notes: &[String]) -> Result<String>;

/// Summarises a document of at most 500 chunks; by default, the log of a harbour.
#[workflow(max_model_calls = 3_762, strict)]
pub async fn summarize(document: Option<String>) -> Result<Summary> {
    let document = document.unwrap_or_else(harbour_log::year);
    let parts = split(&document).await?;
    let count = parts.len();
    if count == 0 {
        flow::bail!("the document is empty");
    }
    let mut notes = map(parts, async |part: String| note(&part).await).concurrency(4).bound(500).await?;
    // Merging reduces 500 notes to 63, then to 8.
    #[bound(2)]
    while notes.len() > TOGETHER {
        let groups: Vec<Vec<String>> = notes.chunks(TOGETHER).map(<[String]>::to_vec).collect();
        notes = map(groups, async |group: Vec<String>| merge(&group).await).concurrency(4).bound(63).await?;
    }
    let text = conclude(&notes).await?;
    Ok(Summary { characters: document.chars().count(), chunks: count, text })
}

#[gate]
fn written(text: &str) -> Verdict {
    Verdict::ensure(!text.trim().is_empty(), "the text is empty")
}

/// A note on a short text may be as long as the text.
#[gate]
fn shorter(note: &str, part: &str) -> Verdict {
    let (length, limit) = (note.chars().count(), part.chars().count().max(600));
    Verdict::ensure(length <= limit, format!("the note has {length} characters, the text only {limit}"))
}

flow::main!(flow::App::new().workflow(summarize).offline_without_key().default_arguments(["run"]));

#[cfg(test)]
mod tests {
    use super::*;

    /// A text of this many paragraphs, each as long as a chunk.
    fn long(paragraphs: usize) -> String {
        let paragraph = |nth: usize| format!("{nth:04} {}\n\n", "word ".repeat(1_596).trim_end());
        (0..paragraphs).map(paragraph).collect()
    }

    #[test]
    fn the_log_has_a_hundred_pages_and_is_always_the_same() {
        let log = harbour_log::year();
        assert!(log.len() >= 250_000, "{}", log.len());
        assert_eq!(log, harbour_log::year());
        assert_eq!(log.matches("\n\n").count(), 1 + 12 + 365);
    }

    #[tokio::test]
    async fn a_note_longer_than_its_text_is_asked_again() {
        let (runtime, happened) =
            Runtime::test().answers(note, ["long ".repeat(200), "It rained.".into()]).build().unwrap();
        assert_eq!(runtime.step(note("It rained on Monday.")).await.unwrap(), "It rained.");
        assert!(happened.lines().iter().any(|line| line.starts_with("did reject note by shorter")));
    }

    #[tokio::test]
    async fn nothing_is_no_note_and_no_summary() {
        let runtime = || Runtime::test().answer(merge, " ".into()).answer(conclude, "\n".into()).build().unwrap().0;
        let notes = ["a".to_owned()];
        for error in
            [runtime().step(merge(&notes)).await.unwrap_err(), runtime().step(conclude(&notes)).await.unwrap_err()]
        {
            assert!(error.to_string().contains("the text is empty"), "{error}");
        }
    }

    #[tokio::test]
    async fn a_short_document_is_one_chunk_and_merges_nothing() {
        let (runtime, happened) =
            Runtime::test().answer(note, "Rain.".into()).answer(conclude, "It rained.".into()).build().unwrap();
        let summary = runtime.run(summarize(Some("It rained on Monday.".into()))).await.unwrap();
        assert_eq!(summary, Summary { characters: 20, chunks: 1, text: "It rained.".into() });
        let did: Vec<_> = happened.lines().into_iter().filter(|line| line.starts_with("did step ")).collect();
        assert_eq!(did, ["did step split", "did step map[0]/note", "did step conclude"]);
    }

    #[tokio::test]
    async fn a_long_document_is_merged_in_its_order() {
        let (runtime, happened) = Runtime::test()
            .with(note, |part: String| {
                Ok(part.split_whitespace().find(|word| *word != "word").unwrap_or("nothing").into())
            })
            .with(merge, |notes: Vec<String>| Ok(notes.join("+")))
            .with(conclude, |notes: Vec<String>| Ok(notes.join(" / ")))
            .build()
            .unwrap();
        let summary = runtime.run(summarize(Some(long(10)))).await.unwrap();
        assert!(summary.text.starts_with("0000+") && summary.text.contains(" / "), "{}", summary.text);
        let numbers: Vec<u32> = summary.text.split([' ', '+', '/']).filter_map(|text| text.parse().ok()).collect();
        assert!(numbers.is_sorted() && numbers.last() == Some(&9), "{numbers:?}");
        let merged = happened.lines().iter().filter(|line| line.starts_with("did step while[0]/map.2[")).count();
        assert_eq!(merged, summary.chunks.div_ceil(TOGETHER));
    }

    #[tokio::test]
    async fn an_empty_document_and_one_past_the_bound_ask_nobody() {
        let runtime = || Runtime::test().answer(note, "x".into());
        let empty = runtime().run(summarize(Some(String::new()))).await.unwrap_err();
        assert_eq!(empty.message(), "the document is empty");
        let endless = runtime().run(summarize(Some(long(520)))).await.unwrap_err();
        assert!(endless.to_string().contains("exceeds its bound of 500; nothing was started"), "{endless}");
    }
}
