// A step has either a body, a model, a person or a signal.
use flow::prelude::*;

const FAST: Model = Model::new("local/fast");

#[step(model = FAST, human, prompt = "{{ years }}", timeout = "3d")]
async fn approve(years: u32) -> Result<Review<u32>>;

fn main() {}
