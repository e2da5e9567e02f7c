// A state is shared between threads and must be `Sync`: reported once, at its type.
// errors: 6
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use flow::prelude::*;

const FAST: Model = Model::new("openai/gpt-5-mini");

pub struct Db;

pub struct Session {
    pub db: Rc<Db>,
}

#[step]
async fn shared(n: u32, #[state] db: &Rc<Db>) -> Result<u32> {
    let _ = db;
    Ok(n)
}

#[step(retry = 2)]
async fn counted(n: u32, #[state] counter: &Cell<u32>) -> Result<u32> {
    counter.set(n);
    Ok(n)
}

#[step]
async fn inside(#[state] session: &Session, n: u32, #[state] other: &Db) -> Result<u32> {
    let _ = (&session.db, other);
    Ok(n)
}

#[step]
async fn hidden(n: u32, #[state] price: &Arc<dyn Fn(u32) -> u32>) -> Result<u32> {
    Ok(price(n))
}

#[step(model = FAST, prompt = "{{ n }}")]
async fn guess(n: u32, #[state] log: &RefCell<Vec<u32>>) -> Result<u32>;

#[step(human, timeout = "3d")]
async fn approve(n: u32, #[state] log: &Rc<Db>) -> Result<Review<u32>>;

fn main() {}
