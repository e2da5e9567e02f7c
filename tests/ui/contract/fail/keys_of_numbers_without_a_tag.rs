// serde reads the key of an untagged enum only as a string.
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
