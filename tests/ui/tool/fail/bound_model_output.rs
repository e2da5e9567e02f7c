// Binding every argument does not replace the approval of an irreversible effect.
use flow::prelude::*;

const SMART: Model = Model::new("openai/gpt-5-mini");

#[step(effect = irreversible)]
async fn pay(order: &str) -> Result<String> { Ok(order.to_owned()) }

/// Refund an order.
#[workflow]
async fn refund(order: String) -> Result<String> { pay(&order).await }

#[step(model = SMART, prompt = "Which order? {{ text }}")]
async fn guess(text: &str) -> Result<String>;

#[step(model = SMART, prompt = "{{ text }}", tools = [refund(order)], max_turns = 3)]
async fn resolve(text: &str, order: &str) -> Result<String>;

#[workflow]
async fn support(text: String) -> Result<String> {
    let order = guess(&text).await?;
    resolve(&text, &order).await
}

fn main() {}
