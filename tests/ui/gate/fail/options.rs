// A gate has no options.
use flow::prelude::*;

#[gate(strict)]
fn small(years: &u32) -> Verdict {
    Verdict::accept()
}

fn main() {}
