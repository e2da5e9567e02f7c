// An argument without a contract is reported at the step, and not at the list of tools as well.
use flow::prelude::*;

const SMART: Model = Model::new("openai/gpt-5-mini");

#[derive(Clone)]
pub struct Order;

/// Look up an order.
#[step]
async fn find_order(order: &Order) -> Result<String> { let _ = order; Ok(String::new()) }

#[step(model = SMART, prompt = "{{ text }}", tools = [find_order], max_turns = 3)]
async fn resolve(text: &str) -> Result<String>;

fn main() {}
