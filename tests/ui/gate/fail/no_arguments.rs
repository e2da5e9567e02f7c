// A gate must take the output it judges.
use flow::prelude::*;

#[gate]
fn small() -> Verdict {
    Verdict::accept()
}

fn main() {}
