// Flattened objects with distinct names, and flattened options of objects with a required field.
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
    nothing: Nothing,
    #[serde(flatten)]
    rest: BTreeMap<String, Value>,
}

#[contract]
struct Drawn {
    #[serde(flatten)]
    paid: Paid,
    #[serde(flatten)]
    shape: Shape,
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
    let order = json!({"id": 1, "Cash": null, "note": "x"});
    let read: Order = serde_json::from_value(order.clone()).unwrap();
    assert!(read.person.is_none());
    assert_eq!(read.rest.len(), 1);
    assert_eq!(serde_json::to_value(&read).unwrap(), order);
    let drawn = json!({"Cash": null, "radius": 2.0});
    let read: Drawn = serde_json::from_value(drawn.clone()).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), drawn);
}
