// A prompt that declares a variable with the name of an argument does not show the argument.
use flow::prelude::*;

const SMART: Model = Model::new("openai/gpt-5-mini");

#[step(human, timeout = "2d", prompt = "{% set (order, x) = [1, 2] %}Refund {{ order }} {{ x }}?")]
async fn confirm(order: &str) -> Result<Verdict>;

/// Refund an order.
#[step(effect = irreversible, approve = confirm)]
async fn refund(order: &str) -> Result<String> { Ok(order.to_owned()) }

#[step(model = SMART, prompt = "{{ text }}", tools = [refund], max_turns = 3)]
async fn resolve(text: &str) -> Result<String>;

fn main() {}
