// An optional value in a prompt needs a guard.
// says: prompt of step `reply`: `ticket.customer` at 1:9
// says: is optional
// says: `|default(…)`

use flow::prelude::*;

const FAST: Model = Model::new("openai/gpt-5-mini").max_output_tokens(400);
#[contract]
#[derive(Clone)]
pub struct Ticket { pub id: u64, pub body: String, pub customer: Option<String> }
#[step(model = FAST, prompt = "Dear {{ ticket.customer }}, about {{ ticket.body }}")]
async fn reply(ticket: &Ticket) -> Result<String>;
#[workflow]
async fn support(ticket: Ticket) -> Result<String> { reply(&ticket).await }

fn main() {}
