// States are found by type, and passed on to steps at the position where they take them.
use std::sync::Arc;

use flow::prelude::*;

pub trait Store: Send + Sync {
    fn load(&self, name: &str) -> u32;
}

pub struct Lengths;

impl Store for Lengths {
    fn load(&self, name: &str) -> u32 {
        name.len() as u32
    }
}

pub struct Log;

#[step]
async fn load(#[state] store: &dyn Store, name: &str, #[state] log: &Log) -> Result<u32> {
    let _ = log;
    Ok(store.load(name))
}

#[step(retry = 2)]
async fn reload(name: &str, #[state] store: &Arc<dyn Store>) -> Result<u32> {
    Ok(store.load(name))
}

#[workflow]
async fn inner(name: String, #[state] store: &Arc<dyn Store>, #[state] log: &Log) -> Result<u32> {
    Ok(load(store.as_ref(), &name, log).await? + reload(&name, store).await?)
}

#[workflow]
async fn outer(names: Vec<String>, #[state] store: &Arc<dyn Store>) -> Result<u32> {
    let first = reload(&names[0], store).await?;
    let all = map(names, async |name| inner(name).await).await?;
    Ok(first + all.iter().sum::<u32>())
}

fn main() {
    let tokio = flow::tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let store: Arc<dyn Store> = Arc::new(Lengths);
    let runtime = Runtime::builder().state(store).state(Log).build().unwrap();
    assert_eq!(tokio.block_on(runtime.run(outer(vec!["a".into(), "bc".into()]))).unwrap(), 7);
}
