// A step without a value says so.
use flow::prelude::*;

#[step]
async fn log(years: u32) {
    let _ = years;
}

fn main() {}
