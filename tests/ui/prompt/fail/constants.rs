// A prompt in a constant is checked like a literal one.
// errors: 8
use flow::prelude::*;

const FAST: Model = Model::new("local/fast");

#[contract]
#[derive(Clone)]
pub struct Resume {
    pub text: String,
    pub note: Option<String>,
}

const FIELD: &str = "Read\n  {{ resume.txet }}";

#[step(model = FAST, prompt = FIELD)]
async fn field(resume: &Resume) -> Result<String>;

const ARGUMENT: &str = "Read {{ resumee.text }}";

#[step(model = FAST, system = ARGUMENT, prompt = "{{ resume.text }}")]
async fn argument(resume: &Resume) -> Result<String>;

const OPTIONAL: &str = "Read {{ resume.note }}";

#[step(model = FAST, prompt = OPTIONAL)]
async fn optional(resume: &Resume) -> Result<String>;

const UNUSED: &str = "Read {{ resume.text }} {# {{ more }} #}";

#[step(model = FAST, prompt = UNUSED)]
async fn unused(resume: &Resume, more: u32) -> Result<String>;

const STATEMENT: &str = "{% if resume.note %}{{ resume.note }}{% endif %}";

#[step(model = FAST, prompt = STATEMENT)]
async fn statement(resume: &Resume, more: u32) -> Result<String>;

const FILTER: &str = "{{ resume.text | upper }}";

#[step(model = FAST, prompt = FILTER)]
async fn filter(resume: &Resume) -> Result<String>;

const EMPTY: &str = "\n";

#[step(model = FAST, prompt = EMPTY)]
async fn empty() -> Result<String>;

const NUMBER: u32 = 3;

#[step(model = FAST, prompt = NUMBER)]
async fn number() -> Result<String>;

fn main() {}
