// The type of every field must be a contract.
use flow::contract;

#[contract]
struct Job {
    id: u64,
    hours: std::ops::Range<u8>,
}

fn main() {}
