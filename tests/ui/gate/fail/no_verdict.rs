// A gate returns a verdict.
use flow::prelude::*;

#[gate]
fn small(years: &u32) {}

fn main() {}
