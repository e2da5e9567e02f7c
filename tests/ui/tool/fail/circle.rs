// A model step is not reached from its own tools.
use flow::prelude::*;

const SMART: Model = Model::new("openai/gpt-5-mini");

/// Plan a trip.
#[step(model = SMART, prompt = "{{ text }}", tools = [book], max_turns = 3)]
async fn plan(text: &str) -> Result<String>;

/// Book a trip.
#[workflow]
async fn book(text: String) -> Result<String> { plan(&text).await }

fn main() {}
