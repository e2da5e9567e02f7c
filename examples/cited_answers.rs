//! Answers a question from a handbook: an in-memory index finds relevant passages, a model answers from those alone, and a gate
//! checks every quote against them.
//!
//! ```text
//! cargo run --example cited_answers                                                # a question on leave, offline
//! cargo run --example cited_answers -- run cited_answers --set question='What may a hotel cost?'
//! cargo run --example cited_answers -- run cited_answers --file document=PATH      # another document than the handbook
//! cargo run --example cited_answers -- graph                                       # the step graph as a flowchart
//! ```
//!
//! Offline, no model is asked: answers are made up from the words of the passages. With a real model:
//!
//! ```text
//! OPENAI_API_KEY=… cargo run --example cited_answers
//! OPENAI_BASE_URL=http://127.0.0.1:8080/v1 cargo run --example cited_answers   # any compatible server
//! ```

use std::collections::BTreeSet;

use flow::prelude::*;
use flow::text::{Size, chunks};

/// A part of a document.
#[contract]
#[derive(Debug, Clone, PartialEq)]
pub struct Passage {
    /// The document it comes from.
    pub source: String,
    /// Its text.
    pub text: String,
}

/// What the model says.
#[contract]
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The answer in one or two sentences.
    pub text: String,
    /// The sentences it rests on, word by word.
    pub quotes: Vec<Quote>,
}

/// A sentence of a passage.
#[contract]
#[derive(Debug, Clone, PartialEq)]
pub struct Quote {
    /// The sentence as it is written.
    pub text: String,
}

/// The result: an answer with its sources.
#[contract]
#[derive(Debug, Clone, PartialEq)]
pub struct Cited {
    /// The answer.
    pub text: String,
    /// The quotes it rests on, each with its document.
    pub citations: Vec<Passage>,
}

/// Documents, cut into passages that can be searched by words.
#[derive(Debug, Default)]
pub struct Index {
    passages: Vec<Passage>,
}

/// About one paragraph.
const PASSAGE: Size = Size::chars(300).overlap(60);

/// Number of passages the model receives per question.
const GIVEN: usize = 3;

impl Index {
    fn with(mut self, source: &str, document: &str) -> Self {
        let passage = |text: &str| Passage { source: source.to_owned(), text: text.trim().to_owned() };
        self.passages.extend(chunks(document, PASSAGE).into_iter().map(passage));
        self
    }

    /// The passages that share the most words with the question, best first; passages without a shared word are left out.
    fn search(&self, question: &str) -> Vec<Passage> {
        let asked = words(question);
        let mut found: Vec<_> = self.passages.iter().map(|passage| (self.weight(passage, &asked), passage)).collect();
        found.retain(|(weight, _)| *weight > 0);
        // The sort is stable: ties keep their order in the documents.
        found.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
        found.into_iter().take(GIVEN).map(|(_, passage)| passage.clone()).collect()
    }

    /// Sum over the shared words; rare words weigh more.
    fn weight(&self, passage: &Passage, asked: &BTreeSet<String>) -> usize {
        let common = words(&passage.text);
        let having = |word: &String| self.passages.iter().filter(|other| words(&other.text).contains(word)).count();
        asked.intersection(&common).map(|word| 1000 / having(word).max(1)).sum()
    }
}

const FAST: Model = Model::new("openai/gpt-5-mini").name("fast").max_output_tokens(1000);

/// Finds relevant passages, in the index or in the asker's own document.
#[step]
pub async fn retrieve(question: &str, document: &Option<String>, #[state] index: &Index) -> Result<Vec<Passage>> {
    let passages = match document {
        Some(document) => Index::default().with("your document", document).search(question),
        None => index.search(question),
    };
    if passages.is_empty() {
        flow::bail!("no passage matches `{question}`: rephrase the question");
    }
    Ok(passages)
}

/// Answers from the passages, with quotes.
#[step(
    model = FAST,
    system = "Answer from the passages alone. Quote the sentences that your answer rests on, word by word.",
    prompt = "Answer from the passages below: {{ question }}

{% for passage in passages %}{{ passage.text }}

{% endfor %}",
    gate = cited(passages),
    repair = 2
)]
pub async fn answer(question: &str, passages: &[Passage]) -> Result<Answer>;

/// Finds the document that each quote comes from.
#[step]
pub async fn attribute(answer: &Answer, passages: &[Passage]) -> Result<Cited> {
    let citation = |quote: &Quote| {
        let passage = passages.iter().find(|passage| occurs(&quote.text, passage))?;
        Some(Passage { source: passage.source.clone(), text: quote.text.clone() })
    };
    Ok(Cited { text: answer.text.clone(), citations: answer.quotes.iter().filter_map(citation).collect() })
}

/// Answers a question from the handbook, or from the given document.
#[workflow(max_model_calls = 9, max_steps = 3, strict)]
pub async fn cited_answers(
    question: Option<String>,
    document: Option<String>,
    #[state] index: &Index,
) -> Result<Cited> {
    let question = question.unwrap_or_else(|| QUESTION.to_owned());
    let passages = retrieve(&question, &document, index).await?;
    let answer = answer(&question, &passages).await?;
    attribute(&answer, &passages).await
}

#[gate]
fn cited(answer: &Answer, passages: &[Passage]) -> Verdict {
    let some = Verdict::ensure(!answer.quotes.is_empty(), "no sentence is quoted; quote what the answer rests on");
    answer.quotes.iter().fold(some, |verdict, Quote { text }| {
        let stands = !text.trim().is_empty() && passages.iter().any(|passage| occurs(text, passage));
        verdict.and(Verdict::ensure(stands, format!("the quote `{text}` does not occur in any passage")))
    })
}

/// Whether a passage contains a quote, ignoring case and line breaks.
fn occurs(quote: &str, passage: &Passage) -> bool {
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    plain(&passage.text).contains(&plain(quote))
}

/// The words of more than three letters, without a plural `s`.
fn words(text: &str) -> BTreeSet<String> {
    let words = text.split(|letter: char| !letter.is_alphanumeric()).map(str::to_lowercase);
    words.filter(|word| word.chars().count() > 3).map(|word| word.trim_end_matches('s').to_owned()).collect()
}

fn handbook() -> Index {
    Index::default()
        .with("handbook_leave.txt", include_str!("data/handbook_leave.txt"))
        .with("handbook_expenses.txt", include_str!("data/handbook_expenses.txt"))
        .with("handbook_security.txt", include_str!("data/handbook_security.txt"))
}

const QUESTION: &str = "How many days of paid leave does a member have, and when do they expire?";

flow::main!(
    flow::App::new().workflow(cited_answers).state(handbook()).offline_without_key().default_arguments(["run"])
);

#[cfg(test)]
mod tests {
    use super::*;

    fn passage(text: &str) -> Passage {
        Passage { source: "rules.txt".into(), text: text.into() }
    }

    fn said(text: &str, quotes: &[&str]) -> Answer {
        let quotes = quotes.iter().map(|quote| Quote { text: (*quote).to_owned() }).collect();
        Answer { text: text.into(), quotes }
    }

    #[tokio::test]
    async fn the_passage_that_speaks_of_the_question_comes_first() {
        for (question, source, word) in [
            ("What may a hotel cost a night?", "handbook_expenses.txt", "190 euros"),
            ("I lost my laptop, whom do I tell?", "handbook_security.txt", "lost laptop"),
            ("Is there parental leave?", "handbook_leave.txt", "26 weeks"),
        ] {
            let found = retrieve(question, &None, &handbook()).await.unwrap();
            assert_eq!(found[0].source, source, "{question}");
            assert!(found[0].text.contains(word) && found.len() <= GIVEN, "{question}: {found:?}");
        }
    }

    #[tokio::test]
    async fn a_document_of_ones_own_stands_in_for_the_handbook() {
        let own = Some("The hotel is free.".to_owned());
        let found = retrieve("What does the hotel cost?", &own, &handbook()).await.unwrap();
        assert_eq!(found, [Passage { source: "your document".into(), text: "The hotel is free.".into() }]);
    }

    #[tokio::test]
    async fn what_nothing_speaks_of_is_not_answered() {
        let error = retrieve("Quidditch?", &None, &handbook()).await.unwrap_err();
        assert_eq!(error.message(), "no passage matches `Quidditch?`: rephrase the question");
    }

    #[test]
    fn every_quote_has_to_stand_in_a_passage() {
        let passages = [passage("Tea is free.\nCoffee\nis not."), passage("Cakes are sold.")];
        assert!(cited(&said("", &["tea is free.", "Coffee is not."]), &passages).is_accepted());
        assert_eq!(
            cited(&said("", &["Tea is free.", "Milk is free.", " "]), &passages).reasons(),
            ["the quote `Milk is free.` does not occur in any passage", "the quote ` ` does not occur in any passage"]
        );
        let none = cited(&said("Yes.", &[]), &passages);
        assert_eq!(none.reasons(), ["no sentence is quoted; quote what the answer rests on"]);
    }

    #[tokio::test]
    async fn a_quote_is_attributed_to_its_document() {
        let other = Passage { source: "prices.txt".into(), ..passage("Cakes are sold.") };
        let passages = [passage("Tea is free."), other];
        let cited = attribute(&said("They are.", &["cakes are sold."]), &passages).await.unwrap();
        let citation = Passage { source: "prices.txt".into(), text: "cakes are sold.".into() };
        assert_eq!(cited, Cited { text: "They are.".into(), citations: vec![citation] });
    }

    #[tokio::test]
    async fn an_answer_that_keeps_inventing_is_refused() {
        let (runtime, _) = Runtime::test().answer(answer, said("Yes.", &["Milk is free."])).build().unwrap();
        let error = runtime.step(answer("Is milk free?", &[passage("Tea is free.")])).await.unwrap_err();
        assert!(matches!(error.kind(), flow::ErrorKind::Rejected { .. }), "{error}");
        assert!(error.to_string().contains("the quote `Milk is free.` does not occur in any passage"), "{error}");
    }

    #[tokio::test]
    async fn an_invented_quote_is_asked_again_with_the_reason() {
        let right = "Up to five days of leave may be carried into the next year.";
        let (runtime, happened) = Runtime::test()
            .state(handbook())
            .answers(answer, [said("Ten.", &["Up to ten days may be carried."]), said("Five.", &[right])])
            .build()
            .unwrap();
        let asked = Some("How many days of leave are carried into the next year?".to_owned());
        let cited = runtime.run(cited_answers(asked, None)).await.unwrap();
        let citation = Passage { source: "handbook_leave.txt".into(), text: right.into() };
        assert_eq!(cited, Cited { text: "Five.".into(), citations: vec![citation] });
        let told = |line: &String| line.starts_with("did step ") || line.starts_with("did reject ");
        let lines: Vec<_> = happened.lines().into_iter().filter(told).collect();
        let reason = "the quote `Up to ten days may be carried.` does not occur in any passage";
        assert_eq!(
            lines,
            [
                "did step retrieve".to_owned(),
                format!("did reject answer by cited: {reason}"),
                "did step answer".to_owned(),
                "did step attribute".to_owned(),
            ]
        );
    }
}
