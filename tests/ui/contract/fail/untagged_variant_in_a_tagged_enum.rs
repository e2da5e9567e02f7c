// All variants of an enum must use the same representation.
use flow::contract;

#[contract]
enum Kind {
    Bug,
    #[serde(untagged)]
    Other(String),
}

fn main() {}
