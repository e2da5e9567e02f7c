// Untagged variants with distinguishable shapes, the narrower ones first.
use std::collections::BTreeMap;

use flow::contract;
use flow::serde::{Serialize, de::DeserializeOwned};
use flow::serde_json::{self, Value};

#[contract]
#[derive(Debug, PartialEq)]
struct Strict {
    id: u32,
    name: Option<String>,
}

#[contract]
#[derive(Debug, PartialEq)]
#[serde(deny_unknown_fields)]
struct Closed {
    id: Option<u32>,
}

#[contract]
#[derive(Debug, PartialEq)]
#[serde(untagged)]
enum Number {
    Narrow(u8),
    Wide(u64),
    Signed(i64),
    Rounded(f64),
}

#[contract]
#[derive(Debug, PartialEq)]
enum Colour {
    Red,
}

#[contract]
#[derive(Debug, PartialEq)]
#[serde(untagged)]
enum Text {
    Colour(Colour),
    Letter(char),
    Any(String),
}

#[contract]
#[derive(Debug, PartialEq)]
#[serde(untagged)]
enum Record {
    Closed(Closed),
    Strict(Strict),
    Other { name: String },
    Map(BTreeMap<String, u8>),
    Pair(String, u8),
    List(Vec<u8>),
    Flag(bool),
    Text(String),
    Nothing,
}

#[contract]
#[derive(Debug, PartialEq)]
#[serde(untagged)]
enum Known {
    Strict(Strict),
    Anything(Value),
}

/// A list may be a pair of numbers, and need not be.
#[contract]
#[derive(Debug, PartialEq)]
#[serde(untagged)]
enum Overlapping {
    Pair(u8, u8),
    List(Vec<u16>),
}

/// A variant that is never written cannot be hidden, and one that is never read hides no other.
#[contract]
#[derive(Debug, PartialEq)]
#[serde(untagged)]
enum OneWay {
    #[serde(skip_deserializing)]
    Old(String),
    New(String),
    #[serde(skip_serializing)]
    Older(String),
}

#[contract]
#[derive(Debug, PartialEq)]
#[serde(untagged)]
enum Tree {
    Leaf(u8),
    Kids(Vec<Tree>),
    Named { name: String, tree: Box<Tree> },
}

fn comes_back<T: Serialize + DeserializeOwned + std::fmt::Debug + PartialEq>(values: impl IntoIterator<Item = T>) {
    for value in values {
        let written = serde_json::to_value(&value).expect("it is written");
        assert_eq!(serde_json::from_value::<T>(written).expect("it is read"), value);
    }
}

fn main() {
    comes_back([Number::Narrow(1), Number::Wide(300), Number::Signed(-1), Number::Rounded(0.5)]);
    comes_back([Text::Colour(Colour::Red), Text::Letter('x'), Text::Any("text".into())]);
    comes_back([
        Record::Closed(Closed { id: None }),
        Record::Strict(Strict { id: 1, name: None }),
        Record::Other { name: "x".into() },
        Record::Map(BTreeMap::from([("a".into(), 1)])),
        Record::Pair("x".into(), 1),
        Record::List(vec![1, 2]),
        Record::Flag(true),
        Record::Text("x".into()),
        Record::Nothing,
    ]);
    comes_back([Known::Strict(Strict { id: 1, name: None }), Known::Anything(true.into())]);
    comes_back([Overlapping::Pair(1, 2), Overlapping::List(vec![1, 300])]);
    comes_back([OneWay::New("x".into())]);
    comes_back([Tree::Named { name: "x".into(), tree: Box::new(Tree::Kids(vec![Tree::Leaf(1)])) }]);
}
