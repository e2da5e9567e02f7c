// Flattened fields need unique names.
// errors: 8
use flow::contract;

#[contract]
struct Person {
    name: String,
    #[serde(alias = "age")]
    years: u32,
}

#[contract]
struct SameField {
    name: String,
    #[serde(flatten)]
    person: Person,
}

#[contract]
struct Alias {
    age: u32,
    #[serde(flatten)]
    person: Person,
}

#[contract]
struct Second {
    #[serde(flatten)]
    buyer: Person,
    #[serde(flatten)]
    seller: Person,
}

#[contract]
struct Deep {
    #[serde(flatten)]
    boxed: Box<Wrapped>,
    years: u8,
}

#[contract]
struct Wrapped {
    id: u32,
    #[serde(flatten)]
    person: Option<Person>,
}

#[contract]
#[serde(tag = "type")]
enum Action {
    Move { to: String },
    Stop,
}

#[contract]
struct TakesTheTag {
    r#type: String,
    #[serde(flatten)]
    action: Action,
}

#[contract]
struct TakesAField {
    to: String,
    #[serde(flatten)]
    action: Action,
}

#[contract]
#[serde(tag = "t", content = "c")]
enum Adjacent {
    One(u8),
    Two,
}

#[contract]
struct TakesTheContent {
    c: u8,
    #[serde(flatten)]
    adjacent: Adjacent,
}

#[contract]
enum External {
    Card(String),
    Cash,
}

#[contract]
struct TakesAVariant {
    #[serde(rename = "Cash")]
    cash: u32,
    #[serde(flatten)]
    paid: External,
}

fn main() {}
