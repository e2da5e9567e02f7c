// A contract with a secret is reported once, whatever uses it.
use flow::prelude::*;

const FAST: Model = Model::new("openai/gpt-5-mini");

#[contract]
#[derive(Clone)]
pub struct Login {
    pub user: String,
    pub password: Secret<String>,
}

#[step(model = FAST, prompt = "Who is {{ login.user }} with {{ login.password }}?")]
async fn ask(login: &Login) -> Result<String>;

#[workflow]
async fn screen(login: Login) -> Result<String> {
    ask(&login).await
}

fn main() {}
