// The traits that `#[contract]` derives must not be derived again.
use flow::contract;

#[contract]
#[derive(Debug, flow::serde::Serialize)]
struct Job {
    id: u64,
}

fn main() {}
