// Every argument must be used by a prompt or a gate.
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

#[step(model = FAST, prompt = "Read.")]
async fn read(resume: &Resume) -> Result<String>;

fn main() {}
