// Independent mistakes are all reported at once.
// errors: 3
use flow::prelude::*;

#[step(timeout = "30", colour = "red")]
async fn score((years, months): (u32, u32)) -> Result<u32> {
    Ok(years + months)
}

fn main() {}
