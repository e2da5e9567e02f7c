// A gate must return a verdict.
use flow::prelude::*;

#[gate]
fn small(_years: &u32) {}

fn main() {}
