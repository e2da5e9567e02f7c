// All mistakes in a prompt are reported at once.
// errors: 2
use flow::prelude::*;

const FAST: Model = Model::new("local/fast");

#[step(model = FAST, prompt = "{{ text | uper }} {{ tone }}")]
async fn read(text: &str) -> Result<String>;

fn main() {}
