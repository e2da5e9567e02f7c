// A gate of a tool does not lead back to the step either.
use flow::prelude::*;

const SMART: Model = Model::new("openai/gpt-5-mini");

#[step(model = SMART, prompt = "Is {{ text }} polite?", tools = [book], max_turns = 3)]
async fn polite(text: &str) -> Result<Verdict>;

/// Book a trip.
#[step(gate = polite)]
async fn book(place: &str) -> Result<String> { Ok(place.to_owned()) }

fn main() {}
