// A step is neither its own tool, nor its gate, nor its approver.
// errors: 4
use flow::prelude::*;

const SMART: Model = Model::new("openai/gpt-5-mini");

#[step(model = SMART, prompt = "{{ text }}", gate = polite)]
async fn polite(text: &str) -> Result<Verdict>;

#[step(effect = irreversible, approve = refund)]
async fn refund(order: &str) -> Result<Verdict> { Ok(Verdict::accept()) }

/// Plan a trip.
#[step(model = SMART, prompt = "{{ text }}", tools = [plan], max_turns = 3)]
async fn plan(text: &str) -> Result<String>;

/// Book a trip.
#[step(model = SMART, prompt = "{{ text }}", tools = [self::book], max_turns = 3)]
async fn book(text: &str) -> Result<String>;

fn main() {}
