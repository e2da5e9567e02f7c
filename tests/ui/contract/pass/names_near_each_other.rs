// Similar names that never meet in the same object.
use std::collections::BTreeMap;

use flow::contract;
use flow::serde_json::{self, Value, json};

#[contract]
struct Person {
    #[serde(rename(serialize = "fullName", deserialize = "name"), alias = "fullName")]
    name: String,
    #[serde(alias = "age")]
    years: u32,
}

#[contract]
struct Place {
    city: String,
}

/// One name in each direction.
#[contract]
struct Migrated {
    #[serde(skip_serializing, rename = "total")]
    given: Option<u32>,
    #[serde(skip_deserializing)]
    total: u32,
}

#[contract]
struct Both {
    id: u32,
    #[serde(flatten)]
    person: Person,
    #[serde(flatten)]
    place: Option<Place>,
    #[serde(flatten)]
    rest: BTreeMap<String, Value>,
}

/// Fields of different variants never meet.
#[contract]
#[serde(tag = "kind")]
enum Event {
    Sent { name: String },
    Person(Person),
    Seen { name: String, sent: u8 },
}

#[contract]
struct Flat {
    id: u32,
    kind_of: String,
    #[serde(flatten)]
    event: Event,
}

/// Without a tag, names are not on the wire.
#[contract]
#[serde(untagged)]
enum Untagged {
    #[serde(rename = "x")]
    Number(u32),
    #[serde(rename = "x")]
    Text(String),
}

/// What is written is another type.
#[contract]
#[derive(Clone)]
#[serde(from = "Place", into = "Place")]
struct Converted {
    a: String,
    #[serde(rename = "a")]
    b: String,
}

impl From<Place> for Converted {
    fn from(place: Place) -> Self {
        Self { a: place.city.clone(), b: place.city }
    }
}

impl From<Converted> for Place {
    fn from(value: Converted) -> Self {
        Self { city: value.a + &value.b }
    }
}

fn main() {
    let flat = json!({"id": 1, "kind_of": "x", "kind": "Person", "fullName": "Ada", "years": 36});
    let read: Flat = serde_json::from_value(flat.clone()).unwrap();
    assert_eq!(serde_json::to_value(read).unwrap(), flat);
    let both = json!({"id": 1, "fullName": "Ada", "years": 36, "city": "London", "more": true});
    let read: Both = serde_json::from_value(both.clone()).unwrap();
    assert_eq!(serde_json::to_value(read).unwrap(), both);
}
