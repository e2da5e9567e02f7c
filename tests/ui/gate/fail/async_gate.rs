// A gate judges at once.
use flow::prelude::*;

#[gate]
async fn small(years: &u32) -> Verdict {
    Verdict::accept()
}

fn main() {}
