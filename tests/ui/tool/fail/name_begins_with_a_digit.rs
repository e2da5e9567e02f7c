// The name of a tool begins with a letter or `_`.
use flow::prelude::*;

const SMART: Model = Model::new("openai/gpt-5-mini");

/// Look up an order.
#[step]
async fn find_order(number: &str) -> Result<String> { Ok(number.to_owned()) }

#[step(model = SMART, prompt = "{{ text }}", tools = [find_order.id("2nd_order")], max_turns = 3)]
async fn resolve(text: &str) -> Result<String>;

fn main() {}
