// Map keys inside flattened, untagged or internally tagged types must be strings.
// errors: 5
use std::collections::{BTreeMap, HashMap};

use flow::contract;

#[contract]
struct Counts {
    counts: BTreeMap<u8, bool>,
}

#[contract]
#[serde(untagged)]
enum Untagged {
    Numbers(HashMap<u32, String>),
}

#[contract]
#[serde(tag = "kind")]
enum Tagged {
    Counts(Counts),
    Fields { by_flag: Option<BTreeMap<bool, u8>>, id: u8 },
}

#[contract]
struct Flattened {
    #[serde(flatten)]
    rest: BTreeMap<i64, String>,
}

#[contract]
struct Deep {
    #[serde(flatten)]
    holder: Holder,
}

#[contract]
struct Holder {
    all: Vec<Option<Counts>>,
}

fn main() {}
