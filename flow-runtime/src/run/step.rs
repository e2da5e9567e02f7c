//! The log's representation of a step that took one attempt: a single object.

use std::borrow::Cow;

use serde::de::Error as _;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Error as JsonError, Value};

use super::{Attempt, Record, Stamp};
use crate::money::Money;
use crate::place::{Place, RunId};
use crate::prompt::{Content, Prompt};
use crate::provider::{Spent, Usage};

/// The number of records in a [`Step`].
pub(crate) const RECORDS: usize = 3;

/// A step's start, successful first attempt and finish in one object: the records that most steps add to a log.
#[derive(Serialize, Deserialize)]
#[serde(tag = "record", rename = "step")]
pub(crate) struct Step<'a> {
    place: Cow<'a, Place>,
    /// The step's name, unless its place ends with it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    step: Option<Cow<'a, str>>,
    kind: Cow<'a, str>,
    input: Cow<'a, Value>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    model: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    prompt: Option<Cow<'a, Prompt>>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    schema: Option<Cow<'a, Value>>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    reply: Option<Cow<'a, Content>>,
    #[serde(skip_serializing_if = "Usage::is_unknown", serialize_with = "known", default)]
    usage: Usage,
    #[serde(rename = "cost_nano_usd", skip_serializing_if = "Option::is_none", default)]
    cost: Option<Money>,
    output: Cow<'a, Value>,
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    cached: bool,
    /// What the step spent, unless it equals the cost of the attempt.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    spent: Option<Spent>,
    /// When the step started.
    at: Stamp,
    /// Milliseconds until the step finished.
    #[serde(skip_serializing_if = "is_zero", default)]
    took: u64,
    /// Milliseconds until the attempt started and ended, unless they are 0 and `took`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    tried: Option<(u64, u64)>,
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// Serialises the known counts only.
fn known<S: Serializer>(usage: &Usage, to: S) -> Result<S::Ok, S::Error> {
    let counts = [
        ("input_tokens", usage.input_tokens),
        ("cached_input_tokens", usage.cached_input_tokens),
        ("cache_write_tokens", usage.cache_write_tokens),
        ("output_tokens", usage.output_tokens),
        ("reasoning_tokens", usage.reasoning_tokens),
    ];
    to.collect_map(counts.into_iter().filter_map(|(name, count)| Some((name, count?))))
}

impl<'a> Step<'a> {
    #[cfg(any(test, feature = "sqlite"))]
    pub(crate) const NAME: &'static str = "step";

    /// The start of its JSON text.
    pub(crate) const START: &'static [u8] = br#"{"record":"step","#;

    /// Combines the next records into a step, if they are exactly these three and nothing else happened.
    pub(crate) fn of(records: &'a [Record]) -> Option<Self> {
        let [Record::StepStarted { place, step, kind, input, at, .. }, Record::Attempt(attempt), end, ..] = records
        else {
            return None;
        };
        let Record::StepFinished { place: ended, output, cached, spent, at: finished, .. } = end else { return None };
        let since = |later: Stamp| later.0.checked_sub(at.0);
        let (started, tried, took) = (since(attempt.started)?, since(attempt.ended)?, since(*finished)?);
        let is_plain = attempt.attempt == 1
            && (&attempt.place, ended) == (place, place)
            && attempt.error_kind.is_none()
            && attempt.error.is_none()
            && attempt.failure.is_none()
            && attempt.output.is_none()
            // Conversations are rare, so their turns keep their own records.
            && attempt.turn.is_none();
        is_plain.then(|| Self {
            place: Cow::Borrowed(place),
            step: (place.parts().last() != Some(step)).then(|| Cow::Borrowed(&step[..])),
            kind: Cow::Borrowed(kind),
            input: Cow::Borrowed(input),
            model: attempt.model.as_deref().map(Cow::Borrowed),
            prompt: attempt.prompt.as_ref().map(Cow::Borrowed),
            schema: attempt.schema.as_ref().map(Cow::Borrowed),
            reply: attempt.reply.as_ref().map(Cow::Borrowed),
            usage: attempt.usage,
            cost: attempt.cost,
            output: Cow::Borrowed(output),
            cached: *cached,
            spent: Some(*spent).filter(|spent| *spent != attempt.spent()),
            at: *at,
            took,
            tried: Some((started, tried)).filter(|tried| *tried != (0, took)),
        })
    }

    /// Expands the step into its records.
    pub(crate) fn records(self, run: &str) -> Result<[Record; RECORDS], JsonError> {
        let run: RunId = run.parse().map_err(JsonError::custom)?;
        let place = self.place.into_owned();
        let last = place.parts().last().unwrap_or_default().to_owned();
        let after = |time: u64| Stamp(self.at.0.saturating_add(time));
        let (started, ended) = self.tried.unwrap_or((0, self.took));
        let attempt = Attempt {
            run: run.clone(),
            place: place.clone(),
            attempt: 1,
            model: self.model.map(Cow::into_owned),
            turn: None,
            prompt: self.prompt.map(Cow::into_owned),
            schema: self.schema.map(Cow::into_owned),
            reply: self.reply.map(Cow::into_owned),
            usage: self.usage,
            cost: self.cost,
            error_kind: None,
            error: None,
            failure: None,
            output: None,
            started: after(started),
            ended: after(ended),
        };
        let spent = self.spent.unwrap_or_else(|| attempt.spent());
        Ok([
            Record::StepStarted {
                run: run.clone(),
                place: place.clone(),
                step: self.step.map_or(last, Cow::into_owned),
                kind: self.kind.into_owned(),
                input: self.input.into_owned(),
                at: self.at,
            },
            Record::Attempt(Box::new(attempt)),
            Record::StepFinished {
                run,
                place,
                output: self.output.into_owned(),
                cached: self.cached,
                spent,
                at: after(self.took),
            },
        ])
    }
}

impl Attempt {
    /// What its model call spent.
    pub(crate) fn spent(&self) -> Spent {
        if self.model.is_some() { Spent::call(self.usage, self.cost) } else { Spent::default() }
    }
}
