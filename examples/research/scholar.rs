//! A model for tests: it answers by what it is asked, and keeps what it was asked.

use std::sync::{Arc, Mutex};

use flow::prelude::*;
use flow::prompt::{Content, Part};
use flow::provider::{BoxFuture, Failure, Provider, Reply, Request, Usage};
use flow::serde_json::{json, to_string};

use super::{Finding, Passage, Plan, Report, Task};

pub(crate) const BEARING: &str = "Bearing is worn through and has to be changed with a crane.";
pub(crate) const LIMIT: &str = "the battery must not be charged above 60 percent";
pub(crate) const INVENTED: &str = "The bearing was changed within ten days.";

/// Plans two tasks. Each worker searches and reads in one turn, then answers. The writer first makes up a citation.
#[derive(Debug, Clone, Default)]
pub struct Scholar(Arc<Mutex<Vec<String>>>);

impl Scholar {
    /// The requests so far: what was asked, and the number of messages.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

impl Provider for Scholar {
    fn name(&self) -> &str {
        "openai"
    }

    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Failure>> {
        let messages = &request.prompt.messages;
        let asked = messages[1].text();
        let question = asked.lines().next().unwrap_or_default();
        self.0.lock().unwrap().push(format!("{question} {}", messages.len()));
        let content = match messages.len() {
            2 if asked.contains("The documents:") => to_string(&planned()).unwrap().into(),
            2 if asked.contains("The findings:") => to_string(&report(INVENTED)).unwrap().into(),
            2 => calls(question),
            _ if asked.contains("The findings:") => {
                assert!(messages[3].text().contains(INVENTED), "the writer is told what it made up");
                to_string(&report(BEARING)).unwrap().into()
            }
            _ => to_string(&finding(question)).unwrap().into(),
        };
        Box::pin(async move { Ok(Reply::new(content).usage(Usage::new(200, 50))) })
    }
}

fn calls(question: &str) -> Content {
    let document = if question.contains("battery") { "fire-notice-2021" } else { "station-log-2021" };
    let search = Part::tool_call("1", "search", json!({ "words": question }));
    [search, Part::tool_call("2", "read", json!({ "name": document }))].into_iter().collect()
}

pub(crate) fn passage(document: &str, quote: &str) -> Passage {
    Passage { document: document.into(), quote: quote.into() }
}

pub(crate) fn task(question: &str, document: &str) -> Task {
    Task { question: question.into(), document: document.into() }
}

pub(crate) fn planned() -> Plan {
    let turbine = task("Why did the turbine stop?", "station-log-2021");
    Plan { tasks: vec![turbine, task("Why did the battery not help?", "fire-notice-2021")] }
}

pub(crate) fn finding(question: &str) -> Finding {
    let (answer, passages) = match question.contains("battery") {
        true => ("It was limited to 60 percent.", vec![passage("fire-notice-2021", LIMIT)]),
        false => ("A pitch bearing was worn.", vec![passage("station-log-2021", BEARING)]),
    };
    Finding { answer: answer.into(), passages }
}

pub(crate) fn report(quote: &str) -> Report {
    let turbine = Finding { passages: vec![passage("station-log-2021", quote)], ..finding("turbine") };
    let findings = vec![turbine, finding("battery")];
    Report { answer: "The turbine and the battery failed.".into(), findings, open: vec![] }
}
