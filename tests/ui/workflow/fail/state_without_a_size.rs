// A runtime finds a state by its type, which must be sized.
// errors: 3
use flow::prelude::*;

pub trait Store: Send + Sync {
    fn load(&self) -> u32;
}

#[step]
async fn load(name: &str, #[state] store: &dyn Store) -> Result<u32> {
    Ok(name.len() as u32 + store.load())
}

#[workflow]
async fn screen(name: String, #[state] store: &dyn Store) -> Result<u32> {
    load(&name, store).await
}

#[step]
async fn join(name: &str, #[state] prefix: &str, #[state] numbers: &[u32]) -> Result<u32> {
    Ok((name.len() + prefix.len() + numbers.len()) as u32)
}

#[workflow]
async fn join_all(name: String, #[state] prefix: &str, #[state] numbers: &[u32]) -> Result<u32> {
    join(&name, prefix, numbers).await
}

fn main() {}
