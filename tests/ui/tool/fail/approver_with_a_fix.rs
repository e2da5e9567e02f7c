// No step changes the decision of a person about an irreversible effect.
use flow::prelude::*;

const SMART: Model = Model::new("openai/gpt-5-mini");

#[gate]
fn brief(verdict: &Verdict) -> Verdict { let _ = verdict; Verdict::accept() }

#[step]
async fn agree(output: Verdict, rejection: &Rejection) -> Result<Verdict> { let _ = rejection; Ok(output) }

#[step(human, timeout = "2d", prompt = "Refund {{ order }}?", gate = brief, fix = agree)]
async fn confirm(order: &str) -> Result<Verdict>;

/// Refund an order.
#[step(effect = irreversible, approve = confirm)]
async fn refund(order: &str) -> Result<String> { Ok(order.to_owned()) }

#[step(model = SMART, prompt = "{{ text }}", tools = [refund], max_turns = 3)]
async fn resolve(text: &str) -> Result<String>;

fn main() {}
