// A bound argument that reaches an irreversible effect must be reviewed.
use flow::prelude::*;

const SMART: Model = Model::new("openai/gpt-5-mini");

#[contract]
#[derive(Clone)]
pub struct Customer { pub id: String, pub age: u32 }

#[contract]
#[derive(Clone)]
pub struct Ticket { pub text: String, pub customer: Customer, #[serde(default, skip_serializing_if = "Vec::is_empty")] pub tags: Vec<String> }

/// Look up an order by its number.
#[step]
async fn find_order(number: &str, customer: &Customer) -> Result<String> { Ok(format!("{number} {}", customer.id)) }

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
