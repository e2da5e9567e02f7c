// JSON numbers have at most 64 bits.
// errors: 7
use std::collections::BTreeMap;
use std::num::NonZeroU128;

use flow::prelude::*;

type Id = u128;

#[contract]
struct Job {
    id: u128,
    offset: Option<i128>,
    counts: BTreeMap<String, Vec<NonZeroU128>>,
    by_id: BTreeMap<u128, String>,
    alias: Id,
}

/// Reads a number.
#[step]
async fn wide(number: i128) -> Result<u64> {
    Ok(number as u64)
}

/// Writes two.
#[step]
async fn wider(number: u64) -> Result<(u64, u128)> {
    Ok((number, number.into()))
}

fn main() {}
