// A prompt may be a constant, or concatenated from literals.
use flow::prelude::*;
use flow::prompt::Prompt;

const FAST: Model = Model::new("local/fast");

#[contract]
#[derive(Clone, Debug)]
pub struct Resume {
    pub text: String,
    pub year: u32,
}

const SYSTEM: &str = "You are a careful recruiter.";

mod texts {
    pub const EXTRACT: &str = "Who is this?{# the year is in the text #}\n\n{{ resume.text }}\n{{- resume . year -}}\n{{ note }}";
    pub static ASK: &str = "Is {{ name }} right?";
}

#[step(model = FAST, system = SYSTEM, prompt = texts::EXTRACT)]
async fn extract(resume: &Resume, note: &str) -> Result<String>;

#[step(model = FAST, system = SYSTEM, prompt = "Sum up {{ text }}.")]
async fn summarize(text: &str) -> Result<String>;

#[step(model = FAST, system = "For {{ reader }}.", prompt = SUM_UP, gate = brief(most))]
async fn sum_up(text: &str, reader: &str, most: u32) -> Result<String>;

const SUM_UP: &str = "Sum up {{ text }}.";

#[gate]
fn brief(output: &String, most: &u32) -> Verdict {
    Verdict::ensure(output.len() < *most as usize, "too long")
}

#[step(human, timeout = "1d", prompt = texts::ASK)]
async fn ask(name: &str) -> Result<bool>;

#[step(model = FAST, system = concat!("You are ", "a clerk."), prompt = concat!("Read ", '"', "{{ text }}", '"', 1))]
async fn read(text: &str) -> Result<String>;

#[step(model = FAST, system = SYSTEM, prompt = build)]
async fn built(text: &str) -> Result<String>;

fn build(text: &str) -> Prompt {
    Prompt::user(text)
}

fn main() {
    let prompt = |meta: &flow::graphs::Meta| meta.policy.prompt.map(|text| (text.system, text.prompt)).unwrap();
    assert_eq!(prompt(flow::meta(&extract)), (Some(SYSTEM), Some(texts::EXTRACT)));
    assert_eq!(prompt(flow::meta(&summarize)), (Some(SYSTEM), Some("Sum up {{ text }}.")));
    assert_eq!(prompt(flow::meta(&sum_up)), (Some("For {{ reader }}."), Some(SUM_UP)));
    assert_eq!(prompt(flow::meta(&ask)), (None, Some(texts::ASK)));
    assert_eq!(prompt(flow::meta(&read)), (Some("You are a clerk."), Some("Read \"{{ text }}\"1")));
    assert_eq!(prompt(flow::meta(&built)), (Some(SYSTEM), None));
}
