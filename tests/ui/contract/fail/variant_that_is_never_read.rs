// serde reads the first matching variant of an untagged enum, so no variant may hide a later one.
// errors: 12
use std::collections::BTreeMap;

use flow::contract;
use flow::serde_json::Value;

#[contract]
#[serde(untagged)]
enum Contact {
    Mail(String),
    Phone(String),
}

#[contract]
#[serde(untagged)]
enum Number {
    Wide(u64),
    Narrow(u8),
    Rounded(f64),
    Signed(i64),
}

#[contract]
struct Loose {
    #[serde(default)]
    name: String,
    years: Option<u8>,
}

#[contract]
struct Strict {
    id: u32,
}

#[contract]
#[serde(untagged)]
enum Record {
    Loose(Loose),
    Strict(Strict),
}

#[contract]
#[serde(untagged)]
enum Fields {
    One { id: u32 },
    Two { id: u32, name: String },
    Three { name: String },
}

#[contract]
enum Colour {
    Red,
    Green,
}

#[contract]
#[serde(untagged)]
enum Text {
    Any(String),
    Colour(Colour),
    Letter(char),
}

#[contract]
struct Point {
    x: u8,
    y: u8,
}

#[contract]
#[serde(untagged)]
enum Place {
    Point(Point),
    Pair(u8, u8),
}

#[contract]
#[serde(untagged)]
enum Nothing {
    Number(Option<u8>),
    Null,
}

#[contract]
#[serde(untagged)]
enum Anything {
    Value(Value),
    Text(String),
}

#[contract]
#[serde(untagged)]
enum Objects {
    Map(BTreeMap<String, u8>),
    Point(Box<Point>),
}

type Name = String;

#[contract]
#[serde(untagged)]
enum Aliased {
    Text(String),
    Name(Name),
}

fn main() {}
