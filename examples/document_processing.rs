//! Processes any document: extracts its kind and subject, then checks sums, lists obligations or writes a summary, depending on the
//! kind. If the extraction has problems, it is repeated with the doubts as guidance.
//!
//! ```text
//! cargo run --example document_processing                                    # an invoice from examples/data, offline
//! cargo run --example document_processing -- run --file document.text=PATH   # any text file
//! cargo run --example document_processing -- graph                           # the step graph as a flowchart
//! ```
//!
//! Offline, no model is asked: answers are made up from the words of the document. With a real model:
//!
//! ```text
//! OPENAI_API_KEY=… cargo run --example document_processing
//! OPENAI_BASE_URL=http://127.0.0.1:8080/v1 cargo run --example document_processing   # any compatible server
//! FLOW_MODEL_FAST=ollama/qwen3 cargo run --example document_processing               # Ollama on this machine
//! ```

use flow::prelude::*;

/// A document as plain text.
#[contract]
#[derive(Debug, Clone)]
pub struct Document {
    /// The whole text.
    pub text: String,
}

/// What every document tells of itself.
#[contract]
#[derive(Debug, Clone)]
pub struct Facts {
    /// What kind of document it is.
    pub kind: Kind,
    /// The title, as it is written.
    pub title: String,
    /// The name of the person or organisation it comes from, as it is written.
    pub name: String,
    /// The date of issue.
    pub date: Option<String>,
}

/// Kinds of documents.
#[contract]
#[derive(Debug, Clone, Copy, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// An invoice or a bill.
    Invoice,
    /// A contract, an agreement, a lease or a licence.
    Contract,
    /// A report, an article or a letter.
    Report,
    /// Anything else.
    Unknown,
}

/// Contradictions between the extracted facts and the text.
#[contract]
#[derive(Debug, Clone, PartialEq)]
pub struct Doubts {
    /// One line per doubt; empty if there are none.
    pub open: Vec<String>,
}

/// The sums of an invoice, in hundredths.
#[contract]
#[derive(Debug, Clone, PartialEq)]
pub struct Sums {
    /// Sum of all lines with an amount above the subtotal, or above the total if there is no subtotal.
    pub items: u64,
    /// Amounts between the subtotal and the total, usually tax.
    pub extras: u64,
    /// The total as written; null if no line states it.
    pub total: Option<u64>,
    /// Whether items and extras add up to the total.
    pub right: bool,
}

/// The result for each kind of document.
#[contract]
#[derive(Debug, Clone)]
#[serde(rename_all = "snake_case")]
pub enum Work {
    /// An invoice was added up.
    Checked(Sums),
    /// The duties of a contract were listed.
    Duties(Vec<String>),
    /// Anything else was summed up.
    Summary(String),
}

/// The result of processing a document.
#[contract]
#[derive(Debug, Clone)]
pub struct Processed {
    /// The extracted facts.
    pub facts: Facts,
    /// Doubts that remain after the last reading.
    pub doubts: Vec<String>,
    /// The result for its kind.
    pub work: Work,
}

const FAST: Model = Model::new("openai/gpt-5-mini").name("fast").max_output_tokens(1500);

/// What kind of document it is, its date and whom it is about.
#[step(
    model = FAST,
    system = "Take every value from the document as it is written. Invent nothing.",
    prompt = "Extract the facts of this document.\n\n{{ document.text }}",
    gate = named
)]
pub async fn extract(document: &Document) -> Result<Facts>;

/// What kind of document it is, its date and whom it is about.
#[step(
    model = FAST,
    system = "Take every value from the document as it is written. Invent nothing. An earlier reading got this wrong:
{% for doubt in doubts.open %}- {{ doubt }}
{% endfor %}",
    prompt = "Extract the facts of this document.\n\n{{ document.text }}",
    gate = named
)]
pub async fn extract_again(document: &Document, doubts: &Doubts) -> Result<Facts>;

/// Checks that every fact occurs in the text.
#[step]
pub async fn doubt(facts: &Facts, document: &Document) -> Result<Doubts> {
    let text = plain(&document.text);
    let told = [("title", Some(&facts.title)), ("name", Some(&facts.name)), ("date", facts.date.as_ref())];
    let told = told.into_iter().filter_map(|(what, fact)| Some((what, fact?)));
    let lost = told.filter(|(_, fact)| !text.contains(&plain(fact)));
    Ok(Doubts { open: lost.map(|(what, fact)| format!("the {what} `{fact}` does not occur")).collect() })
}

/// Adds up the lines of an invoice.
#[step]
pub async fn add_up(document: &Document) -> Result<Sums> {
    let lines: Vec<_> = document.text.lines().filter_map(|line| Some((plain(line), amount(line)?))).collect();
    let starts = |word: &str| lines.iter().position(|(line, _)| line.starts_with(word));
    let total = starts("total").or_else(|| starts("amount due"));
    let end = total.unwrap_or(lines.len());
    let subtotal = starts("subtotal").filter(|at| *at < end);
    let sum =
        |from: usize, to: usize| lines[from..to].iter().fold(0_u64, |sum, (_, amount)| sum.saturating_add(*amount));
    let (items, extras) = (sum(0, subtotal.unwrap_or(end)), subtotal.map_or(0, |at| sum(at + 1, end)));
    let total = total.map(|at| lines[at].1);
    Ok(Sums { items, extras, total, right: total == Some(items.saturating_add(extras)) })
}

/// Lists the duties of each party.
#[step(
    model = FAST,
    prompt = "List the duties in this contract: each as one sentence that says who has to do what.\n\n{{ document.text }}",
    gate = some
)]
pub async fn duties(document: &Document) -> Result<Vec<String>>;

/// A summary.
#[step(
    model = FAST,
    prompt = "Summarise this document in at most five sentences.\n\n{{ document.text }}",
    gate = shorter(document)
)]
pub async fn summarise(document: &Document) -> Result<String>;

/// Reads a document, and processes it according to its kind.
#[workflow(max_model_calls = 24, strict, lock)]
pub async fn process(document: Document) -> Result<Processed> {
    let mut facts = extract(&document).await?;
    let mut doubts = doubt(&facts, &document).await?;
    #[bound(2, break)]
    while !doubts.open.is_empty() {
        facts = extract_again(&document, &doubts).await?;
        doubts = doubt(&facts, &document).await?;
    }
    let work = match facts.kind {
        Kind::Invoice => {
            let sums = add_up(&document).await?;
            Work::Checked(sums)
        }
        Kind::Contract => {
            let duties = duties(&document).await?;
            Work::Duties(duties)
        }
        Kind::Report | Kind::Unknown => {
            let summary = summarise(&document).await?;
            Work::Summary(summary)
        }
    };
    Ok(Processed { facts, doubts: doubts.open, work })
}

#[gate]
fn named(facts: &Facts) -> Verdict {
    Verdict::ensure(!facts.name.trim().is_empty(), "the name is empty")
}

#[gate]
fn some(duties: &[String]) -> Verdict {
    Verdict::ensure(!duties.is_empty(), "no duty was found; a contract has at least one")
}

/// A summary of a short text may be as long as the text.
#[gate]
fn shorter(summary: &str, document: &Document) -> Verdict {
    let limit = document.text.chars().count().max(600);
    Verdict::ensure(!summary.trim().is_empty(), "the summary is empty")
        .and(Verdict::ensure(summary.chars().count() <= limit, "the summary is longer than the document"))
}

/// The amount at the end of a line, in hundredths: 1,207.92 is 120792.
fn amount(line: &str) -> Option<u64> {
    let (whole, hundredths) = line.split_whitespace().next_back()?.split_once('.')?;
    let digits = format!("{}{hundredths}", whole.replace(',', ""));
    let is_amount = hundredths.len() == 2 && digits.len() > 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_amount { digits.parse().ok() } else { None }
}

fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

const INVOICE: &str = concat!("document.text=", env!("CARGO_MANIFEST_DIR"), "/data/invoice_north_harbour.txt");

flow::main!(flow::App::new().workflow(process).offline_without_key().default_arguments(["run", "--file", INVOICE]));

#[cfg(test)]
mod tests {
    use super::*;

    fn document(text: &str) -> Document {
        Document { text: text.to_owned() }
    }

    fn facts(kind: Kind, name: &str) -> Facts {
        Facts { kind, title: "Notes".to_owned(), name: name.to_owned(), date: None }
    }

    #[test]
    fn an_amount_ends_a_line_and_has_two_decimals() {
        assert_eq!(amount("Total   1,207.92"), Some(120_792));
        for line in ["", "Total", "Total 12", "on 12.5", "version 1.2.30", "£.5", "99999999999999999999.00"] {
            assert_eq!(amount(line), None, "{line}");
        }
    }

    #[tokio::test]
    async fn an_invoice_is_added_up() {
        let right = add_up(&document("Rope 10.00\nBuoy 5.50\nSubtotal 15.50\nVAT 3.10\nTotal 18.60")).await.unwrap();
        assert_eq!(right, Sums { items: 1550, extras: 310, total: Some(1860), right: true });
        let wrong = add_up(&document("Rope 10.00\nTotal 11.00")).await.unwrap();
        assert_eq!(wrong, Sums { items: 1000, extras: 0, total: Some(1100), right: false });
        assert_eq!(add_up(&document("")).await.unwrap().total, None);
    }

    #[tokio::test]
    async fn a_fact_that_is_not_in_the_text_is_doubted() {
        let doubts = doubt(&facts(Kind::Unknown, "Ann  LEE"), &document("Notes by Ann\nLee")).await.unwrap();
        assert_eq!(doubts.open, [] as [&str; 0]);
        let dated = Facts { date: Some("2025".into()), ..facts(Kind::Unknown, "Bob") };
        let doubts = doubt(&dated, &document("Notes by Ann Lee")).await.unwrap();
        assert_eq!(doubts.open, ["the name `Bob` does not occur", "the date `2025` does not occur"]);
    }

    #[test]
    fn gates_refuse_what_is_empty_or_too_long() {
        assert!(named(&facts(Kind::Unknown, "Ann")).is_accepted() && !named(&facts(Kind::Unknown, " ")).is_accepted());
        assert!(some(&["Pay.".to_owned()]).is_accepted() && !some(&[]).is_accepted());
        let text = document("short");
        assert!(shorter("brief", &text).is_accepted() && !shorter("", &text).is_accepted());
        assert!(!shorter(&"long ".repeat(200), &text).is_accepted());
    }

    #[tokio::test]
    async fn a_doubtful_reading_is_repeated_with_guidance() {
        let (runtime, happened) = Runtime::test()
            .answer(extract, facts(Kind::Invoice, "Bob"))
            .answer(extract_again, facts(Kind::Invoice, "Ann Lee"))
            .build()
            .unwrap();
        let invoice = document("Notes by Ann Lee\nRope 10.00\nTotal 10.00");
        let processed = runtime.run(process(invoice)).await.unwrap();
        assert_eq!(processed.facts.name, "Ann Lee");
        assert!(matches!(processed.work, Work::Checked(Sums { right: true, .. })));
        assert!(happened.lines().contains(&"did step while[0]/extract_again".to_owned()));
    }

    #[tokio::test]
    async fn what_stays_doubtful_is_told() {
        let runtime = Runtime::test()
            .answer(extract, facts(Kind::Report, "Bob"))
            .answer(extract_again, facts(Kind::Report, "Bob"))
            .answer(summarise, "Nothing happened.".to_owned());
        let processed = runtime.run(process(document("Notes: nothing happened."))).await.unwrap();
        assert_eq!(processed.doubts, ["the name `Bob` does not occur"]);
        assert!(matches!(processed.work, Work::Summary(_)));
    }

    #[tokio::test]
    async fn the_lock_is_up_to_date() {
        let ran = flow::App::new().workflow(process).try_run(["lock", "--check"]).await;
        assert_eq!(ran.status, 0, "{}", ran.stdout);
    }
}
