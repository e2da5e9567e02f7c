// The content of an internally tagged variant must be an object.
// errors: 10
use flow::contract;

#[contract]
#[serde(tag = "type")]
enum Msg {
    Text(String),
    Number(u32),
    List(Vec<u8>),
    Fine { text: String },
}

#[contract]
struct Body {
    text: String,
}

#[contract]
struct Wrapped(Box<str>);

type Alias = (u8, u8);

#[contract]
#[serde(tag = "type")]
enum Others {
    Wrapped(Wrapped),
    Optional(Option<Body>),
    Alias(Alias),
}

#[contract]
#[serde(untagged)]
enum Either {
    Body(Body),
    Code(u16),
}

#[contract]
#[serde(tag = "type")]
enum Half {
    Either(Either),
}

#[contract]
enum Colour {
    Red,
    Green,
}

#[contract]
#[serde(untagged)]
enum Perhaps {
    Body(Body),
    Nothing,
}

#[contract]
#[serde(tag = "type")]
enum Enums {
    Colour(Colour),
    Perhaps(Perhaps),
}

#[contract]
struct Nothing;

#[contract]
struct OfNothing(Nothing);

#[contract]
#[serde(tag = "type")]
enum Nothings {
    Nothing(Nothing),
    Unit(()),
    OfNothing(OfNothing),
}

fn main() {}
