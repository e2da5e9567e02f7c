// In a `strict` workflow, effects of tools are undone, too.
use flow::prelude::*;

const SMART: Model = Model::new("openai/gpt-5-mini");

#[step(effect = idempotent)]
async fn unship(output: &String) -> Result<()> { let _ = output; Ok(()) }

/// Ship an order.
#[step(effect = idempotent, compensate = unship)]
async fn ship(order: &str) -> Result<String> { Ok(order.to_owned()) }

#[step(model = SMART, prompt = "{{ text }}", tools = [ship], max_turns = 3)]
async fn resolve(text: &str) -> Result<String>;

#[step(effect = idempotent)]
async fn notify(text: &str) -> Result<String> { Ok(text.to_owned()) }

#[workflow(strict)]
async fn support(text: String) -> Result<String> {
    let answer = resolve(&text).await?;
    match notify(&answer).await {
        Ok(told) => Ok(told),
        Err(_) => Ok(answer),
    }
}

fn main() {}
