// A struct with an attachment inside cannot be printed whole.
use flow::media::Image;
use flow::prelude::*;

#[contract]
pub struct Page {
    number: u32,
    scan: Option<Image>,
}

#[contract]
pub struct Receipt {
    shop: String,
    pages: Vec<Page>,
}

const FAST: Model = Model::new("local/fast");

#[step(model = FAST, prompt = "Read {{ receipt }}")]
async fn read(receipt: &Receipt) -> Result<String>;

fn main() {}
