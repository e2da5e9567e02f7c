// A prompt must be a valid template.
use flow::prelude::*;

#[contract]
pub struct Author {
    name: String,
}

#[contract]
pub struct Resume {
    text: String,
    note: Option<String>,
    tags: Vec<String>,
    author: Author,
}

const FAST: Model = Model::new("local/fast");

#[step(model = FAST, prompt = "Read {{ resume.text }")]
async fn read(resume: &Resume) -> Result<String>;

fn main() {}
