// An attachment has no fields.
use flow::media::Image;
use flow::prelude::*;

const FAST: Model = Model::new("local/fast");

#[step(model = FAST, prompt = "Read {{ photo.url }}")]
async fn read(photo: &Image) -> Result<String>;

fn main() {}
