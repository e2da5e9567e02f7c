// A gate must not be async.
use flow::prelude::*;

#[gate]
async fn small(_years: &u32) -> Verdict {
    Verdict::accept()
}

fn main() {}
