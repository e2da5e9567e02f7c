// An attachment cannot be joined to a text.
use flow::media::Pdf;
use flow::prelude::*;

const FAST: Model = Model::new("local/fast");

#[step(model = FAST, prompt = "{{ 'Read this: ' ~ contract }}")]
async fn read(contract: &Pdf) -> Result<String>;

fn main() {}
