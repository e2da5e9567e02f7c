// A gate must take the output by reference.
#![allow(unused_variables)]
use flow::prelude::*;

#[gate]
fn small(years: u32) -> Verdict {
    Verdict::accept()
}

fn main() {}
