// A skipped field must read back as the value that was skipped.
// errors: 3
use std::collections::BTreeMap;

use flow::contract;

fn three() -> Option<u32> {
    Some(3)
}

fn yes() -> bool {
    true
}

fn usual() -> BTreeMap<String, u32> {
    BTreeMap::from([("usual".to_owned(), 1)])
}

#[contract]
struct Retries {
    #[serde(default = "three", skip_serializing_if = "Option::is_none")]
    most: Option<u32>,
}

#[contract]
enum Options {
    Checked {
        #[serde(default = "yes", skip_serializing_if = "std::ops::Not::not")]
        strict: bool,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        names: Vec<String>,
    },
}

#[contract]
struct Limits {
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default = "usual")]
    by_name: BTreeMap<String, u32>,
}

fn main() {}
