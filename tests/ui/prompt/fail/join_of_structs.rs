// What is joined is texts or numbers: a struct would be told in a notation of nobody's.
use flow::prelude::*;

const FAST: Model = Model::new("openai/fast");

#[contract]
pub struct Item {
    name: String,
}

#[step(model = FAST, prompt = "{{ items|join(', ') }}")]
async fn answer(items: Vec<Item>) -> Result<String>;

fn main() {}
