// A contract must be a struct or an enum.
// errors: 2
use flow::contract;

#[contract]
fn job() {}

#[contract]
union Bits {
    a: u8,
    b: i8,
}

fn main() {
    job();
}
