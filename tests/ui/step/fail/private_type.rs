// A public step shows public types.
#![deny(private_interfaces)]
use flow::prelude::*;

pub mod steps {
    use flow::prelude::*;

    #[contract]
    struct Score {
        points: u32,
    }

    #[step]
    pub async fn score(years: u32) -> Result<Score> {
        Ok(Score { points: years })
    }
}

fn main() {}
