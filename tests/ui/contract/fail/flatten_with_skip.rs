// A flattened type must be written and read completely.
// errors: 2
use flow::contract;

#[contract]
struct Page {
    number: u64,
}

#[contract]
struct Job {
    #[serde(flatten, skip_serializing_if = "is_first")]
    page: Page,
    #[serde(flatten)]
    #[contract(opaque = "more")]
    more: Page,
}

fn is_first(page: &Page) -> bool {
    page.number == 1
}

fn main() {}
