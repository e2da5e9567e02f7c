// Arguments in other alphabets are resolved like any other.
use flow::prelude::*;

const FAST: Model = Model::new("local/fast");

#[step(model = FAST, prompt = "Wie groß ist {{ größte }}?")]
async fn ask(größe: &str) -> Result<String>;

fn main() {}
