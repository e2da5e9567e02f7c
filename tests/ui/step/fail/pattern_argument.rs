// An argument must be a plain name.
use flow::prelude::*;

#[step]
async fn score((years, months): (u32, u32)) -> Result<u32> {
    Ok(years + months)
}

fn main() {}
