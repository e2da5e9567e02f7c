// A type that does not exist is reported once.
use flow::prelude::*;

#[contract]
pub struct Resume {
    text: String,
}

#[step]
async fn score(resume: &Resumee) -> Result<u32> {
    Ok(1)
}

fn main() {}
