// An optional value needs a guard.
use flow::prelude::*;

#[contract]
pub struct Author {
    name: String,
}

#[contract]
pub struct Resume {
    text: String,
    note: Option<String>,
    years: Option<u32>,
    tags: Vec<String>,
    author: Author,
}

const FAST: Model = Model::new("local/fast");

#[step(model = FAST, prompt = "Read {{ resume.text }} {{ resume.note }} {{ resume.years }}")]
async fn read(resume: &Resume) -> Result<String>;

fn main() {}
