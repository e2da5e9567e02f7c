// A generic type is checked where it is used.
// errors: 9
use flow::prelude::*;

#[contract]
#[derive(Clone)]
struct Page<T> {
    items: Vec<T>,
    next: Option<T>,
}

#[contract]
#[derive(Clone)]
#[serde(untagged)]
enum Either<A, B> {
    Left(A),
    Right(B),
}

#[contract]
#[derive(Clone)]
#[serde(tag = "type")]
enum Tagged<T> {
    One(T),
    Two,
}

#[contract]
#[derive(Clone)]
struct Flat<T> {
    id: u32,
    #[serde(flatten)]
    inner: T,
}

#[contract]
struct Endless<T> {
    value: T,
    next: Box<Endless<T>>,
}

#[contract]
#[derive(Clone)]
struct Named {
    id: u32,
}

#[contract]
struct Holder {
    page: Page<Option<u8>>,
    fine: Page<u8>,
    either: Either<String, String>,
    endless: Endless<u8>,
}

#[contract]
#[serde(untagged)]
enum Outer {
    Tagged(Vec<Tagged<String>>),
}

/// Reads.
#[step]
async fn read(flat: &Flat<Named>, either: Either<u64, u32>) -> Result<u32> {
    let _ = either;
    Ok(flat.inner.id)
}

/// Writes.
#[step]
async fn write(id: u32) -> Result<Vec<Page<()>>> {
    let _ = id;
    Ok(Vec::new())
}

/// Passes on.
#[workflow]
async fn whole(page: Option<Option<u32>>) -> Result<Option<()>> {
    let _ = page;
    Ok(None)
}

fn main() {}
