// Flattened objects with names of their own, and options of objects that need a field.
use std::collections::BTreeMap;

use flow::contract;
use flow::serde_json::{self, Value, json};

#[contract]
struct Person {
    name: String,
    years: Option<u32>,
}

#[contract]
struct Wrapped(Person);

#[contract]
enum Paid {
    Cash,
    Card(String),
}

#[contract]
#[serde(untagged)]
enum Shape {
    Circle { radius: f64 },
    Square { side: f64 },
}

#[contract]
struct Nothing;

#[contract]
struct Order {
    id: u32,
    #[serde(flatten)]
    person: Option<Person>,
    #[serde(flatten)]
    paid: Paid,
    #[serde(flatten)]
    shape: Shape,
    #[serde(flatten)]
    nothing: Nothing,
    #[serde(flatten)]
    rest: BTreeMap<String, Value>,
}

#[contract]
struct Boxed {
    #[serde(flatten)]
    person: Box<Wrapped>,
    #[serde(flatten)]
    rest: Value,
}

fn main() {
    let boxed = json!({"name": "Ada", "years": null, "more": [1]});
    let read: Boxed = serde_json::from_value(boxed).unwrap();
    assert_eq!(read.person.0.name, "Ada");
    let order = json!({"id": 1, "Cash": null, "radius": 2.0});
    let read: Order = serde_json::from_value(order).unwrap();
    assert!(read.person.is_none());
}
