// Every variant that is written must be read.
#![allow(unused_variables)]
use flow::prelude::*;

#[contract]
pub struct Resume {
    text: String,
}

#[contract]
pub enum Level {
    Junior,
    Senior,
    Lead,
}

#[step]
async fn level(resume: &Resume) -> Result<Level> {
    Ok(Level::Senior)
}

#[contract]
pub enum Known {
    Junior,
    Senior,
}

#[step]
async fn salary(level: Known) -> Result<u32> {
    Ok(1)
}

#[workflow]
async fn screen(resume: Resume) -> Result<u32> {
    let level = level(&resume).await?;
    salary(level).await
}

fn main() {}
