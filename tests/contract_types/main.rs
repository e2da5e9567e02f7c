//! The comparison against serde and the published schemas, on every pair of several hundred real types.
//!
//! If it accepts an edge, the consumer's serde reads and its published schema allows every value the producer writes. If it
//! refuses an edge, one of the two rejects some value.

#![allow(dead_code, reason = "most fields are only written and read")]

mod forms;
mod odd;
#[path = "../contracts/random.rs"]
mod random;
#[path = "../contracts/reader.rs"]
mod reader;
mod subject;
#[path = "../contracts/typed.rs"]
mod typed;

use flow::provider::SchemaSupport::{self, Anthropic, Compatible, Full, Gemini, JsonMode, Strict};
use flow::provider::lower;
use flow::serde_json::Value;
use flow_runtime::contract::{Report, fits, is_same};

use random::Random;
use reader::Reading;
use subject::Subject;

/// Values per producer.
const VALUES: usize = 24;
/// Values of a producer tried in search of a counterexample for a refused pair.
const SEARCHED: usize = 1000;

fn subjects() -> Vec<(Subject, Vec<Value>)> {
    let mut random = Random::new(1);
    let mut all = forms::subjects();
    all.extend(forms::solid_subjects());
    all.extend(odd::subjects());
    let all: Vec<_> = all.into_iter().map(|subject| (subject.written(&mut random, VALUES), subject)).collect();
    all.into_iter().map(|(values, subject)| (subject, values)).collect()
}

/// Why a harmless edge is refused anyway: the deciding fact is not part of a contract, or would have to be guessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deliberate {
    /// A user-defined function decides which fields are skipped.
    OwnPredicate,
    /// Each value fits one of several alternatives, but no single alternative fits every value of the object.
    Alternatives,
}

fn deliberate(from: &Subject, to: &Subject, report: &Report) -> Option<Deliberate> {
    if from.has("Skipping") || from.has("Losing") {
        Some(Deliberate::OwnPredicate)
    } else if report.as_str().contains("expected one of the variants of") && to.has("Untagged") {
        Some(Deliberate::Alternatives)
    } else {
        None
    }
}

#[test]
fn every_verdict_is_what_serde_and_the_schema_say() {
    let subjects = subjects();
    let mut random = Random::new(2);
    let (mut accepted, mut refused, mut tried) = (0, 0, 0);
    let (mut wrong, mut excused) = (Vec::new(), Vec::new());
    for (from, values) in &subjects {
        assert!(!values.is_empty(), "{} writes nothing", from.name);
        // Whether a type reads its own output is checked elsewhere.
        for (to, _) in subjects.iter().filter(|(to, _)| from.survives || !is_same(from.shape, to.shape)) {
            let report = fits(from.shape, to.shape);
            if report.ok() {
                accepted += 1;
                tried += values.len();
                let refused = values.iter().find(|value| !to.accepts(value));
                wrong.extend(refused.map(|value| format!("{} fits {}, but {value}", from.name, to.name)));
                continue;
            }
            refused += 1;
            let is_refused = |value: &Value| !to.accepts(value);
            if values.iter().any(is_refused) || from.written(&mut random, SEARCHED).iter().any(is_refused) {
                continue;
            }
            match deliberate(from, to, &report) {
                Some(reason) => excused.push(reason),
                None => wrong.push(format!("{} does not fit {}, but reads all: {report}", from.name, to.name)),
            }
        }
    }
    let count = |reason| excused.iter().filter(|other| **other == reason).count();
    println!(
        "{} types, {} edges: {accepted} accepted ({tried} values), {refused} refused, {} wrong; refused without need: {} for a \
         predicate of the user's, {} for alternatives",
        subjects.len(),
        accepted + refused,
        wrong.len(),
        count(Deliberate::OwnPredicate),
        count(Deliberate::Alternatives),
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(subjects.len() >= 300 && accepted >= 5_000 && refused >= 5_000);
    assert!(excused.len() * 1_000 < accepted + refused, "{excused:?}");
}

/// The reader used to judge generated shapes agrees with serde on real types whenever the published schema accepts the value.
#[test]
fn the_reader_reads_as_serde_does() {
    let subjects = subjects();
    let (mut compared, mut read) = (0, 0);
    for (to, _) in &subjects {
        for value in subjects.iter().flat_map(|(_, values)| values.iter().step_by(3)) {
            let serdes = to.reads(value);
            // serde also reads an array as a struct, which no schema allows.
            if serdes || to.publishes(value) {
                let ours = reader::reading(to.shape, value) != Reading::Refused;
                assert!(
                    ours == serdes || !to.publishes(value),
                    "{value} as {}: serde {serdes}, the reader {ours}",
                    to.name
                );
                compared += 1;
                read += usize::from(serdes);
            }
            // Holds only for symmetric types without defaults; others may write more than was read.
            if let (Some(read), true) = (reader::read(to.shape, value), to.has_no_defaults()) {
                let ours = typed::written(to.shape, &read);
                assert_eq!(Some(&ours), to.rewrites(value).as_ref(), "{value} as {}: {read:?}", to.name);
            }
        }
    }
    println!("{compared} values of {} types judged by serde and by the reader, {read} of them read", subjects.len());
    assert!(read >= 10_000 && compared > read);
}

/// A written value is a valid answer at every level of schema support, and survives the round trip.
#[test]
fn every_value_is_an_answer_everywhere() {
    /// Some levels encode a recursive type as text within text, which doubles the escapes at each level.
    const DEPTH: usize = 8;
    const LEVELS: [SchemaSupport; 6] = [Full, Strict, Compatible, Anthropic, Gemini, JsonMode];
    let (mut schemas, mut answers, mut wrong) = (0, 0, Vec::new());
    for (subject, values) in subjects() {
        let is_answer = |value: &&Value| subject.is_symmetric() && subject.publishes(value) && depth(value) <= DEPTH;
        let values: Vec<_> = values.iter().filter(is_answer).collect();
        for support in LEVELS {
            let lowered = lower(&subject.schema, support);
            let validator = jsonschema::validator_for(&lowered.schema).expect("a lowered schema is a schema");
            schemas += 1;
            for &value in &values {
                let wire = lowered.encode(value.clone());
                let objection = validator.validate(&wire).err().map(|error| error.to_string());
                let raised = lowered.raise(wire.clone());
                if objection.is_some() || !subject.accepts(&raised) || bare(raised.clone()) != bare(value.clone()) {
                    wrong.push(format!(
                        "{} {support:?}: {value} as {wire} ({objection:?}) comes back as {raised}",
                        subject.name
                    ));
                }
                answers += 1;
            }
        }
    }
    println!("{schemas} lowered schemas, {answers} answers, {} wrong", wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(answers >= 10_000);
}

/// The nesting depth of lists and objects.
fn depth(value: &Value) -> usize {
    let inner = match value {
        Value::Object(map) => map.values().map(depth).max(),
        Value::Array(items) => items.iter().map(depth).max(),
        _ => return 0,
    };
    1 + inner.unwrap_or(0)
}

/// Removes properties that are null: for an optional property, null and absent mean the same.
fn bare(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let present = map.into_iter().filter(|(_, value)| !value.is_null());
            present.map(|(key, value)| (key, bare(value))).collect()
        }
        Value::Array(items) => items.into_iter().map(bare).collect(),
        value => value,
    }
}
