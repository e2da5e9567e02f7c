// A step's error converts into a boxed error.
#![allow(unused_variables)]
use flow::prelude::*;

pub struct Broken;

#[step]
async fn score(years: u32) -> Result<u32, Broken> {
    Err(Broken)
}

fn main() {}
