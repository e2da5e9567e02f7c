// A tool is a step or a workflow.
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

async fn plain(number: &str) -> Result<String> { Ok(number.to_owned()) }

#[step(model = SMART, prompt = "{{ ticket.text }}", tools = [plain], max_turns = 4)]
async fn resolve(ticket: &Ticket) -> Result<String>;

fn main() {}
