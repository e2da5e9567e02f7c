// A gate runs before the output is accepted, so it must not have an effect.
use flow::prelude::*;

#[step(effect = irreversible)]
async fn publish(text: &str) -> Result<Verdict> { Ok(Verdict::ensure(!text.is_empty(), "nothing is said")) }

#[step(gate = publish)]
async fn clean(text: &str) -> Result<String> { Ok(text.to_owned()) }

fn main() {}
