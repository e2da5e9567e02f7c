// An argument of a workflow must be a contract.
#![allow(unused_variables)]
use flow::prelude::*;

pub struct Job;

#[workflow]
async fn screen(job: Job) -> Result<u32> {
    Ok(1)
}

fn main() {}
