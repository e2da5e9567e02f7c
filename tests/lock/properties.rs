//! The law of the classification, on generated contracts: it agrees with actual values, and the lock's text loses nothing.

use flow::graphs::{Argument, Contract, Graph, Kind, Limits, Meta, MetaPtr, Node, Op, Policy};
use flow::serde_json::Value;
use flow_runtime::contract::{Direction, Shape, fits, render, validate};
use flow_runtime::graph::lock::{Changes, Class, Lock, classify, describe};
use proptest::prelude::*;

use super::random::Random;
use super::reader::Reading;
use super::{reader, shapes, values};

/// Values tried per pair classified as compatible.
const VALUES: usize = 12;
/// Values tried in search of one that shows the break.
const SEARCHED: usize = 3000;

fn contract(shape: &'static Shape) -> Contract {
    Contract { shape, schema: |_: Direction| Value::Bool(true) }
}

/// A workflow or step with this input and output.
fn meta(name: &'static str, kind: Kind, input: &'static Shape, output: &'static Shape) -> Meta {
    Meta {
        name,
        id: name,
        module: "",
        doc: "",
        file: "",
        line: 0,
        kind,
        arguments: vec![Argument { name: "value", position: 0, doc: "", contract: contract(input) }].leak(),
        states: &[],
        output: contract(output),
        policy: Policy::PLAIN,
        graph: None,
    }
}

/// A workflow of one step with the same input and output.
fn workflow(input: &'static Shape, output: &'static Shape) -> &'static Meta {
    let step = Box::leak(Box::new(meta("step", Kind::Code, input, output)));
    let node = Node { name: None, ordinal: 1, step: MetaPtr::new(step), line: 0, model: None };
    let graph = Graph {
        // Never read: a lock is made from the description, which leads here, and does not follow this pointer back.
        workflow: MetaPtr::new(step),
        nodes: vec![node].leak(),
        edges: &[],
        structure: &[Op::Step(0)],
        output: &[],
        limits: Limits::default(),
        version: 1,
        migrate: None,
        locked: true,
    };
    Box::leak(Box::new(Meta {
        graph: Some(Box::leak(Box::new(graph))),
        ..meta("workflow", Kind::Workflow, input, output)
    }))
}

/// The changes reported by a lock that was written and read back.
fn changes(old: &'static Meta, new: &'static Meta) -> Changes {
    let text = describe(old).to_text();
    let lock = Lock::read(&text).unwrap_or_else(|error| panic!("{error} in {text}"));
    assert_eq!(lock.to_text(), text);
    classify(&lock, new)
}

fn breaks(changes: &[flow_runtime::graph::lock::Change], place: &str, what: &str) -> bool {
    let of_it = |change: &&flow_runtime::graph::lock::Change| change.place == place && change.text.starts_with(what);
    changes.iter().filter(of_it).any(|change| change.class == Class::Breaking)
}

fn pair(seed: u64) -> (&'static Shape, &'static Shape, Random) {
    let mut random = Random::new(seed);
    let from = shapes::shape(&mut random, 3);
    let to = if random.one_in(5) { shapes::shape(&mut random, 3) } else { shapes::changed(&mut random, from) };
    (from, to, random)
}

/// An unchanged contract is never breaking, whether or not it reads what it writes.
fn is_another(from: &'static Meta, to: &'static Meta) -> bool {
    describe(from).to_text() != describe(to).to_text()
}

fn reads(shape: &'static Shape, value: &Value) -> bool {
    validate(shape, value).is_empty()
}

/// As at an edge, a tagged enum is only read as one of the same form; and the validator does not check what serde cannot read.
fn is_deliberate(report: &str) -> bool {
    ["serde cannot read", "one of several shapes", "found one of `", "expected an enum "]
        .iter()
        .any(|words| report.contains(words))
}

/// A flattened option silently becomes `None` if the written value does not fit, and the value is lost.
fn loses_in_silence(shape: &'static Shape) -> bool {
    format!("{shape:?}").contains("Flatten { rust: \"flat\", shape: Option")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Old values: sent by callers, or recorded as results of runs.
    #[test]
    fn what_was_written_by_the_lock_is_read_unless_it_is_called_breaking(seed: u64) {
        let (from, to, mut random) = pair(seed);
        let (old, new) = (workflow(from, from), workflow(to, to));
        let changes = changes(old, new);
        let fit = fits(from, to);
        let broken = !fit.ok() && is_another(old, new);
        prop_assert_eq!(breaks(&changes.callers, "input", ""), broken, "{:?}\n{:?}\n{}\n{}", from, to, fit, changes);
        prop_assert_eq!(breaks(&changes.runs, "step", "returned"), broken);
        prop_assert_eq!(changes.lets_runs_go_on() && broken, false);
        if fit.ok() {
            for _ in 0..VALUES {
                let value = values::written(&mut random, from);
                prop_assert!(reads(to, &value), "{from:?}\n{to:?}\n{changes}\nbut {value}");
            }
        } else if !is_deliberate(fit.as_str()) && !loses_in_silence(to) {
            let schema = jsonschema::validator_for(&render(to, Direction::Read)).expect("a schema");
            let aliased = format!("{to:?}").contains("another");
            let refused = (0..SEARCHED).any(|_| {
                let value = values::written(&mut random, from);
                !reads(to, &value) || reader::reading(to, &value) != Reading::Exact || !aliased && !schema.is_valid(&value)
            });
            prop_assert!(refused, "{from:?}\n{to:?}\n{changes}\nbut every value tried can be read");
        }
    }

    /// New values, read by existing readers.
    #[test]
    fn what_is_written_now_is_read_by_the_lock_unless_it_is_called_breaking(seed: u64) {
        let (from, to, mut random) = pair(seed);
        let (old, new) = (workflow(to, to), workflow(from, from));
        let changes = changes(old, new);
        let fit = fits(from, to);
        let broken = !fit.ok() && is_another(old, new);
        prop_assert_eq!(breaks(&changes.readers, "output", ""), broken, "{:?}\n{:?}\n{}\n{}", from, to, fit, changes);
        if fit.ok() {
            for _ in 0..VALUES {
                let value = values::written(&mut random, from);
                prop_assert!(reads(to, &value), "{from:?}\n{to:?}\n{changes}\nbut {value}");
            }
        }
    }

    #[test]
    fn what_has_not_changed_is_no_change(seed: u64) {
        let mut random = Random::new(seed);
        let shape = shapes::symmetric(&mut random, 3);
        let workflow = workflow(shape, shape);
        let changes = changes(workflow, workflow);
        prop_assert!(changes.is_empty(), "{shape:?}\n{changes}");
    }
}

/// The laws above would be vacuous if everything or nothing were classified as breaking.
#[test]
fn both_answers_are_common() {
    let breaking = (0..2000)
        .filter(|seed| {
            let (from, to, _) = pair(*seed);
            changes(workflow(from, from), workflow(to, to)).is_breaking()
        })
        .count();
    assert!((300..1700).contains(&breaking), "{breaking} of 2000 pairs break");
}
