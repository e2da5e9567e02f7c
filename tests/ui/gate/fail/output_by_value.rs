// A gate only looks at the output.
use flow::prelude::*;

#[gate]
fn small(years: u32) -> Verdict {
    Verdict::accept()
}

fn main() {}
