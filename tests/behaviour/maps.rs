//! One body per item, several at once.

use flow::prelude::*;

use crate::support::{Busy, Crowd, only, rest};

/// The larger the number, the shorter it takes.
#[step]
async fn fetch(number: u32, #[state] crowd: &Crowd) -> Result<u32> {
    let _present = crowd.enter();
    rest(u64::from(1_000 - number * 100)).await;
    Ok(number)
}

#[step]
async fn double(number: u32) -> Result<u32> {
    Ok(number * 2)
}

#[workflow]
async fn doubled(numbers: Vec<u32>, #[state] crowd: &Crowd) -> Result<Vec<u32>> {
    map(numbers, async |number: u32| {
        let fetched = fetch(number, crowd).await?;
        double(fetched).await
    })
    .concurrency(2)
    .bound(4)
    .await
}

#[flow::tokio::test(start_paused = true)]
async fn results_keep_the_order_of_the_items() {
    let crowd = Crowd::default();
    let (runtime, happened) = Runtime::test().state(crowd.clone()).build().unwrap();
    assert_eq!(runtime.run(doubled(vec![1, 5, 2, 4])).await.unwrap(), [2, 10, 4, 8]);
    assert_eq!(crowd.most(), 2);
    assert_eq!(
        only(&happened.lines(), "did step "),
        [
            "map[1]/fetch",
            "map[1]/double",
            "map[0]/fetch",
            "map[0]/double",
            "map[2]/fetch",
            "map[2]/double",
            "map[3]/fetch",
            "map[3]/double",
        ],
        "an item goes on without waiting for the others"
    );
}

#[flow::tokio::test(start_paused = true)]
async fn the_bound_is_checked_before_the_first_item() {
    let (runtime, happened) = Runtime::test().state(Crowd::default()).build().unwrap();
    let error = runtime.run(doubled(vec![0; 5])).await.unwrap_err();
    assert_eq!(error.kind(), &flow::ErrorKind::BoundExceeded { bound: 4 });
    assert_eq!(error.in_run().to_string(), "at `map`: a map over 5 items exceeds its bound of 4; nothing was started");
    assert!(only(&happened.lines(), "will step ").is_empty());
    assert!(runtime.run(doubled(vec![])).await.unwrap().is_empty());
}

#[step]
async fn picky(number: u32, #[state] crowd: &Crowd) -> Result<u32> {
    let _present = crowd.enter();
    rest(u64::from(number)).await;
    if number == 3 { Err(Busy.into()) } else { Ok(number) }
}

#[workflow]
async fn all_or_nothing(numbers: Vec<u32>, #[state] crowd: &Crowd) -> Result<Vec<u32>> {
    map(numbers, async |number: u32| picky(number, crowd).await).await
}

#[workflow]
async fn settled(numbers: Vec<u32>, #[state] crowd: &Crowd) -> Result<Vec<String>> {
    let all = map(numbers, async |number: u32| picky(number, crowd).await).settle().await?;
    let texts =
        all.into_iter().map(|item| item.map_or_else(|error| error.in_run().to_string(), |number| number.to_string()));
    Ok(texts.collect())
}

#[flow::tokio::test(start_paused = true)]
async fn a_failure_drops_what_is_under_way() {
    let crowd = Crowd::default();
    let (runtime, happened) = Runtime::test().state(crowd.clone()).build().unwrap();
    let error = runtime.run(all_or_nothing(vec![1, 2, 3, 4])).await.unwrap_err();
    assert_eq!(error.at().unwrap().place.as_str(), "map[2]/picky");
    assert_eq!((crowd.entered(), crowd.now()), (4, 0));
    assert!(happened.lines().contains(&"did step map[3]/picky: the step was cancelled".to_owned()));
}

#[flow::tokio::test(start_paused = true)]
async fn settle_keeps_each_items_failure() {
    let runtime = Runtime::builder().state(Crowd::default()).build().unwrap();
    let texts = runtime.run(settled(vec![4, 3, 1])).await.unwrap();
    assert_eq!(texts, ["4", "step `picky` at `map[1]/picky`: busy", "1"]);
}

#[workflow]
async fn table(rows: Vec<Vec<u32>>) -> Result<Vec<Vec<u32>>> {
    map(rows, async |row: Vec<u32>| map(row, async |cell: u32| double(cell).await).concurrency(1).await).await
}

#[flow::tokio::test(start_paused = true)]
async fn maps_are_nested_with_an_index_each() {
    let (runtime, happened) = Runtime::test().build().unwrap();
    assert_eq!(runtime.run(table(vec![vec![1, 2], vec![3]])).await.unwrap(), [vec![2, 4], vec![6]]);
    let mut places = only(&happened.lines(), "will step ");
    places.sort();
    assert_eq!(places, ["map[0]/map.2[0]/double", "map[0]/map.2[1]/double", "map[1]/map.2[0]/double"]);
}

#[flow::tokio::test(start_paused = true)]
async fn sixteen_are_under_way_unless_said_otherwise() {
    let crowd = Crowd::default();
    let runtime = Runtime::builder().state(crowd.clone()).build().unwrap();
    runtime.run(all_or_nothing(vec![1; 40])).await.unwrap();
    assert_eq!((crowd.most(), crowd.entered()), (16, 40));
}
