//! Steps allocate and serialise nothing while nothing records the run.
//!
//! The allocator counts per thread. Each case compares a workflow of many steps with one of few, so that the fixed cost of a
//! run cancels out.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::future::Future;

use flow::prelude::*;
use flow::serde::{Deserialize, Deserializer, Serialize, Serializer};
use flow::tokio;

struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

// SAFETY: every call is forwarded unchanged to the system allocator.
#[allow(unsafe_code)]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.with(|count| count.set(count.get() + 1));
        // SAFETY: the caller upholds the contract of `alloc`, which is the same here.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller upholds the contract of `dealloc`, which is the same here.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// A value that panics when it is serialised or deserialised.
#[derive(Clone, Debug, PartialEq)]
pub struct Unwritable(u64);

impl Serialize for Unwritable {
    fn serialize<S: Serializer>(&self, _: S) -> std::result::Result<S::Ok, S::Error> {
        panic!("nothing is recorded, so nothing must be serialised")
    }
}

impl<'de> Deserialize<'de> for Unwritable {
    fn deserialize<D: Deserializer<'de>>(_: D) -> std::result::Result<Self, D::Error> {
        panic!("nothing is recorded, so nothing must be read back")
    }
}

impl flow::schemars::JsonSchema for Unwritable {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Unwritable".into()
    }

    fn json_schema(generator: &mut flow::schemars::SchemaGenerator) -> flow::schemars::Schema {
        u64::json_schema(generator)
    }
}

impl Contract for Unwritable {
    const SHAPE: &'static flow::contract::Shape = u64::SHAPE;
}

#[step]
async fn by_value(value: Unwritable) -> Result<Unwritable> {
    Ok(Unwritable(value.0 + 1))
}

#[step]
async fn by_reference(value: &Unwritable) -> Result<Unwritable> {
    Ok(Unwritable(value.0 + 1))
}

#[workflow]
async fn one(value: Unwritable) -> Result<Unwritable> {
    let value = by_value(value).await?;
    by_reference(&value).await
}

#[workflow]
async fn five(value: Unwritable) -> Result<Unwritable> {
    let value = by_value(value).await?;
    let value = by_reference(&value).await?;
    let value = by_value(value).await?;
    let value = by_reference(&value).await?;
    let value = by_value(value).await?;
    let value = by_reference(&value).await?;
    let value = by_value(value).await?;
    let value = by_reference(&value).await?;
    let value = by_value(value).await?;
    by_reference(&value).await
}

#[workflow]
async fn turns(value: Unwritable, times: u32) -> Result<Unwritable> {
    let mut value = value;
    #[bound(1000)]
    for _ in 0..times {
        value = by_value(value).await?;
    }
    Ok(value)
}

#[workflow]
async fn mapped_once(values: Vec<Unwritable>) -> Result<Vec<Unwritable>> {
    map(values, async |value: Unwritable| by_value(value).await).await
}

#[workflow]
async fn mapped_thrice(values: Vec<Unwritable>) -> Result<Vec<Unwritable>> {
    map(values, async |value: Unwritable| {
        let value = by_value(value).await?;
        let value = by_reference(&value).await?;
        by_value(value).await
    })
    .await
}

#[workflow]
async fn joined_once(value: Unwritable) -> Result<Unwritable> {
    let (a, b) = join!(by_reference(&value), by_reference(&value));
    Ok(Unwritable(a?.0 + b?.0))
}

#[workflow]
async fn joined_thrice(value: Unwritable) -> Result<Unwritable> {
    let (a, b) = join!(by_reference(&value), by_reference(&value));
    let (c, d) = try_join!(by_value(a?), by_value(b?))?;
    let (e, f) = try_join!(
        async {
            let value = by_value(c).await?;
            by_value(value).await
        },
        by_value(d)
    )?;
    Ok(Unwritable(e.0 + f.0))
}

fn count<F: Future>(run: F) -> (u64, F::Output) {
    let executor = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    executor.block_on(async {
        let before = ALLOCATIONS.with(Cell::get);
        let output = run.await;
        (ALLOCATIONS.with(Cell::get) - before, output)
    })
}

#[test]
fn a_same_type_edge_and_a_plain_step_allocate_nothing() -> Result<()> {
    let runtime = Runtime::builder().build()?;
    // Warm up: a runtime checks a workflow's requirements on its first run.
    let _ = (count(runtime.run(one(Unwritable(0)))), count(runtime.run(five(Unwritable(0)))));
    let (few, output) = count(runtime.run(one(Unwritable(0))));
    assert_eq!(output?, Unwritable(2));
    let (many, output) = count(runtime.run(five(Unwritable(0))));
    assert_eq!(output?, Unwritable(10));
    assert_eq!(many, few, "eight more steps cost {} allocations", many.abs_diff(few));
    Ok(())
}

#[test]
fn a_turn_of_a_loop_allocates_nothing() -> Result<()> {
    let runtime = Runtime::builder().build()?;
    let _ = count(runtime.run(turns(Unwritable(0), 1)));
    let (few, _) = count(runtime.run(turns(Unwritable(0), 1)));
    let (many, output) = count(runtime.run(turns(Unwritable(0), 1000)));
    assert_eq!(output?, Unwritable(1000));
    assert_eq!(many, few);
    Ok(())
}

#[test]
fn a_step_of_a_map_allocates_nothing() -> Result<()> {
    let runtime = Runtime::builder().build()?;
    let values = || (0..8).map(Unwritable).collect::<Vec<_>>();
    let _ = (count(runtime.run(mapped_once(values()))), count(runtime.run(mapped_thrice(values()))));
    let (few, _) = count(runtime.run(mapped_once(values())));
    let (many, output) = count(runtime.run(mapped_thrice(values())));
    assert_eq!(output?[7], Unwritable(10));
    assert_eq!(many, few, "two more steps for each of eight items");
    Ok(())
}

#[test]
fn a_branch_of_a_join_allocates_nothing() -> Result<()> {
    let runtime = Runtime::builder().build()?;
    let _ = (count(runtime.run(one(Unwritable(0)))), count(runtime.run(joined_once(Unwritable(0)))));
    let _ = count(runtime.run(joined_thrice(Unwritable(0))));
    let (sequence, _) = count(runtime.run(one(Unwritable(0))));
    let (few, _) = count(runtime.run(joined_once(Unwritable(0))));
    let (many, output) = count(runtime.run(joined_thrice(Unwritable(0))));
    assert_eq!(output?, Unwritable(7));
    assert_eq!((few, many), (sequence, sequence));
    Ok(())
}
