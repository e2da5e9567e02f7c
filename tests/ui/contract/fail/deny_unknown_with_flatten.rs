// `deny_unknown_fields` and `flatten` exclude each other.
use flow::contract;

#[contract]
struct Page {
    number: u64,
}

#[contract]
#[serde(deny_unknown_fields)]
struct Job {
    id: u64,
    #[serde(flatten)]
    page: Page,
}

fn main() {}
