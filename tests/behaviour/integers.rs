//! `3.0` counts as an integer wherever one is expected, from models and callers; other floats are rejected, and no digit is lost.

use std::collections::BTreeMap;

use flow::ErrorKind;
use flow::contract::{Violation, parse_json};
use flow::journal::Memory;
use flow::prelude::*;
use flow::run::{Record, RunId};
use flow::serde_json::{Value, from_str, json};

use crate::support::{FAST, Say, fake};

#[contract]
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Point {
    pub(crate) x: i32,
    pub(crate) y: Option<u64>,
}

#[contract]
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Flat {
    pub(crate) id: u8,
    #[serde(flatten)]
    pub(crate) point: Option<Point>,
    #[serde(flatten)]
    pub(crate) rest: BTreeMap<String, u16>,
}

#[contract]
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Beside {
    pub(crate) id: u8,
    #[serde(flatten)]
    pub(crate) sum: Sum,
    #[serde(flatten)]
    pub(crate) or_text: OrCount,
}

#[contract]
#[derive(Debug, Clone, PartialEq)]
#[serde(untagged)]
pub(crate) enum OrCount {
    Many { many: u8 },
    Few { few: u8 },
}

#[contract]
#[derive(Debug, Clone, PartialEq)]
#[serde(tag = "op")]
pub(crate) enum Sum {
    Add { by: i8 },
    At(Point),
}

#[contract]
#[derive(Debug, Clone, PartialEq)]
#[serde(tag = "t", content = "c")]
pub(crate) enum Pair {
    One(u32),
    Both(u32, f64),
}

#[contract]
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Plain {
    None,
    Count(u32),
    Named { n: i64 },
}

#[contract]
#[derive(Debug, Clone, PartialEq)]
#[serde(untagged)]
pub(crate) enum IntOrFloat {
    Int(u32),
    Float(f64),
}

#[contract]
#[derive(Debug, Clone, PartialEq)]
#[serde(untagged)]
pub(crate) enum IntOrText {
    Int(u32),
    Text(String),
    Point(Point),
}

#[contract]
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tree {
    pub(crate) n: u8,
    pub(crate) below: Vec<Tree>,
}

#[contract]
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct All {
    pub(crate) u8: Option<u8>,
    pub(crate) i64: Option<i64>,
    pub(crate) u64: Option<u64>,
    pub(crate) f64: Option<f64>,
    #[serde(default)]
    pub(crate) any: Value,
    pub(crate) list: Option<Vec<u8>>,
    pub(crate) pair: Option<(u8, f64)>,
    pub(crate) map: Option<BTreeMap<u8, u8>>,
    pub(crate) flat: Option<Flat>,
    pub(crate) beside: Option<Beside>,
    pub(crate) sum: Option<Sum>,
    pub(crate) adjacent: Option<Pair>,
    pub(crate) plain: Option<Plain>,
    pub(crate) or_float: Option<IntOrFloat>,
    pub(crate) or_text: Option<IntOrText>,
    pub(crate) tree: Option<Tree>,
}

#[workflow]
async fn take(all: All) -> Result<All> {
    Ok(all)
}

#[step(model = FAST, prompt = "Go on with {{ n }}.", repair = 0)]
async fn say(n: u32) -> Result<All>;

#[workflow]
async fn asking(n: u32) -> Result<All> {
    say(n).await
}

/// An argument as recorded.
async fn recorded(all: &str) -> Result<Value, Vec<String>> {
    let input = parse_json(format!(r#"{{"all": {all}}}"#).as_bytes()).unwrap();
    let runtime = Runtime::builder().journal(Memory::new()).workflow(take).build().unwrap();
    let run = RunId::fresh();
    match runtime.submit("take", input, &run).await {
        Ok(_) => match runtime.records(&run).await.unwrap().remove(0) {
            Record::RunStarted { mut input, .. } => Ok(input["all"].take()),
            other => panic!("{other:?}"),
        },
        Err(error) => {
            let ErrorKind::ContractViolated { violations, .. } = error.kind() else { panic!("{error}") };
            Err(violations.iter().map(Violation::to_string).collect())
        }
    }
}

/// A model's answer as parsed.
async fn answered(all: &'static str) -> Result<All> {
    let (fake, _) = fake("fake", [Say::Text(all)]);
    Runtime::test().provider(fake).run(asking(1)).await
}

/// Texts, and the values they are read as.
const READ: &[(&str, &str)] = &[
    (r#"{"u8": 3.0, "i64": -3e0, "u64": 300e-2}"#, r#"{"u8": 3, "i64": -3, "u64": 3}"#),
    (r#"{"u8": -0.0, "i64": -0, "u64": 0e9}"#, r#"{"u8": 0, "i64": 0, "u64": 0}"#),
    (
        r#"{"u64": 1e19, "i64": -9223372036854775808.0}"#,
        r#"{"u64": 10000000000000000000, "i64": -9223372036854775808}"#,
    ),
    (
        r#"{"u64": 9007199254740993.0, "i64": 9.007199254740993e15}"#,
        r#"{"u64": 9007199254740993, "i64": 9007199254740993}"#,
    ),
    (r#"{"u64": 18446744073709551615.0}"#, r#"{"u64": 18446744073709551615}"#),
    (r#"{"list": [1.0, 2, 3e1], "pair": [1.0, 2.0]}"#, r#"{"list": [1, 2, 30], "pair": [1, 2.0]}"#),
    (r#"{"map": {"7": 1.0}}"#, r#"{"map": {"7": 1}}"#),
    (r#"{"flat": {"id": 1.0, "x": 2.0, "y": 3.0, "more": 5.0}}"#, r#"{"flat": {"id": 1, "x": 2, "y": 3, "more": 5}}"#),
    (
        r#"{"beside": {"few": 7.0, "id": 1.0, "op": "Add", "by": -4.0}}"#,
        r#"{"beside": {"few": 7, "id": 1, "op": "Add", "by": -4}}"#,
    ),
    (r#"{"sum": {"op": "At", "x": 1.0, "y": null}}"#, r#"{"sum": {"op": "At", "x": 1, "y": null}}"#),
    (r#"{"adjacent": {"t": "One", "c": 1.0}}"#, r#"{"adjacent": {"t": "One", "c": 1}}"#),
    (r#"{"adjacent": {"c": [1.0, 1.0], "t": "Both"}}"#, r#"{"adjacent": {"c": [1, 1.0], "t": "Both"}}"#),
    (r#"{"plain": {"Count": 1.0}}"#, r#"{"plain": {"Count": 1}}"#),
    (r#"{"plain": {"Named": {"n": 1.0}}}"#, r#"{"plain": {"Named": {"n": 1}}}"#),
    (r#"{"or_float": 3.0}"#, r#"{"or_float": 3.0}"#),
    (r#"{"or_float": 3}"#, r#"{"or_float": 3}"#),
    (r#"{"or_text": 3.0}"#, r#"{"or_text": 3}"#),
    (r#"{"or_text": {"x": 3.0}}"#, r#"{"or_text": {"x": 3}}"#),
    (
        r#"{"tree": {"n": 1.0, "below": [{"n": 2.0, "below": []}]}}"#,
        r#"{"tree": {"n": 1, "below": [{"n": 2, "below": []}]}}"#,
    ),
    (r#"{"f64": 3, "any": {"a": [3.0, 3]}}"#, r#"{"f64": 3.0, "any": {"a": [3.0, 3]}}"#),
];

/// Texts that remain invalid, and where.
const REFUSED: &[(&str, &str)] = &[
    (r#"{"u8": 3.5}"#, "/u8"),
    (r#"{"u8": 256.0}"#, "/u8"),
    (r#"{"u8": -1.0}"#, "/u8"),
    (r#"{"u8": "3.0"}"#, "/u8"),
    (r#"{"u64": 9007199254740993.5}"#, "/u64"),
    (r#"{"u64": 18446744073709551616}"#, "/u64"),
    (r#"{"u64": 1e20}"#, "/u64"),
    (r#"{"i64": 9223372036854775808.0}"#, "/i64"),
    (r#"{"map": {"7.0": 1}}"#, "/map/7.0"),
    (r#"{"or_text": 3.5}"#, "/or_text"),
];

#[flow::tokio::test]
async fn a_caller_writes_an_integer_as_json_schema_allows() {
    for (text, expected) in READ {
        let expected: All = from_str(expected).unwrap();
        let recorded = recorded(text).await.unwrap_or_else(|found| panic!("{text}: {found:?}"));
        assert_eq!(recorded, flow::serde_json::to_value(expected).unwrap(), "{text}");
    }
    for (text, pointer) in REFUSED {
        let found = recorded(text).await.unwrap_err();
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with(&format!("at `/all{pointer}`: ")), "{found:?}");
    }
}

#[flow::tokio::test(start_paused = true)]
async fn a_model_writes_an_integer_as_its_schema_allows() {
    for (text, expected) in READ {
        let expected: All = from_str(expected).unwrap();
        assert_eq!(answered(text).await.unwrap(), expected, "{text}");
    }
    for (text, pointer) in REFUSED {
        let error = answered(text).await.unwrap_err();
        let ErrorKind::ContractViolated { violations, .. } = error.kind() else { panic!("{error}") };
        assert_eq!(violations[0].pointer, *pointer, "{text}");
    }
}

#[flow::tokio::test]
async fn the_same_run_is_recognised_however_its_numbers_are_written() {
    let runtime = Runtime::builder().journal(Memory::new()).workflow(take).build().unwrap();
    let run = RunId::named("r");
    for input in [json!({ "all": { "u8": 3 } }), json!({ "all": { "u8": 3.0 } })] {
        let submitted = runtime.submit("take", input, &run).await.unwrap();
        assert!(!matches!(submitted, flow::Submitted::Taken(_)), "{submitted:?}");
    }
}
