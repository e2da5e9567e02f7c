// Generated code works when the user's own names shadow those of the standard library.
#![allow(dead_code)]

struct Option;
struct Some;
struct None;
struct Shape;
struct Field;
mod core {}
mod std {}
mod serde {}
mod schemars {}

#[flow::contract]
struct Job {
    id: u64,
    #[serde(skip_serializing, default)]
    kind: Kind,
}

#[flow::contract]
#[derive(Default)]
enum Kind {
    #[default]
    Bug,
    #[serde(alias = "ask")]
    Question(u8),
}

#[flow::contract]
struct Page<T> {
    items: Vec<T>,
}

fn main() {}
