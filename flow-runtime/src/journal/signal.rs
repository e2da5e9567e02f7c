//! Signals, and the steps that wait for them.

use serde_json::Value;

use crate::place::{Place, RunId};
use crate::run::{Record, Stamp, Wait, WaitsFor};

/// What a signal is for and what a signal step waits for: the id of the step, and a key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Slot {
    step: String,
    text: String,
}

impl Slot {
    /// Creates the slot of a step and a key. The order of object fields does not matter, and `3.0` equals `3`.
    pub fn new(step: &str, key: &Value) -> Self {
        let mut text = format!("{} ", Value::from(step));
        write(key, &mut text);
        Self { step: step.to_owned(), text }
    }

    /// Returns what a step waits for, or `None` if it does not wait for a signal.
    pub fn of(wait: &Wait) -> Option<Self> {
        let id = wait.id.as_deref().unwrap_or(&wait.step);
        (wait.waits_for == WaitsFor::Signal).then(|| Self::new(id, &wait.key))
    }

    /// Returns the id of the step.
    pub fn step(&self) -> &str {
        &self.step
    }

    /// Returns the slot as text; equal slots have equal text.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// Writes a value canonically: the order of object fields does not affect the text.
fn write(value: &Value, text: &mut String) {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by_key(|(name, _)| *name);
            text.push('{');
            for (name, field) in fields {
                text.push_str(&Value::from(name.as_str()).to_string());
                text.push(':');
                write(field, text);
                text.push(',');
            }
            text.push('}');
        }
        Value::Array(items) => {
            text.push('[');
            for item in items {
                write(item, text);
                text.push(',');
            }
            text.push(']');
        }
        Value::Number(number) => match number.as_f64().filter(|float| number.is_f64() && float.fract() == 0.0) {
            Some(float) if float.abs() < 9e15 => text.push_str(&(float as i64).to_string()),
            _ => text.push_str(&number.to_string()),
        },
        other => text.push_str(&other.to_string()),
    }
}

/// A signal.
#[derive(Clone, Debug, PartialEq)]
pub struct Signal {
    /// The slot it is for.
    pub slot: Slot,
    /// Its content, under the contract of the step.
    pub answer: Value,
    /// The id that identifies repeats.
    pub id: Option<String>,
    /// Who sent it.
    pub by: Option<String>,
    /// When it arrived.
    pub at: Stamp,
    /// Until when it is kept and its id remembered.
    pub until: Stamp,
}

impl Signal {
    /// Creates the record of its delivery to a step.
    pub fn answered(&self, run: &RunId, place: &Place, at: Stamp) -> Record {
        let (run, place, answer, by) = (run.clone(), place.clone(), self.answer.clone(), self.by.clone());
        Record::Answered { run, place, answer, by, at }
    }
}

/// A waiting step that was asked whether it accepts a signal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The run.
    pub run: RunId,
    /// Its place.
    pub place: Place,
    /// Whether it accepts the signal, as far as is known.
    pub accepts: bool,
}

/// What happened to a signal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivered {
    /// These steps received it; none if all waiting steps reject it.
    To(Vec<(RunId, Place)>),
    /// No step is waiting for it; it is kept.
    Kept,
    /// A signal with this id arrived before.
    Repeated,
}

/// Whether a step was asked about the signal and rejected it.
pub(super) fn is_rejected(judged: &[Judged], run: &RunId, place: &Place) -> bool {
    judged.iter().any(|other| !other.accepts && other.run == *run && other.place == *place)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_slot_is_the_same_however_its_key_is_written() {
        let same = [
            (json!({ "a": 1, "b": [1, 2] }), json!({ "b": [1.0, 2], "a": 1.0 })),
            (json!(7), json!(7.0)),
            (json!(-0.0), json!(0)),
        ];
        for (one, two) in same {
            assert_eq!(Slot::new("paid", &one), Slot::new("paid", &two));
        }
        let different = [
            (json!([1, 2]), json!([2, 1])),
            (json!("7"), json!(7)),
            (json!([[1], 2]), json!([1, [2]])),
            (json!(9_007_199_254_740_993_u64), json!(9_007_199_254_740_992_u64)),
            (json!({ "a": null }), json!({})),
            (json!("a b"), json!("a  b")),
        ];
        for (one, two) in different {
            assert_ne!(Slot::new("paid", &one), Slot::new("paid", &two));
        }
        assert_ne!(Slot::new("a", &json!("b")), Slot::new("a \"b\"", &json!("")));
    }
}
