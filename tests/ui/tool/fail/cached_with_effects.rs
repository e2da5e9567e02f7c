// A step with `cache` has only tools that compute; one that does more is reported.
use flow::prelude::*;

const SMART: Model = Model::new("openai/gpt-5-mini");

/// Look up an order.
#[step]
async fn find_order(number: &str) -> Result<String> { Ok(number.to_owned()) }

/// Ask the customer.
#[step(human, timeout = "1d")]
async fn ask_customer(question: &str) -> Result<String>;

/// Send a mail.
#[step(effect = idempotent)]
async fn send(text: &str) -> Result<u32> { Ok(text.len() as u32) }

#[step(model = SMART, prompt = "{{ text }}", cache, tools = [find_order, ask_customer, send], max_turns = 3)]
async fn resolve(text: &str) -> Result<String>;

fn main() {}
