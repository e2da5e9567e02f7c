// The tools of a fallback are checked like all others.
use flow::prelude::*;

const SMART: Model = Model::new("openai/gpt-5-mini");

#[step(effect = irreversible)]
async fn pay(order: &str) -> Result<String> { Ok(order.to_owned()) }

/// Settle an order.
#[workflow]
async fn settle(order: String) -> Result<String> { pay(&order).await }

#[step(model = SMART, prompt = "Solve {{ order }}", tools = [settle(order)], max_turns = 3)]
async fn second(order: &str) -> Result<String>;

#[step(model = SMART, prompt = "{{ order }}", fallback = second)]
async fn first(order: &str) -> Result<String>;

#[workflow]
async fn support(text: String) -> Result<String> {
    let order = first(&text).await?;
    first(&order).await
}

fn main() {}
