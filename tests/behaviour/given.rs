//! Values from callers and people are validated against the contract before anything is recorded.

use std::collections::BTreeMap;

use flow::ErrorKind;
use flow::contract::Violation;
use flow::journal::Memory;
use flow::prelude::*;
use flow::run::RunId;
use flow::serde_json::{Value, json};

#[contract]
#[derive(Debug, Clone, Default)]
pub(crate) struct Note {
    pub(crate) text: String,
    pub(crate) note: Option<String>,
    #[serde(alias = "labels")]
    pub(crate) tags: Option<Vec<String>>,
}

#[contract]
#[derive(Debug, Clone)]
#[serde(deny_unknown_fields)]
pub(crate) struct Closed {
    pub(crate) note: Option<String>,
}

#[contract]
#[derive(Debug, Clone)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Base {
    pub(crate) base_price: u32,
    #[serde(flatten)]
    pub(crate) remark: Remark,
}

#[contract]
#[derive(Debug, Clone)]
pub(crate) struct Remark {
    pub(crate) remark: String,
    #[serde(alias = "marks")]
    pub(crate) hints: Option<Vec<String>>,
}

#[contract]
#[derive(Debug, Clone)]
pub(crate) struct Address {
    pub(crate) street: String,
    pub(crate) city: String,
}

/// With what is flattened into it: a struct of a struct, an option and an enum.
#[contract]
#[derive(Debug, Clone)]
pub(crate) struct Deep {
    pub(crate) id: u32,
    #[serde(flatten)]
    pub(crate) base: Base,
    #[serde(flatten)]
    pub(crate) address: Option<Address>,
    #[serde(flatten)]
    pub(crate) act: Act,
}

#[contract]
#[derive(Debug, Clone)]
#[serde(tag = "kind")]
pub(crate) enum Act {
    Stop,
    Send {
        to: Option<String>,
        with: Note,
    },
    Keep(Note),
    #[serde(other)]
    Later,
}

#[contract]
#[derive(Debug, Clone)]
#[serde(tag = "t", content = "c")]
pub(crate) enum Pair {
    None,
    Some(Note),
}

#[contract]
#[derive(Debug, Clone)]
pub(crate) enum Plain {
    Nothing,
    One(Note),
    Two(u32, Note),
    Three { a: Option<u32> },
}

#[contract]
#[derive(Debug, Clone)]
#[serde(untagged)]
pub(crate) enum Either {
    Count(u32),
    Named { name: String, age: Option<u32> },
    Note(Note),
}

#[contract]
#[derive(Debug, Clone)]
pub(crate) struct Open {
    pub(crate) note: Option<String>,
    #[serde(flatten)]
    pub(crate) rest: BTreeMap<String, Note>,
}

#[contract]
#[derive(Debug, Clone)]
pub(crate) struct Tree {
    pub(crate) name: Option<String>,
    pub(crate) below: Vec<Tree>,
}

#[contract]
#[derive(Debug, Clone)]
pub(crate) struct Of<T> {
    pub(crate) inner: Option<T>,
    pub(crate) next: Option<Box<Of<T>>>,
}

/// Everything at once, so that a test gives one argument.
#[contract]
#[derive(Debug, Clone, Default)]
pub(crate) struct All {
    pub(crate) note: Option<Note>,
    pub(crate) list: Option<Vec<Note>>,
    pub(crate) pair: Option<(u32, Note)>,
    pub(crate) map: Option<BTreeMap<String, Note>>,
    pub(crate) closed: Option<Closed>,
    pub(crate) deep: Option<Deep>,
    pub(crate) act: Option<Act>,
    pub(crate) adjacent: Option<Pair>,
    pub(crate) plain: Option<Plain>,
    pub(crate) either: Option<Either>,
    pub(crate) open: Option<Open>,
    pub(crate) tree: Option<Tree>,
    pub(crate) of: Option<Of<Note>>,
    pub(crate) any: Option<Value>,
}

#[workflow]
async fn take(all: All) -> Result<bool> {
    Ok(all.note.is_some())
}

/// The violations that an argument is rejected with.
async fn wrong(all: Value) -> Vec<String> {
    let runtime = Runtime::builder().journal(Memory::new()).workflow(take).build().unwrap();
    let run = RunId::fresh();
    match runtime.submit("take", json!({ "all": all }), &run).await {
        Ok(_) => {
            assert!(!runtime.records(&run).await.unwrap().is_empty());
            Vec::new()
        }
        Err(error) => {
            assert!(runtime.records(&run).await.unwrap().is_empty(), "something was recorded");
            let ErrorKind::ContractViolated { violations, .. } = error.kind() else { panic!("{error}") };
            violations.iter().map(Violation::to_string).collect()
        }
    }
}

#[tokio::test]
async fn a_field_that_nothing_reads_is_refused_with_its_pointer_wherever_it_is() {
    for (all, pointer) in [
        (json!({ "note": { "text": "a", "noet": "b" } }), "/note/noet"),
        (json!({ "list": [{ "text": "a" }, { "text": "a", "noet": null }] }), "/list/1/noet"),
        (json!({ "pair": [1, { "text": "a", "noet": "b" }] }), "/pair/1/noet"),
        (json!({ "map": { "x/y": { "text": "a", "noet": "b" } } }), "/map/x~1y/noet"),
        (json!({ "closed": { "noet": "b" } }), "/closed/noet"),
        (json!({ "act": { "kind": "Stop", "to": "b" } }), "/act/to"),
        (json!({ "act": { "kind": "Send", "with": { "text": "a" }, "too": "b" } }), "/act/too"),
        (json!({ "act": { "kind": "Send", "with": { "text": "a", "noet": "b" } } }), "/act/with/noet"),
        (json!({ "act": { "kind": "Keep", "text": "a", "noet": "b" } }), "/act/noet"),
        (json!({ "adjacent": { "t": "Some", "c": { "text": "a", "noet": "b" } } }), "/adjacent/c/noet"),
        (json!({ "adjacent": { "t": "None", "d": 1 } }), "/adjacent/d"),
        (json!({ "plain": { "One": { "text": "a", "noet": "b" } } }), "/plain/One/noet"),
        (json!({ "plain": { "Two": [1, { "text": "a", "noet": "b" }] } }), "/plain/Two/1/noet"),
        (json!({ "plain": { "Three": { "b": 1 } } }), "/plain/Three/b"),
        (json!({ "either": { "name": "a", "aeg": 3 } }), "/either/aeg"),
        (json!({ "either": { "text": "a", "noet": "b" } }), "/either/noet"),
        (json!({ "open": { "other": { "text": "a", "noet": "b" } } }), "/open/other/noet"),
        (json!({ "tree": { "below": [{ "below": [{ "nmae": "a", "below": [] }] }] } }), "/tree/below/0/below/0/nmae"),
        (json!({ "of": { "next": { "inner": { "text": "a", "noet": "b" } } } }), "/of/next/inner/noet"),
        (json!({ "of": { "next": { "nxet": null } } }), "/of/next/nxet"),
    ] {
        let found = wrong(all.clone()).await;
        assert_eq!(found.len(), 1, "{all}: {found:?}");
        assert!(found[0].starts_with(&format!("at `/all{pointer}`: expected ")), "{found:?}");
    }
}

#[tokio::test]
async fn the_nearest_field_and_those_that_there_are_are_named() {
    let found = wrong(json!({ "note": { "text": "a", "noet": "b" }, "notes": null })).await;
    let said =
        "at `/all/note/noet`: expected only the fields `text`, `note`, `tags`, found `noet`; did you mean `note`?";
    assert!(found.contains(&said.to_owned()), "{found:?}");
    assert!(found.iter().any(|found| found.contains(", …, found `notes`; did you mean `note`?")), "{found:?}");
    let found = wrong(json!({ "note": { "text": "a", "author": "b" } })).await;
    assert!(found[0].ends_with("found `author`"), "{found:?}");
    let found = wrong(json!({ "closed": { "noet": "b" } })).await;
    assert_eq!(found, ["at `/all/closed/noet`: expected only the fields `note`, found `noet`; did you mean `note`?"]);
}

#[tokio::test]
async fn what_is_flattened_reads_its_own_fields() {
    let deep = json!({
        "id": 1, "basePrice": 2, "remark": "a", "marks": [], "street": "b", "city": "c", "kind": "Send", "to": "d",
        "with": { "text": "e" },
    });
    assert_eq!(wrong(json!({ "deep": deep })).await, [""; 0]);
    for (name, pointer) in [("base_price", "/deep/base_price"), ("tag", "/deep/tag"), ("kinds", "/deep/kinds")] {
        let mut deep = deep.clone();
        deep[name] = json!(null);
        let found = wrong(json!({ "deep": deep })).await;
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with(&format!("at `/all{pointer}`: expected only the fields `id`, ")), "{found:?}");
    }
    let mut with = deep.clone();
    with["with"]["noet"] = json!("f");
    assert!(wrong(json!({ "deep": with })).await[0].starts_with("at `/all/deep/with/noet`"));
    // An incomplete flattened option would be dropped.
    let mut half = deep;
    half.as_object_mut().unwrap().remove("city");
    assert_eq!(wrong(json!({ "deep": half })).await, ["at `/all/deep/city`: expected string, found nothing"]);
}

#[tokio::test]
async fn what_is_read_is_let_pass() {
    for all in [
        json!({}),
        json!({ "note": { "text": "a", "note": null, "labels": ["b"] } }),
        json!({ "act": { "kind": "Later" } }),
        json!({ "act": { "kind": "from the future", "with": 1 } }),
        json!({ "adjacent": { "t": "None" } }),
        json!({ "plain": "Nothing" }),
        json!({ "plain": { "Three": {} } }),
        json!({ "either": 3 }),
        json!({ "either": { "name": "a", "age": 3 } }),
        json!({ "open": { "note": "a", "anything": { "text": "b" } } }),
        json!({ "any": { "noet": { "noet": 1 } } }),
        json!({ "deep": null }),
    ] {
        assert_eq!(wrong(all.clone()).await, [""; 0], "{all}");
    }
}
