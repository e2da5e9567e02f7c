// An optional value does not fit a required one.
// says: step `greet` cannot accept the output of step `fetch`
// says: at `.customer`: expected string, found string or null
// says: change one of the types, or convert the value

use flow::prelude::*;

#[contract]
#[derive(Clone)]
pub struct Ticket { pub id: u64, pub body: String, pub customer: Option<String> }
#[step]
async fn fetch(id: u64) -> Result<Ticket> { Ok(Ticket { id, body: String::new(), customer: None }) }
#[step]
async fn greet(customer: &Customer) -> Result<String> { Ok(customer.customer.clone()) }
#[contract]
pub struct Customer { pub customer: String }

#[workflow]
async fn answer(id: u64) -> Result<String> {
    let ticket = fetch(id).await?;
    greet(&ticket).await
}

fn main() {}
