// A bound value comes from an argument of the step.
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

#[step(model = SMART, prompt = "{{ ticket.text }}", tools = [find_order(customer = tickt.customer)], max_turns = 4)]
async fn resolve(ticket: &Ticket) -> Result<String>;

fn main() {}
