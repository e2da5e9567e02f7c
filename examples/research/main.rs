//! Answers a question from a folder of documents: a planner splits it up, workers search and read in parallel, a writer puts
//! the report together, and a gate checks every citation against the documents.
//!
//! The models decide what to ask, search and read; the build knows the limits: at most five workers, each with at most six
//! turns per question. A citation that is made up never leaves the workflow: the model gets the reason and writes again.
//! With a journal, a run survives its process: answered turns are not asked again, and finished tools are not called again.
//!
//! ```text
//! cargo run --example research                                        # why did an island burn diesel? Offline
//! cargo run --example research -- run research --set question='Who pays for the spare parts?'
//! FLOW_LIBRARY=~/notes cargo run --example research -- run research --set question=…   # your own folder of .txt files
//! cargo run --example research -- run research --journal flow.db --id r1               # stop it, and start it again
//! cargo run --example research -- graph --bounds                      # the worst case as a sum
//! ```
//!
//! Offline, no model is asked: answers are made up from the words of the documents. With a real model:
//!
//! ```text
//! OPENAI_API_KEY=… cargo run --example research
//! FLOW_MODEL_WORKER=anthropic/claude-haiku-4-5 OPENAI_API_KEY=… ANTHROPIC_API_KEY=… cargo run --example research
//! ```

pub mod library;
#[cfg(test)]
pub mod scholar;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

use flow::prelude::*;
use library::Library;

/// A document in the catalogue.
#[contract]
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its name.
    pub document: String,
    /// Its first line.
    pub title: String,
}

/// How the question is split up.
#[contract]
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Sub-questions that do not overlap and together answer the question.
    #[schemars(length(min = 1, max = 5))]
    pub tasks: Vec<Task>,
}

/// The work of one worker.
#[contract]
#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    /// A sub-question that can be answered without the others.
    #[schemars(length(min = 10, max = 300))]
    pub question: String,
    /// The document to start with, by its name in the catalogue.
    pub document: String,
}

/// A citation.
#[contract]
#[derive(Debug, Clone, PartialEq)]
pub struct Passage {
    /// The name of the document.
    pub document: String,
    /// A sentence of it, word for word.
    #[schemars(length(min = 20, max = 400))]
    pub quote: String,
}

/// An answer that can be checked.
#[contract]
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// At most three sentences.
    #[schemars(length(min = 10, max = 600))]
    pub answer: String,
    /// The passages that prove it.
    #[schemars(length(min = 1, max = 4))]
    pub passages: Vec<Passage>,
}

/// The result.
#[contract]
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// The answer in one or two sentences.
    #[schemars(length(min = 10, max = 400))]
    pub answer: String,
    /// What it rests on, the most important first.
    #[schemars(length(min = 1, max = 6))]
    pub findings: Vec<Finding>,
    /// What the documents leave open.
    #[schemars(length(max = 4))]
    pub open: Vec<String>,
}

const PLANNER: Model = Model::new("openai/gpt-5").name("planner").max_output_tokens(1500);
const WORKER: Model = Model::new("openai/gpt-5-mini").name("worker").max_output_tokens(1000);
const WRITER: Model = Model::new("openai/gpt-5").name("writer").max_output_tokens(3000);

/// Lists the documents.
#[step]
pub async fn catalogue(#[state] library: &Library) -> Result<Vec<Entry>> {
    let entries = library.entries();
    if entries.is_empty() {
        flow::bail!("the library is empty: `FLOW_LIBRARY` names a folder of .txt files");
    }
    Ok(entries)
}

/// Splits the question up.
#[step(
    model = PLANNER,
    system = "Split a question into two to five tasks for researchers who work in parallel and cannot talk to each other.",
    prompt = "Question: {{ question }}

The documents:
{% for entry in entries %}
document: {{ entry.document }}
title: {{ entry.title }}
{% endfor %}",
    gate = startable(entries)
)]
pub async fn plan(question: &str, entries: &[Entry]) -> Result<Plan>;

/// Search all documents. Returns the sentences that share the most words with the query, each ready to be cited.
#[step]
pub async fn search(
    /// A few telling words, such as `turbine bearing`.
    words: &str,
    #[state] library: &Library,
) -> Result<Vec<Passage>> {
    Ok(library.search(words))
}

/// Read a complete document.
#[step]
pub async fn read(
    /// The name of the document.
    name: &str,
    #[state] library: &Library,
) -> Result<String> {
    match library.get(name) {
        Some(text) => Ok(text.to_owned()),
        None => flow::bail!("there is no document `{name}`"),
    }
}

/// Answers one sub-question.
#[step(
    model = WORKER,
    system = "You research one question in a library. Trust the documents alone. Where they contradict each other, say so. \
Cite every fact word for word.",
    prompt = "Question: {{ task.question }}\n\nA document to start with:\nname: {{ task.document }}",
    tools = [search, read],
    max_turns = 6,
    max_tool_calls = 12,
    gate = proven(library),
    repair = 1
)]
pub async fn work(task: &Task, #[state] library: &Library) -> Result<Finding>;

/// Puts the findings together.
#[step(
    model = WRITER,
    system = "Write a report from findings. Use no other knowledge. Keep numbers and dates. Copy citations exactly.",
    prompt = "Question: {{ question }}

It was split into these questions:
{% for task in tasks %}- {{ task.question }}
{% endfor %}
The findings:
{% for finding in findings %}
answer: {{ finding.answer }}
{% for passage in finding.passages %}document: {{ passage.document }}
quote: {{ passage.quote }}
{% endfor %}{% endfor %}",
    gate = cited(library),
    repair = 2
)]
pub async fn write(question: &str, tasks: &[Task], findings: &[Finding], #[state] library: &Library) -> Result<Report>;

/// Answers a question from the library. What a worker fails to answer is left open.
#[workflow(max_model_calls = 195, max_cost = "$3.00", strict)]
pub async fn research(question: Option<String>, #[state] library: &Library) -> Result<Report> {
    let question = question.unwrap_or_else(|| QUESTION.to_owned());
    let entries = catalogue(library).await?;
    let tasks = plan(&question, &entries).await?.tasks;
    let worked = map(tasks.clone(), async |task| work(&task, library).await).concurrency(3).bound(5).settle().await?;
    let findings: Vec<Finding> = worked.into_iter().flatten().collect();
    if findings.is_empty() {
        flow::bail!("none of {} workers has found an answer", tasks.len());
    }
    write(&question, &tasks, &findings, library).await
}

#[gate]
fn startable(plan: &Plan, entries: &[Entry]) -> Verdict {
    plan.tasks.iter().fold(Verdict::accept(), |verdict, Task { document, .. }| {
        let is_known = entries.iter().any(|entry| entry.document == *document);
        verdict.and(Verdict::ensure(is_known, format!("there is no document `{document}` to start with")))
    })
}

#[gate]
fn proven(finding: &Finding, library: &Library) -> Verdict {
    all_true(&finding.passages, library)
}

#[gate]
fn cited(report: &Report, library: &Library) -> Verdict {
    all_true(report.findings.iter().flat_map(|finding| &finding.passages), library)
}

fn all_true<'a>(passages: impl IntoIterator<Item = &'a Passage>, library: &Library) -> Verdict {
    passages.into_iter().fold(Verdict::accept(), |verdict, passage| verdict.and(library.check(passage)))
}

const QUESTION: &str = "Why did Hallay burn so much diesel in the winter of 2021, and what has been done about it?";

/// The documents of the folder in `FLOW_LIBRARY`, or of this example.
fn shelf() -> Library {
    let own = std::env::var_os("FLOW_LIBRARY").map(PathBuf::from);
    let folder = own.unwrap_or_else(|| concat!(env!("CARGO_MANIFEST_DIR"), "/research/documents").into());
    Library::open(&folder).unwrap_or_default()
}

flow::main!(flow::App::new().workflow(research).state(shelf()).offline_without_key().default_arguments(["run"]));
