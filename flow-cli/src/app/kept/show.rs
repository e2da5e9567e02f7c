//! `runs show`: a run with its steps.

use flow_runtime::error::Error;
use flow_runtime::provider::{Spent, Usage};
use flow_runtime::run::{End, Place, Record, RunId, RunState, Status, Summary};
use serde_json::{Value, json};

use super::steps::{self, State, Step};
use crate::app::Outcome;
use crate::app::failure::Failure;
use crate::app::journal::Visit;
use crate::app::shown::{MADE_UP, cited, duration, moment, start, start_of, table};
use crate::app::waits;
use crate::app::workflows::Workflows;

struct Shown {
    summary: Summary,
    /// `None` if the records cannot be read; the summary says why.
    input: Option<Value>,
    end: Option<End>,
    steps: Vec<Step>,
}

pub(super) async fn show(visit: &Visit, run: &RunId, json: bool, workflows: &Workflows) -> Result<Outcome, Failure> {
    let shown = match visit.runtime.records(run).await {
        Ok(records) => {
            let summary = summary(visit, run, &records).await?;
            summary.map(|summary| Shown::of(summary, records))
        }
        Err(why) => visit.runtime.state(run).await?.map(|summary| Shown::unread(summary, &why)),
    };
    let Some(mut shown) = shown else { return Err(visit.no_such_run(run)) };
    if let Some(state) = visit.runtime.state(run).await?.filter(|_| shown.end.is_none()) {
        shown.summary.status = state.status;
        shown.summary.error = shown.summary.error.or(state.error);
    }
    if json {
        return Ok(Outcome::json(shown.to_json()));
    }
    let mut text = shown.to_text();
    if shown.summary.status == Status::NoExecutor && shown.summary.error.is_none() {
        let command = visit.file.command(&["runs", "resume", &run.to_string()]);
        text += &format!("\n\nno process executes the journal now; continue with  {command}");
    }
    let meta = workflows.find(Some(&shown.summary.workflow)).ok().map(|workflow| workflow.meta());
    for wait in &shown.summary.waits {
        text += &format!("\n\n{}", waits::told_of(shown.summary.error.as_deref(), wait, meta, &visit.file));
    }
    Ok(Outcome::text(text))
}

/// Summary from the records, which do not tell whether a process executes the run.
async fn summary(visit: &Visit, run: &RunId, records: &[Record]) -> Result<Option<Summary>, Failure> {
    let Some(mut summary) = records.first().and_then(Summary::begin) else { return Ok(None) };
    records[1..].iter().for_each(|record| summary.apply(record));
    if summary.status == Status::Running
        && let Some(state) = visit.runtime.state(run).await?
        && state.ended.is_none()
    {
        (summary.status, summary.error) = (state.status, state.error);
    }
    Ok(Some(summary))
}

impl Shown {
    fn of(summary: Summary, records: Vec<Record>) -> Self {
        let steps = steps::of(&records);
        let state = RunState::of(records);
        let input = Some(state.began.map(|began| began.input).unwrap_or_default());
        Self { summary, input, end: state.end, steps }
    }

    fn unread(mut summary: Summary, why: &Error) -> Self {
        summary.error = Some(why.message().to_owned());
        Self { summary, input: None, end: None, steps: Vec::new() }
    }

    fn to_json(&self) -> Value {
        let mut json = json!(self.summary);
        if let Some(input) = &self.input {
            json["input"] = input.clone();
        }
        match &self.end {
            Some(End::Finished(output)) => json["output"] = output.clone(),
            Some(End::Failed(failure, _)) => {
                json["error"] = Error::from((**failure).clone()).to_json();
            }
            _ => {}
        }
        json["steps"] = json!(self.steps);
        json
    }

    fn to_text(&self) -> String {
        let summary = &self.summary;
        let ended = summary.ended.map(|ended| format!(", ended {}", moment(ended))).unwrap_or_default();
        let mut lines = vec![
            format!("run       {}", summary.run),
            format!("workflow  {}", summary.workflow),
            format!("status    {}", summary.status.name()),
            format!("time      started {}{ended}", moment(summary.started)),
        ];
        if summary.offline {
            lines.push(format!("offline   {MADE_UP}"));
        }
        if !summary.spent.is_nothing() {
            let Spent { calls, usage, .. } = summary.spent;
            let tokens = format!("{} tokens", tokens(usage));
            lines.push(format!("cost      {} for {calls} model calls, {tokens}", summary.spent));
        }
        lines.extend(self.input.as_ref().map(|input| format!("input     {}", start(input))));
        if let Some(End::Finished(output)) = &self.end {
            lines.push(format!("output    {}", start(output)));
        }
        lines.extend(summary.error.as_ref().map(|error| format!("error\n{}", cited(error))));
        for (place, error) in self.not_undone() {
            lines.push(format!("not undone\n{}", cited(&format!("{place}: {error}"))));
        }
        if !self.steps.is_empty() {
            lines.push(format!("\n{}", self.table()));
        }
        lines.join("\n")
    }

    /// Finished steps that could not be undone, with the reason.
    fn not_undone(&self) -> impl Iterator<Item = (&Place, &str)> {
        self.steps.iter().filter_map(|step| Some((&step.place, step.not_undone.as_deref()?)))
    }

    fn table(&self) -> String {
        let heads = ["step", "state", "attempts", "tokens", "cost", "time", ""];
        let rows: Vec<_> = self.steps.iter().map(row).collect();
        table(heads, [false, false, true, true, true, true, false], &rows)
    }
}

/// Input and output tokens; `?` if unknown.
fn tokens(usage: Usage) -> String {
    let count = |tokens: Option<u64>| tokens.map_or_else(|| "?".to_owned(), |tokens| tokens.to_string());
    format!("{} + {}", count(usage.input_tokens), count(usage.output_tokens))
}

/// `2`, or `4 in 3 turns` for a conversation.
fn attempts(step: &Step) -> String {
    match step.turns {
        Some(1) => format!("{} in 1 turn", step.attempts),
        Some(turns) => format!("{} in {turns} turns", step.attempts),
        None => step.attempts.to_string(),
    }
}

fn row(step: &Step) -> [String; 7] {
    let or_nothing = |is_something: bool, text: String| if is_something { text } else { String::new() };
    let asked = !step.spent.is_nothing();
    let usage = step.spent.usage;
    let time = step.ended.map(|ended| duration(ended.since(step.began)));
    let more = match (&step.error, &step.answered_by, step.state) {
        (Some(error), _, State::Failed) => start_of(error),
        _ if step.not_undone.is_some() => {
            format!("not undone: {}", start_of(step.not_undone.as_deref().unwrap_or_default()))
        }
        (_, Some(by), _) => format!("answered by {}", start_of(by)),
        _ => String::new(),
    };
    [
        step.place.to_string(),
        step.state.name().to_owned(),
        or_nothing(step.attempts > 0, attempts(step)),
        or_nothing(asked, tokens(usage)),
        or_nothing(asked, step.spent.to_string()),
        time.unwrap_or_default(),
        more,
    ]
}
