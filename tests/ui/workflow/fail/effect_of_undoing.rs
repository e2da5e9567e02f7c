// The effect may be that of a compensation.
use flow::prelude::*;

const FAST: Model = Model::new("local/fast");

#[contract]
#[derive(Clone)]
pub struct Draft { pub text: String }

#[step(model = FAST, prompt = "Answer.\n\n{{ letter }}")]
async fn draft(letter: &str) -> Result<Draft>;

#[step(effect = idempotent, compensate = retract)]
async fn publish(text: &str) -> Result<String> { Ok(text.to_owned()) }

#[step(effect = irreversible)]
async fn retract(text: &str) -> Result<()> { let _ = text; Ok(()) }

#[workflow]
async fn reply(letter: String) -> Result<String> {
    let draft = draft(&letter).await?;
    publish(&draft.text).await
}

fn main() {}
