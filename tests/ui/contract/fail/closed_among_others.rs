// The fields of an enum that denies unknown fields cannot be placed among other fields.
// errors: 4
use flow::contract;

#[contract]
#[serde(tag = "kind", deny_unknown_fields)]
enum Kind {
    One { a: u8 },
    Two,
}

#[contract]
#[serde(deny_unknown_fields)]
struct Page {
    number: u64,
}

#[contract]
#[serde(untagged)]
enum Place {
    Page(Page),
    Line { line: u64 },
}

#[contract]
struct Entry {
    #[serde(flatten)]
    kind: Kind,
}

#[contract]
struct Quote {
    text: String,
    #[serde(flatten)]
    place: Place,
}

#[contract]
#[serde(tag = "type")]
enum Node {
    Kind(Kind),
    Place(Place),
    Page(Page),
}

fn main() {}
