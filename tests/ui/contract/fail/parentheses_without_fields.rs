// A variant without fields must be written without parentheses.
// errors: 2
use flow::contract;

#[contract]
enum Answer {
    Yes(),
    No,
}

#[contract]
enum Question {
    Text(String),
    #[serde(rename = "none")]
    Nothing(),
}

fn main() {}
