// Model steps are not tools of each other; the circle is reported once.
use flow::prelude::*;

const SMART: Model = Model::new("openai/gpt-5-mini");

#[step(effect = irreversible)]
async fn pay(order: &str) -> Result<String> { Ok(order.to_owned()) }

/// Plan a trip.
#[step(model = SMART, prompt = "Plan.", tools = [book(text)], max_turns = 3)]
async fn plan(text: &str) -> Result<String>;

/// Book a trip.
#[step(model = SMART, prompt = "Book.", tools = [plan(text)], max_turns = 3)]
async fn book(text: &str) -> Result<String>;

#[workflow]
async fn travel(text: String) -> Result<String> {
    let trip = plan(&text).await?;
    pay(&text).await?;
    Ok(trip)
}

fn main() {}
