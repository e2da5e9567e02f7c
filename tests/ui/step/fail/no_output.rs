// A step without a value must return `Result<()>` explicitly.
use flow::prelude::*;

#[step]
async fn log(years: u32) {
    let _ = years;
}

fn main() {}
