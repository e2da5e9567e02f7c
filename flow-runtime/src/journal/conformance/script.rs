//! Records for the suite: fixed ones, and randomly generated runs.

use serde_json::{Value, json};

use crate::error::{Error, Recorded};
use crate::media::Data;
use crate::money::Money;
use crate::place::{Place, RunId};
use crate::prompt::Prompt;
use crate::provider::{Spent, Usage};
use crate::run::{Attempt, Record, RejectedAnswers, Stamp, Wait, WaitsFor};

/// A randomly generated run, record by record: it may end, resume, and receive answers after its end.
pub(super) struct Script {
    pub(super) run: RunId,
    begun: bool,
    now: u64,
}

impl Script {
    pub(super) fn new(run: RunId) -> Self {
        Self { run, begun: false, now: 1_700_000_000_000 }
    }

    pub(super) fn next(&mut self) -> Record {
        self.now += fastrand::u64(0..1000);
        if !std::mem::replace(&mut self.begun, true) {
            return begin(&self.run);
        }
        let (run, at) = (self.run.clone(), Stamp(self.now));
        let place = &format!("step[{}]", fastrand::u8(0..4));
        match fastrand::u8(0..25) {
            0..5 => finish(&run, place, json!({ "n": fastrand::u32(..), "text": text(fastrand::usize(0..40)) })),
            5..9 => attempt(&run, place),
            9..13 => wait(&run, place),
            13..15 => Record::Answered { run, place: at_place(place), answer: json!(true), by: Some("Ann".into()), at },
            15 => Record::StepStarted {
                run,
                place: at_place(place),
                step: "step".into(),
                kind: "code".into(),
                input: json!({ "text": text(fastrand::usize(0..20_000)) }),
                at,
            },
            16 => failed_step(&run, place, at),
            17 => Record::RunResumed { run, at },
            18 => failed(&run, at),
            19 => cancelled_step(&run, place, at),
            23 => Record::BranchChosen { run, place: at_place("step"), branch: fastrand::u32(0..4), at },
            24 => media(run, at),
            20 => Record::RunCancelling { run, at },
            21 => Record::RunTakenOver { run, version: 2, promise: text(fastrand::usize(0..20_000)), at },
            _ if fastrand::bool() => Record::RunCancelled { run, at },
            _ => end(&run, json!("done")),
        }
    }
}

fn media(run: RunId, at: Stamp) -> Record {
    let data = Data::from(text(fastrand::usize(0..20_000)).into_bytes());
    Record::Media { run, hash: data.hash().to_owned(), data, at }
}

pub(super) fn begin(run: &RunId) -> Record {
    let workflow = if run.to_string().ends_with(['0', '2', '4', '6', '8', 'a']) { "screen" } else { "triage" };
    Record::RunStarted {
        run: run.clone(),
        workflow: workflow.into(),
        input: json!({ "n": 1 }),
        promise: None,
        offline: run.to_string().ends_with(['1', '2', '3', 'b']),
        at: Stamp(900),
    }
}

pub(super) fn finish(run: &RunId, place: &str, output: Value) -> Record {
    Record::StepFinished {
        run: run.clone(),
        place: at_place(place),
        output,
        cached: false,
        spent: Spent::default(),
        at: Stamp(950),
    }
}

pub(super) fn end(run: &RunId, output: Value) -> Record {
    Record::RunFinished { run: run.clone(), output, spent: Spent::default(), at: Stamp(960) }
}

pub(super) fn failed(run: &RunId, at: Stamp) -> Record {
    let failure: Box<Recorded> = Box::new((&Error::terminal("no bread")).into());
    let (kind, error) = ("terminal".to_owned(), format!("no bread at {}", at.0));
    Record::RunFailed { run: run.clone(), kind, error, failure, undone: Vec::new(), spent: Spent::default(), at }
}

pub(super) fn wait(run: &RunId, place: &str) -> Record {
    Record::Waiting(Box::new(Wait {
        run: run.clone(),
        place: at_place(place),
        step: "approve".into(),
        id: fastrand::bool().then(|| "approval".into()),
        waits_for: WaitsFor::Person,
        key: json!({ "order": fastrand::u16(..) }),
        prompt: Some(Prompt::user(text(fastrand::usize(0..200)))),
        until: fastrand::bool().then_some(Stamp(5_000)),
        rejected: fastrand::bool().then(|| RejectedAnswers { times: 2, reasons: vec![text(20)] }),
        at: Stamp(940),
    }))
}

/// Every kind of record at one place that can carry a value.
pub(super) fn said(run: &RunId, place: &str, value: &Value) -> Vec<Record> {
    let mut attempt = attempted(run, place);
    attempt.output = Some(value.clone()).filter(|value| !value.is_null());
    attempt.schema = Some(json!({ "const": value }));
    attempt.reply = Some(value.to_string().into());
    attempt.prompt = Some(Prompt::user(value.to_string()).system("Be brief."));
    let (step, kind, at) = ("step".into(), "model".into(), Stamp(945));
    let started =
        Record::StepStarted { run: run.clone(), place: at_place(place), step, kind, input: value.clone(), at };
    let answered = Record::Answered { run: run.clone(), place: at_place(place), answer: value.clone(), by: None, at };
    vec![
        started,
        Record::Attempt(Box::new(attempt)),
        answered,
        finish(run, place, value.clone()),
        end(run, value.clone()),
    ]
}

/// A random text of the given length in characters.
pub(super) fn text(length: usize) -> String {
    (0..length).map(|_| *fastrand::choice(&['a', 'e', ' ', 'ü', '"', '\n', '木']).unwrap_or(&' ')).collect()
}

fn attempt(run: &RunId, place: &str) -> Record {
    let mut attempt = attempted(run, place);
    if fastrand::u8(0..4) == 0 {
        attempt.model = None;
    }
    attempt.attempt = fastrand::u32(1..4);
    Record::Attempt(Box::new(attempt))
}

fn attempted(run: &RunId, place: &str) -> Attempt {
    let some = |most: u64| fastrand::bool().then(|| fastrand::u64(0..most));
    Attempt {
        run: run.clone(),
        place: at_place(place),
        attempt: 1,
        model: Some("test/model".into()),
        turn: None,
        prompt: None,
        schema: None,
        reply: Some(text(30).into()),
        usage: Usage {
            input_tokens: some(10_000),
            cached_input_tokens: some(100),
            cache_write_tokens: some(100),
            output_tokens: some(1_000),
            reasoning_tokens: some(10),
        },
        cost: some(1_000_000).map(Money::from_nanos),
        error_kind: None,
        error: None,
        failure: None,
        output: None,
        started: Stamp(941),
        ended: Stamp(942),
    }
}

fn failed_step(run: &RunId, place: &str, at: Stamp) -> Record {
    let failure: Box<Recorded> = Box::new((&Error::terminal("no")).into());
    let (kind, error, spent) = ("terminal".into(), "no".into(), Spent::default());
    Record::StepFailed { run: run.clone(), place: at_place(place), kind, error, failure, spent, at }
}

fn cancelled_step(run: &RunId, place: &str, at: Stamp) -> Record {
    Record::StepCancelled { run: run.clone(), place: at_place(place), at }
}

pub(super) fn at_place(path: &str) -> Place {
    serde_json::from_value(json!(path)).expect("a place is written as text")
}
