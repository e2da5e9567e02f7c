// A tool has no type parameters.
use flow::prelude::*;

const SMART: Model = Model::new("openai/gpt-5-mini");

/// Look up an order.
#[step]
async fn find_order<T: flow::Contract + Send + Sync + 'static>(number: T) -> Result<String> { let _ = number; Ok(String::new()) }

#[step(model = SMART, prompt = "{{ text }}", tools = [find_order::<u32>], max_turns = 3)]
async fn resolve(text: &str) -> Result<String>;

fn main() {}
