// A variable must be an argument of the step.
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

#[step(model = FAST, prompt = "Read {{ resumee.text }}")]
async fn read(resume: &Resume) -> Result<String>;

fn main() {}
