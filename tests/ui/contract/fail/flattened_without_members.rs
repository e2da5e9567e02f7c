// A flattened type must be an object, and a flattened option must come back as `None` if it was `None`.
// errors: 10
use std::collections::BTreeMap;

use flow::contract;
use flow::serde_json::Value;

#[contract]
struct Optional {
    name: Option<String>,
    #[serde(default)]
    years: u8,
}

#[contract]
#[serde(tag = "kind")]
enum Kind {
    One { a: u8 },
    Two,
}

#[contract]
#[serde(untagged)]
enum Perhaps {
    One { a: u8 },
    Nothing,
}

#[contract]
struct Text {
    #[serde(flatten)]
    text: String,
}

#[contract]
struct List {
    #[serde(flatten)]
    list: Vec<Optional>,
}

#[contract]
struct Maybe {
    #[serde(flatten)]
    perhaps: Perhaps,
}

#[contract]
struct NoneIsLost {
    id: u32,
    #[serde(flatten)]
    optional: Option<Optional>,
}

#[contract]
struct NoMap {
    #[serde(flatten)]
    rest: Option<BTreeMap<String, u8>>,
}

#[contract]
struct NoValue {
    #[serde(flatten)]
    rest: Option<Value>,
}

#[contract]
struct NoEnum {
    #[serde(flatten)]
    kind: Option<Kind>,
}

#[contract]
struct NoBoxedEnum {
    #[serde(flatten)]
    kind: Option<Box<Kind>>,
}

#[contract]
struct TwoLayers {
    #[serde(flatten)]
    kind: Option<Option<Kind>>,
}

#[contract]
struct Address {
    street: String,
}

#[contract]
struct Home(Address);

#[contract]
struct NoNewtype {
    #[serde(flatten)]
    home: Option<Home>,
}

fn main() {}
