// An irreversible effect below the tools of a tool is reported once, at the list that leads to it.
use flow::prelude::*;

const SMART: Model = Model::new("openai/gpt-5-mini");

#[step(effect = irreversible)]
async fn pay(order: &str) -> Result<String> { Ok(order.to_owned()) }

/// Settle an order.
#[workflow]
async fn settle(order: String) -> Result<String> { pay(&order).await }

/// Solve a problem with an order.
#[step(model = SMART, prompt = "Solve it.", tools = [settle(order)], max_turns = 3)]
async fn inner(order: &str) -> Result<String>;

#[step(model = SMART, prompt = "{{ text }}", tools = [inner], max_turns = 3)]
async fn outer(text: &str) -> Result<String>;

#[workflow]
async fn support(text: String) -> Result<String> {
    let text = outer(&text).await?;
    inner(&text).await
}

fn main() {}
