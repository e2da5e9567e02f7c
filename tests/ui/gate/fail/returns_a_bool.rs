// A gate that rejects says why, so it returns no bool.
use flow::prelude::*;

#[gate]
fn small(years: &u32) -> bool {
    *years < 60
}

fn main() {}
