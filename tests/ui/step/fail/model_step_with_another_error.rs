// A model step must fail with `flow::Error`, whatever its result type is called.
// errors: 3
use std::fmt;

use flow::prelude::*;

#[derive(Debug)]
pub struct Broken;

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("broken")
    }
}

impl std::error::Error for Broken {}

impl From<flow::Error> for Broken {
    fn from(_: flow::Error) -> Self {
        Self
    }
}

type R<T> = std::result::Result<T, Broken>;

const FAST: Model = Model::new("openai/gpt-5-mini");

#[step(model = FAST, prompt = "{{ text }}")]
async fn translate(text: &str) -> Result<String, Broken>;

#[step(model = FAST, prompt = "{{ text }}")]
async fn correct(text: &str) -> R<String>;

mod inner {
    use flow::prelude::*;

    type Result<T> = super::R<T>;

    #[step(human, timeout = "1d")]
    async fn approve(text: &str) -> Result<String>;
}

fn main() {}
