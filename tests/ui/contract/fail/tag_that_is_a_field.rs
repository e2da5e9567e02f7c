// The tag of an enum must not be a field of its variants.
// errors: 4
use flow::contract;

#[contract]
struct Note {
    kind: String,
    text: String,
}

#[contract]
#[serde(tag = "kind")]
enum Entry {
    Note(Note),
    Empty,
}

#[contract]
struct Outer {
    #[serde(flatten)]
    note: Box<Note>,
    id: u32,
}

#[contract]
#[serde(tag = "kind")]
enum Flattened {
    Outer(Outer),
}

#[contract]
#[serde(tag = "kind")]
enum Fields {
    Note {
        #[serde(flatten)]
        note: Note,
    },
}

#[contract]
#[serde(tag = "kind")]
enum Nested {
    Entry(Plain),
}

#[contract]
#[serde(tag = "kind")]
enum Plain {
    One { one: u8 },
}

fn main() {}
