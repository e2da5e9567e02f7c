// All variants of an enum are written alike.
use flow::contract;

#[contract]
enum Kind {
    Bug,
    #[serde(untagged)]
    Other(String),
}

fn main() {}
