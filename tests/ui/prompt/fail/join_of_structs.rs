// Only texts and numbers can be joined: a struct has no useful text form.
use flow::prelude::*;

const FAST: Model = Model::new("openai/fast");

#[contract]
pub struct Item {
    name: String,
}

#[step(model = FAST, prompt = "{{ items|join(', ') }}")]
async fn answer(items: Vec<Item>) -> Result<String>;

fn main() {}
