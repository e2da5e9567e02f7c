// A model answers with text.
use flow::media::Image;
use flow::prelude::*;

#[contract]
pub struct Drawing {
    title: String,
    picture: Image,
}

const FAST: Model = Model::new("local/fast");

#[step(model = FAST, prompt = "Draw {{ thing }}.")]
async fn draw(thing: &str) -> Result<Drawing>;

fn main() {}
