// The items of a list have known fields.
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

#[step(model = FAST, prompt = "{% for tag in resume.tags %}{{ tag.name }}{% endfor %} {{ resume.text }}")]
async fn read(resume: &Resume) -> Result<String>;

fn main() {}
