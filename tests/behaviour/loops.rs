//! Sequential repetition and its bounds.

use flow::prelude::*;

use crate::support::only;

#[step]
async fn add(total: u32, more: u32) -> Result<u32> {
    Ok(total + more)
}

#[step]
async fn enough(total: u32) -> Result<bool> {
    Ok(total >= 3)
}

#[workflow]
async fn until_enough(more: u32) -> Result<u32> {
    let mut total = 0;
    #[bound(3)]
    while !enough(total).await? {
        total = add(total, more).await?;
    }
    Ok(total)
}

#[flow::tokio::test]
async fn a_turn_has_a_place_of_its_own_and_the_condition_is_asked_once_more() {
    let (runtime, happened) = Runtime::test().build().unwrap();
    assert_eq!(runtime.run(until_enough(2)).await.unwrap(), 4);
    assert_eq!(
        only(&happened.lines(), "will step "),
        ["while[0]/enough", "while[0]/add", "while[1]/enough", "while[1]/add", "while[2]/enough"]
    );
}

#[flow::tokio::test]
async fn past_its_bound_a_loop_fails() {
    let (runtime, happened) = Runtime::test().build().unwrap();
    let error = runtime.run(until_enough(0)).await.unwrap_err();
    assert_eq!(error.kind(), &flow::ErrorKind::BoundExceeded { bound: 3 });
    assert_eq!(error.in_run().to_string(), "at `while`: `while !enough(total)` exceeds its bound of 3 rounds");
    assert_eq!(error.at().unwrap().workflow, "until_enough");
    assert_eq!(only(&happened.lines(), "will step ").len(), 7, "three turns, and the condition four times");
}

#[workflow]
async fn at_most(more: u32) -> Result<u32> {
    let mut total = 0;
    #[bound(3, break)]
    loop {
        total = add(total, more).await?;
        if total > 10 {
            break;
        }
    }
    Ok(total)
}

#[flow::tokio::test]
async fn a_loop_may_be_left_at_its_bound() {
    let (runtime, happened) = Runtime::test().build().unwrap();
    assert_eq!(runtime.run(at_most(1)).await.unwrap(), 3);
    assert_eq!(only(&happened.lines(), "will step "), ["loop[0]/add", "loop[1]/add", "loop[2]/add"]);
}

#[workflow]
async fn each(numbers: Vec<u32>) -> Result<u32> {
    let mut total = 0;
    #[bound(2)]
    for number in &numbers {
        for _ in 0..2 {
            total = add(total, *number).await?;
        }
    }
    Ok(total)
}

#[flow::tokio::test]
async fn loops_are_nested_with_an_index_each() {
    let (runtime, happened) = Runtime::test().build().unwrap();
    assert_eq!(runtime.run(each(vec![1, 10])).await.unwrap(), 22);
    assert_eq!(
        only(&happened.lines(), "will step "),
        ["for[0]/for.2[0]/add", "for[0]/for.2[1]/add", "for[1]/for.2[0]/add", "for[1]/for.2[1]/add"]
    );
    let error = runtime.run(each(vec![1, 2, 3])).await.unwrap_err();
    assert_eq!(error.kind(), &flow::ErrorKind::BoundExceeded { bound: 2 });
    assert_eq!(error.at().unwrap().place.as_str(), "for");
}

#[step]
async fn pop(mut rest: Vec<u32>) -> Result<Option<(u32, Vec<u32>)>> {
    Ok(rest.pop().map(|last| (last, rest)))
}

#[workflow]
async fn drain(numbers: Vec<u32>) -> Result<u32> {
    let (mut rest, mut total) = (numbers, 0);
    #[bound(5)]
    while let Some((last, left)) = pop(rest.clone()).await? {
        rest = left;
        total = add(total, last).await?;
    }
    Ok(total)
}

#[flow::tokio::test]
async fn a_loop_may_go_on_while_a_step_gives_something() {
    let (runtime, happened) = Runtime::test().build().unwrap();
    assert_eq!(runtime.run(drain(vec![1, 2])).await.unwrap(), 3);
    assert_eq!(only(&happened.lines(), "will step ").last().unwrap(), "while[2]/pop");
}
