// An argument of a step must be a contract.
use flow::prelude::*;

pub struct Job {
    title: String,
}

#[step]
pub async fn score(job: &Job) -> Result<u32> {
    Ok(job.title.len() as u32)
}

fn main() {}
