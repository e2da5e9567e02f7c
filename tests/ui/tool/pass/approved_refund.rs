// An approved effect may be a tool, and may receive what a model has written.
use flow::prelude::*;

const SMART: Model = Model::new("openai/gpt-5-mini");

#[step(human, timeout = "2d", prompt = "Refund {{ cents }} for {{ order }}?")]
async fn confirm(order: &str, cents: u32) -> Result<Verdict>;

/// Refund an order.
#[step(effect = irreversible, approve = confirm)]
async fn refund(order: &str, cents: u32) -> Result<String> { Ok(format!("{order} {cents}")) }

#[step(human, timeout = "1d")]
async fn look(order: &str) -> Result<Verdict>;

/// Ship an order.
#[step(approve = look, retry = 2)]
async fn ship(order: &str, parcels: u32) -> Result<u32> { Ok(order.len() as u32 + parcels) }

#[contract]
pub struct Note { pub text: String, #[serde(default, skip_serializing_if = "Option::is_none")] pub by: Option<String> }

#[step(human, timeout = "2d", prompt = "{% for part in notes %}{% set other = part.text %}{{ other }}{% endfor %}{{ notes }} {{ other|default('none') }}")]
async fn read(notes: Vec<Note>, other: Option<String>) -> Result<Verdict>;

/// Publish notes. A missing value is shown by its default.
#[step(effect = irreversible, approve = read)]
async fn publish(notes: Vec<Note>, other: Option<String>) -> Result<u32> { let _ = other; Ok(notes.len() as u32) }

#[step(model = SMART, prompt = "{{ text }}", tools = [refund, ship, publish], max_turns = 3)]
async fn chat(text: &str) -> Result<String>;

#[workflow(strict)]
async fn support(text: String) -> Result<String> {
    let order = chat(&text).await?;
    refund(&order, 5).await
}

fn main() {}
