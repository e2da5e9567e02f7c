// A tool or approver whose own attribute has an error causes no further errors.
// errors: 2
use flow::prelude::*;

const SMART: Model = Model::new("openai/gpt-5-mini");

/// Look up an order.
#[step(retry = 0)]
async fn find_order(number: &str) -> Result<String> { Ok(number.to_owned()) }

#[step(human)]
async fn confirm(order: &str) -> Result<Verdict>;

/// Refund an order.
#[step(effect = irreversible, approve = confirm)]
async fn refund(order: &str) -> Result<String> { Ok(order.to_owned()) }

#[step(model = SMART, prompt = "{{ text }}", tools = [find_order, refund], max_turns = 3)]
async fn resolve(text: &str) -> Result<String>;

fn main() {}
