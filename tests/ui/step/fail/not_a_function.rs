// Only functions can be steps.
use flow::prelude::*;

#[step]
struct Score {
    points: u32,
}

fn main() {}
