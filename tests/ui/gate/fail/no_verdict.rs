// A gate returns a verdict.
use flow::prelude::*;

#[gate]
fn small(_years: &u32) {}

fn main() {}
