// A prompt names a field that does not exist.
// says: prompt of step `reply`: `ticket.boddy` at 3:4
// says: `Ticket` has no field `boddy`; did you mean `body`?

use flow::prelude::*;

const FAST: Model = Model::new("openai/gpt-5-mini").max_output_tokens(400);
#[contract]
#[derive(Clone)]
pub struct Ticket { pub id: u64, pub body: String, pub customer: Option<String> }
#[step(model = FAST, prompt = "Answer the ticket.\n\n{{ ticket.boddy }}")]
async fn reply(ticket: &Ticket) -> Result<String>;
#[workflow]
async fn support(ticket: Ticket) -> Result<String> { reply(&ticket).await }

fn main() {}
