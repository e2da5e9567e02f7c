// A generic type is not a result just because it has parameters.
// errors: 2
use flow::prelude::*;

const FAST: Model = Model::new("openai/gpt-5-mini");

#[contract]
pub struct Paged<T> {
    pub items: Vec<T>,
}

#[step]
async fn measure(text: &str) -> Paged<u32> {
    let length = text.parse::<u32>()?;
    Paged { items: vec![length] }
}

#[step(model = FAST, prompt = "{{ text }}")]
async fn guess(text: &str) -> Paged<u32>;

fn main() {}
