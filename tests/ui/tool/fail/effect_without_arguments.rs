// A model decides whether a tool runs, so an irreversible effect needs approval even if no argument reaches it.
use flow::prelude::*;

const SMART: Model = Model::new("openai/gpt-5-mini");

#[step(effect = irreversible)]
async fn wipe_all() -> Result<u32> { Ok(1) }

/// Wipe the disk.
#[workflow]
async fn wipe() -> Result<u32> { wipe_all().await }

#[step(model = SMART, prompt = "{{ text }}", tools = [wipe], max_turns = 3)]
async fn resolve(text: &str) -> Result<String>;

fn main() {}
