// States do not hide an irreversible effect inside a workflow that is a tool.
use flow::prelude::*;

const SMART: Model = Model::new("openai/gpt-5-mini");

pub struct Db;

#[step(effect = irreversible)]
async fn pay(order: &str) -> Result<String> { Ok(order.to_owned()) }

/// Settle an order.
#[workflow]
async fn settle(#[state] _db: &Db, order: String) -> Result<String> { pay(&order).await }

#[step(model = SMART, prompt = "{{ text }}", tools = [settle], max_turns = 3)]
async fn resolve(text: &str) -> Result<String>;

fn main() {}
