// A step must be a free function.
use flow::prelude::*;

struct Scorer;

impl Scorer {
    #[step]
    async fn score(&self, years: u32) -> Result<u32> {
        Ok(years)
    }
}

fn main() {}
