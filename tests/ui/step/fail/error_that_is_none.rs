// A step's error type must convert into a boxed error.
#![allow(unused_variables)]
use flow::prelude::*;

pub struct Broken;

#[step]
async fn score(years: u32) -> Result<u32, Broken> {
    Err(Broken)
}

fn main() {}
