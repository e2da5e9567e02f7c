// Steps of every kind and workflows are tools; arguments are bound by name and by path.
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

/// Ask the customer.
#[step(human, timeout = "1d")]
async fn ask_customer(
    /// One short question.
    question: &str,
) -> Result<String>;

/// Wait for a payment.
#[step(signal, timeout = "1d")]
async fn paid(order: &str) -> Result<u32>;

/// Translate a text.
#[step(model = SMART, prompt = "Translate {{ text }}")]
async fn translate(text: &str) -> Result<String>;

/// Greet twice.
#[workflow]
async fn greet(name: String) -> Result<String> { translate(&name).await }

pub struct Db;

/// Count the words.
#[step]
async fn count(words: &[String], limit: Option<u32>, #[state] _db: &Db) -> Result<usize> { Ok(words.len().min(limit.unwrap_or(9) as usize)) }

/// Refund an order.
#[step(effect = irreversible, unreviewed)]
async fn refund(order: &str) -> Result<String> { Ok(order.to_owned()) }

#[step(
    model = SMART,
    prompt = "{{ ticket.text }}",
    tools = [find_order(customer), ask_customer, paid, translate, greet, count, refund, find_order(customer = ticket.customer).id("find_again")],
    max_turns = 4,
    max_tool_calls = 9,
    on_tool_error = fail
)]
async fn resolve(ticket: &Ticket, customer: &Customer) -> Result<String>;

#[workflow(strict)]
async fn support(ticket: Ticket, customer: Customer) -> Result<String> { resolve(&ticket, &customer).await }

fn main() {}
