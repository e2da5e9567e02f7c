// `#[contract]` on a type takes no options.
use flow::contract;

#[contract(strict)]
struct Job {
    id: u64,
}

fn main() {}
