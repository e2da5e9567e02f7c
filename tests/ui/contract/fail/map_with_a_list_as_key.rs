// A key of a map is written as a string.
use std::collections::BTreeMap;

use flow::contract;

#[contract]
struct Job {
    by_path: BTreeMap<Vec<u64>, String>,
}

fn main() {}
