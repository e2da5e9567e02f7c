// A map key must be written as a string.
// errors: 7
use std::collections::{BTreeMap, HashMap};

use flow::prelude::*;

type Route = Vec<u64>;

#[contract]
struct Job {
    by_path: BTreeMap<Vec<u64>, String>,
    by_name: Vec<HashMap<Route, String>>,
    by_wait: Option<BTreeMap<std::time::Duration, u32>>,
}

#[contract]
enum Found {
    Nothing,
    Places(BTreeMap<(u32, u32), String>),
}

#[contract]
struct Keyed<K: Ord> {
    by_key: BTreeMap<K, u32>,
}

#[contract]
struct Holder {
    keyed: Keyed<Vec<u8>>,
    sound: Keyed<String>,
}

#[step]
async fn count(by_place: &BTreeMap<(u32, u32), String>) -> Result<u32> {
    Ok(by_place.len() as u32)
}

#[step]
async fn group(text: &str) -> Result<BTreeMap<Option<u32>, String>> {
    Ok(BTreeMap::from([(None, text.to_owned())]))
}

fn main() {}
