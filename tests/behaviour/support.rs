//! Shared helpers: errors, a scripted provider, observers.

use std::collections::VecDeque;
use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use flow::event::{Event, Observer};
use flow::prelude::*;
use flow::prompt::{Part, Prompt};
use flow::provider::{BoxFuture, Capabilities, Failure, FailureKind, MediaKinds, Provider, Reply, Request, Usage};
use flow::run::{Attempt, Record};
use flow::serde_json::json;

/// The models of the tests; `fake` and `other` are served by [`Fake`].
pub(crate) const FAST: Model = Model::new("fake/fast");
pub(crate) const SMART: Model = Model::new("other/smart");

/// A user-defined error.
#[derive(Debug, PartialEq)]
pub(crate) struct Busy;

impl fmt::Display for Busy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("busy")
    }
}

impl std::error::Error for Busy {}

/// What most model steps of the tests return.
#[contract]
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Draft {
    pub(crate) text: String,
}

pub(crate) fn draft(text: &str) -> Draft {
    Draft { text: text.into() }
}

/// The reaction of a fake model to one question.
pub(crate) enum Say {
    /// This text, for 10 input and 5 output tokens.
    Text(&'static str),
    Fail(FailureKind),
    /// A call of this tool, and no text.
    Call(&'static str),
    /// This text after a delay.
    Late(Duration, &'static str),
}

/// A provider that gives scripted answers, one per question, and keeps the questions.
pub(crate) struct Fake {
    name: &'static str,
    says: Mutex<VecDeque<Say>>,
    asked: Asked,
}

#[derive(Clone, Default)]
pub(crate) struct Asked(Arc<Mutex<Vec<Request>>>);

impl Asked {
    pub(crate) fn count(&self) -> usize {
        self.0.lock().unwrap().len()
    }

    /// What the model read as one question.
    pub(crate) fn prompt(&self, index: usize) -> Prompt {
        self.0.lock().unwrap()[index].prompt.clone()
    }

    /// One question as lines of role and text.
    pub(crate) fn conversation(&self, index: usize) -> Vec<String> {
        let asked = self.0.lock().unwrap();
        let messages = &asked[index].prompt.messages;
        messages.iter().map(|message| format!("{:?}: {}", message.role, message.text())).collect()
    }
}

pub(crate) fn fake(name: &'static str, says: impl IntoIterator<Item = Say>) -> (Fake, Asked) {
    let asked = Asked::default();
    (Fake { name, says: Mutex::new(says.into_iter().collect()), asked: asked.clone() }, asked)
}

impl Provider for Fake {
    fn name(&self) -> &str {
        self.name
    }

    fn capabilities(&self, _: &Model) -> Capabilities {
        Capabilities::default().media(MediaKinds::ALL)
    }

    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, std::result::Result<Reply, Failure>> {
        self.asked.0.lock().unwrap().push(request.clone());
        let say = self.says.lock().unwrap().pop_front();
        Box::pin(async move {
            let text = match say {
                None => return Err(Failure::new(FailureKind::InvalidRequest, "the fake has nothing more to say")),
                Some(Say::Fail(kind)) => return Err(Failure::new(kind, "no luck").usage(Usage::new(10, 0))),
                Some(Say::Text(text)) => text,
                Some(Say::Call(tool)) => return Ok(Reply::new(Part::tool_call("c1", tool, json!({})))),
                Some(Say::Late(after, text)) => {
                    flow::tokio::time::sleep(after).await;
                    text
                }
            };
            Ok(Reply::new(text).usage(Usage::new(10, 5)))
        })
    }
}

/// The published schema of records.
static RECORDS: LazyLock<jsonschema::Validator> =
    LazyLock::new(|| jsonschema::validator_for(&flow::run::record_schema()).unwrap());

/// Validates a record outside the run, so that a panic fails the test and not a step.
fn is_published(record: &Record) {
    let json = flow::serde_json::to_value(record).unwrap();
    if let Err(error) = RECORDS.validate(&json) {
        panic!("{error} at `{}` of {json:#}", error.instance_path());
    }
}

/// An observer that keeps the records.
#[derive(Clone, Default)]
pub(crate) struct Book(Arc<Mutex<Vec<Record>>>);

impl Observer for Book {
    fn wants_records(&self) -> bool {
        true
    }

    fn record(&self, record: &Record) {
        self.0.lock().unwrap().push(record.clone());
    }
}

impl Book {
    /// The records, each checked against the published schema.
    pub(crate) fn records(&self) -> Vec<Record> {
        let records = self.0.lock().unwrap().clone();
        records.iter().for_each(is_published);
        records
    }

    pub(crate) fn attempts(&self) -> Vec<Attempt> {
        let attempts = self.records().into_iter().filter_map(|record| match record {
            Record::Attempt(attempt) => Some(*attempt),
            _ => None,
        });
        attempts.collect()
    }
}

/// An observer that keeps the events as lines.
#[derive(Clone, Default)]
pub(crate) struct Lines(Arc<Mutex<Vec<String>>>);

impl Observer for Lines {
    fn event(&self, event: &Event) {
        self.push(event.to_string());
    }
}

impl Lines {
    pub(crate) fn push(&self, line: impl Into<String>) {
        self.0.lock().unwrap().push(line.into());
    }

    pub(crate) fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

/// A state that counts the bodies at work.
#[derive(Clone, Default)]
pub(crate) struct Crowd(Arc<(AtomicU32, AtomicU32, AtomicU32)>);

/// A body at work, until dropped.
pub(crate) struct Present<'a>(&'a Crowd);

impl Crowd {
    pub(crate) fn enter(&self) -> Present<'_> {
        let now = self.0.0.fetch_add(1, SeqCst) + 1;
        self.0.1.fetch_max(now, SeqCst);
        self.0.2.fetch_add(1, SeqCst);
        Present(self)
    }

    /// The maximum number of bodies at work at once.
    pub(crate) fn most(&self) -> u32 {
        self.0.1.load(SeqCst)
    }

    /// The total number of bodies that entered.
    pub(crate) fn entered(&self) -> u32 {
        self.0.2.load(SeqCst)
    }

    /// The number of bodies at work now.
    pub(crate) fn now(&self) -> u32 {
        self.0.0.load(SeqCst)
    }
}

impl Drop for Present<'_> {
    fn drop(&mut self) {
        self.0.0.0.fetch_sub(1, SeqCst);
    }
}

/// Sleeps like a step's body; takes no real time while time is paused.
pub(crate) async fn rest(millis: u64) {
    flow::tokio::time::sleep(Duration::from_millis(millis)).await;
}

/// The lines that start with a prefix, without it.
pub(crate) fn only(lines: &[String], begin: &str) -> Vec<String> {
    lines.iter().filter_map(|line| line.strip_prefix(begin)).map(ToOwned::to_owned).collect()
}
