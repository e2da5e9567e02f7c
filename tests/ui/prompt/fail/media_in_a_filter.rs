// An attachment has no text that a filter could change.
use flow::media::Image;
use flow::prelude::*;

const FAST: Model = Model::new("local/fast");

#[step(model = FAST, prompt = "What is this? {{ photo|upper }}")]
async fn look(photo: &Image) -> Result<String>;

fn main() {}
