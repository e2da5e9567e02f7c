//! Places follow from the graph and the indices, never from the order in which steps run.

use std::collections::BTreeSet;

use flow::prelude::*;
use proptest::prelude::{ProptestConfig, proptest};

use crate::support::{only, rest};

/// Delays each step by a time that depends on its place and a seed.
struct Clock(u64);

impl Clock {
    async fn tick(&self) -> Result<()> {
        let place = flow::current()?.place;
        let mixed = place.as_str().bytes().fold(self.0, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
        rest(mixed % 97).await;
        Ok(())
    }
}

#[step]
async fn next(n: u32, #[state] clock: &Clock) -> Result<u32> {
    clock.tick().await?;
    Ok(n + 1)
}

#[step]
async fn split(n: u32, #[state] clock: &Clock) -> Result<Vec<u32>> {
    clock.tick().await?;
    Ok((0..n).collect())
}

#[workflow]
async fn leaf(n: u32, #[state] clock: &Clock) -> Result<u32> {
    let (a, b) = try_join!(next(n, clock), next(n, clock))?;
    Ok(a + b)
}

#[workflow]
async fn tangle(n: u32, #[state] clock: &Clock) -> Result<u32> {
    let items = split(n, clock).await?;
    let (mapped, counted, leafed) = try_join!(
        map(items.clone(), async |item: u32| {
            let once = next(item, clock).await?;
            if once.is_multiple_of(2) { leaf(once).await } else { next(once, clock).await }
        })
        .concurrency(3),
        async {
            let mut total = 0;
            for item in &items {
                total += next(*item, clock).await?;
            }
            Ok(total)
        },
        leaf(n)
    )?;
    Ok(mapped.iter().sum::<u32>() + counted + leafed)
}

/// The result and the places of a run whose delays follow from the seed.
fn run(seed: u64) -> (u32, BTreeSet<String>) {
    let tokio = flow::tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    tokio.block_on(async {
        let (runtime, happened) = Runtime::test().state(Clock(seed)).build().unwrap();
        let result = runtime.run(tangle(7)).await.unwrap();
        let places = only(&happened.lines(), "will step ");
        let distinct: BTreeSet<_> = places.iter().cloned().collect();
        assert_eq!(distinct.len(), places.len(), "no place twice");
        (result, distinct)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn places_do_not_depend_on_timing(seed in 0u64..u64::MAX) {
        assert_eq!(run(seed), run(0));
    }
}
