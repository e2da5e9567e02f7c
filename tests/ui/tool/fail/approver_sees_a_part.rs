// A person sees the whole of every argument of an irreversible effect.
use flow::prelude::*;

const SMART: Model = Model::new("openai/gpt-5-mini");

#[contract]
pub struct Order { pub id: String, pub cents: u32, pub iban: String }

#[contract]
pub struct Brief { pub id: String }

#[step(human, timeout = "2d", prompt = "Refund {{ order }}?")]
async fn confirm(order: Brief) -> Result<Verdict>;

/// Refund an order.
#[step(effect = irreversible, approve = confirm)]
async fn refund(order: Order) -> Result<String> { Ok(order.id) }

#[step(model = SMART, prompt = "{{ text }}", tools = [refund], max_turns = 3)]
async fn resolve(text: &str) -> Result<String>;

fn main() {}
