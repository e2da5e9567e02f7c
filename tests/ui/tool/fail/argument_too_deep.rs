// The limits of a provider hold for the arguments of tools, too.
use flow::prelude::*;

const SMART: Model = Model::new("openai/gpt-5");

#[contract]
pub struct L1 {
    part: L2,
}

#[contract]
pub struct L2 {
    part: L3,
}

#[contract]
pub struct L3 {
    part: L4,
}

#[contract]
pub struct L4 {
    part: L5,
}

#[contract]
pub struct L5 {
    part: L6,
}

#[contract]
pub struct L6 {
    part: L7,
}

#[contract]
pub struct L7 {
    part: L8,
}

#[contract]
pub struct L8 {
    part: L9,
}

#[contract]
pub struct L9 {
    part: L10,
}

#[contract]
pub struct L10 {
    part: L11,
}

#[contract]
pub struct L11 {
    part: u32,
}

/// Store a part.
#[step]
async fn store(part: L1) -> Result<u32> { let _ = part; Ok(1) }

#[step(model = SMART, prompt = "{{ text }}", tools = [store], max_turns = 3)]
async fn resolve(text: &str) -> Result<String>;

fn main() {}
