// A flattened map reads all remaining fields, so no other flattened field may depend on them.
// errors: 6
use std::collections::BTreeMap;

use flow::contract;
use flow::serde_json::{Map, Value};

#[contract]
struct Page {
    number: u64,
}

#[contract]
#[serde(tag = "kind")]
enum Kind {
    One { a: u8 },
    Two,
}

#[contract]
#[serde(untagged)]
enum Size {
    Exact { exact: u8 },
    Between { least: u8, most: u8 },
}

#[contract]
struct MapFirst {
    id: u64,
    #[serde(flatten)]
    rest: BTreeMap<String, u64>,
    #[serde(flatten)]
    page: Page,
}

#[contract]
struct TwoMaps {
    #[serde(flatten)]
    texts: BTreeMap<String, Value>,
    #[serde(flatten)]
    others: Map<String, Value>,
}

#[contract]
struct AfterATag {
    #[serde(flatten)]
    kind: Kind,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

#[contract]
struct AfterNoTag {
    #[serde(flatten)]
    size: Size,
    #[serde(flatten)]
    rest: Value,
}

#[contract]
struct Named {
    name: String,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

#[contract]
struct Deeper {
    #[serde(flatten)]
    named: Named,
    #[serde(flatten)]
    page: Page,
}

#[contract]
struct Nested {
    #[serde(flatten)]
    flat: Flat,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

#[contract]
struct Flat {
    #[serde(flatten)]
    page: Page,
}

fn main() {}
