// serde reads the key of an untagged enum as a string only.
use std::collections::BTreeMap;

use flow::contract;

#[contract]
#[derive(PartialEq, Eq, PartialOrd, Ord)]
#[serde(untagged)]
enum Key {
    Number(u32),
    Text(String),
}

#[contract]
struct Names {
    by_key: BTreeMap<Key, String>,
}

fn main() {}
