// An option survives the round trip unless its inner type can be `null`.
use std::collections::BTreeMap;

use flow::contract;
use flow::serde::{self, Deserialize, Deserializer, Serialize, Serializer};
use flow::serde_json::{self, Value};

#[contract]
#[derive(Debug, Clone, PartialEq)]
struct Empty {}

#[contract]
#[derive(Debug, Clone, PartialEq)]
enum Unit {
    Only,
}

#[contract]
#[derive(Debug, Clone, PartialEq)]
enum Change {
    Keep,
    Clear,
    Set(Option<String>),
}

#[contract]
#[derive(Debug, Clone, PartialEq)]
#[serde(tag = "t", content = "c")]
enum Adjacent {
    One(Option<u8>),
    Two(()),
}

/// `null` and nothing are two things here, and the field says so by itself.
#[contract]
#[derive(Debug, Clone, PartialEq)]
struct Patch {
    #[serde(default, skip_serializing_if = "Option::is_none", with = "twice")]
    #[contract(as = Option<String>)]
    nickname: Option<Option<String>>,
    empty: Option<Empty>,
    unit: Option<Unit>,
    change: Option<Change>,
    adjacent: Option<Adjacent>,
    json: Option<Value>,
    list: Option<Vec<Option<u8>>>,
    map: Option<BTreeMap<String, Option<u8>>>,
    pair: Option<(Option<u8>, ())>,
    next: Option<Box<Patch>>,
}

mod twice {
    use super::*;

    pub fn serialize<S: Serializer>(value: &Option<Option<String>>, to: S) -> Result<S::Ok, S::Error> {
        value.as_ref().and_then(Option::as_ref).serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Option<String>>, D::Error> {
        Option::deserialize(from).map(Some)
    }
}

fn main() {
    let none = Patch {
        nickname: None,
        empty: None,
        unit: None,
        change: None,
        adjacent: None,
        json: None,
        list: None,
        map: None,
        pair: None,
        next: None,
    };
    let some = Patch {
        nickname: Some(None),
        empty: Some(Empty {}),
        unit: Some(Unit::Only),
        change: Some(Change::Set(None)),
        adjacent: Some(Adjacent::One(None)),
        json: Some(true.into()),
        list: Some(vec![None]),
        map: Some(BTreeMap::new()),
        pair: Some((None, ())),
        next: Some(Box::new(none.clone())),
    };
    for patch in [none, some] {
        let written = serde_json::to_value(&patch).expect("it is written");
        assert_eq!(serde_json::from_value::<Patch>(written).expect("it is read"), patch);
    }
}
