// A gate has no options.
use flow::prelude::*;

#[gate(strict)]
fn small(_years: &u32) -> Verdict {
    Verdict::accept()
}

fn main() {}
