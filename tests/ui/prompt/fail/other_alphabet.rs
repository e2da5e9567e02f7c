// An argument of another alphabet is looked for like any other.
use flow::prelude::*;

const FAST: Model = Model::new("local/fast");

#[step(model = FAST, prompt = "Wie groß ist {{ größte }}?")]
async fn ask(größe: &str) -> Result<String>;

fn main() {}
