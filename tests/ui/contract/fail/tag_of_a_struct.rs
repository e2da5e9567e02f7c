// Tags distinguish variants, so a struct cannot have one.
// errors: 2
use flow::contract;

#[contract]
#[serde(tag = "type")]
struct Job {
    title: String,
}

#[contract]
#[serde(tag = "type", deny_unknown_fields)]
struct Closed {
    title: String,
}

fn main() {}
