// A type with parameters is no result because it has some.
// errors: 3
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

fn page(count: u32) -> Paged<u32> {
    Paged { items: vec![count] }
}

#[step]
async fn one_page(count: u32) -> Paged<u32> {
    page(count)
}

#[step(model = FAST, prompt = "{{ text }}")]
async fn guess(text: &str) -> Paged<u32>;

fn main() {}
