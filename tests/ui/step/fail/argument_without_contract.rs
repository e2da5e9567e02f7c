// What goes into a step has a contract.
use flow::prelude::*;

pub struct Job {
    title: String,
}

#[step]
pub async fn score(job: &Job) -> Result<u32> {
    Ok(job.title.len() as u32)
}

fn main() {}
