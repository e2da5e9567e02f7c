// System messages have only text.
use flow::media::Image;
use flow::prelude::*;

const FAST: Model = Model::new("local/fast");

#[step(model = FAST, system = "Compare with {{ logo }}.", prompt = "{{ text }}")]
async fn compare(logo: &Image, text: &str) -> Result<bool>;

fn main() {}
