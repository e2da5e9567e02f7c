// A tuple field cannot be skipped.
// errors: 2
use flow::contract;

#[contract]
struct Pair(u64, #[serde(default)] u64);

#[contract]
struct Wrapper(#[serde(skip)] u64);

fn main() {}
