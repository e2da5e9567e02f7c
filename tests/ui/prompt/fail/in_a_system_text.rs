// A system text is checked like a prompt.
use flow::prelude::*;

const FAST: Model = Model::new("local/fast");

#[step(model = FAST, system = "You read {{ langauge }}.", prompt = "{{ text }}")]
async fn read(text: &str) -> Result<String>;

fn main() {}
