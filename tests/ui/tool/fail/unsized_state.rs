// The runtime lends only sized states to a tool.
use flow::prelude::*;

const SMART: Model = Model::new("openai/gpt-5-mini");

pub trait Db: Send + Sync {}

/// Look up an order.
#[step]
async fn find_order(number: &str, #[state] _db: &dyn Db) -> Result<String> { Ok(number.to_owned()) }

#[step(model = SMART, prompt = "{{ text }}", tools = [find_order], max_turns = 3)]
async fn resolve(text: &str) -> Result<String>;

fn main() {}
