// A gate must return a verdict with its reasons, not a bool.
use flow::prelude::*;

#[gate]
fn small(years: &u32) -> bool {
    *years < 60
}

fn main() {}
