// A model step cannot have a body.
use flow::prelude::*;

const FAST: Model = Model::new("local/fast");

#[step(model = FAST, prompt = "{{ years }}")]
async fn score(years: u32) -> Result<u32> {
    Ok(years)
}

fn main() {}
