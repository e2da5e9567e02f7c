// A gate takes the output that it judges.
use flow::prelude::*;

#[gate]
fn small() -> Verdict {
    Verdict::accept()
}

fn main() {}
