// A variant that only the producer has does not fit.
// says: step `route` cannot accept the output of step `triage`
// says: at `.priority`: variant `Urgent` is unknown to the consumer

use flow::prelude::*;

#[contract]
pub enum Priority { Low, High, Urgent }
#[contract]
pub struct Triage { pub priority: Priority }
#[contract]
pub enum Queue { Low, High }
#[contract]
pub struct Routed { pub priority: Queue }

#[step]
async fn triage(body: &str) -> Result<Triage> { Ok(Triage { priority: if body.is_empty() { Priority::Low } else { Priority::Urgent } }) }
#[step]
async fn route(routed: &Routed) -> Result<String> { let _ = &routed.priority; Ok("desk".to_owned()) }

#[workflow]
async fn support(body: String) -> Result<String> {
    let triage = triage(&body).await?;
    route(&triage).await
}

fn main() {}
