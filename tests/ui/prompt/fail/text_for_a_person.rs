// A text for a person is checked like a prompt.
use flow::prelude::*;

#[contract]
pub struct Score {
    points: u32,
}

#[step(human, timeout = "3d", prompt = "Is {{ score.point }} fair?")]
async fn approve(score: &Score) -> Result<Review<u32>>;

fn main() {}
