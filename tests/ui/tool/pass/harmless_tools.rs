// Answers of a step may be reused if its tools only compute; effects of tools may be undone; a tool takes shared states.
use std::sync::Arc;

use flow::prelude::*;

const SMART: Model = Model::new("openai/gpt-5-mini");

pub trait Db: Send + Sync {}

/// Look up an order.
#[step]
async fn find_order(number: &str, #[state] _db: &Arc<dyn Db>) -> Result<String> { Ok(number.to_owned()) }

/// Translate a text.
#[step(model = SMART, prompt = "Translate {{ text }}")]
async fn translate(text: &str) -> Result<String>;

/// Look up and translate.
#[workflow]
async fn both(#[state] db: &Arc<dyn Db>, number: String) -> Result<String> {
    let order = find_order(&number, db).await?;
    translate(&order).await
}

#[step(model = SMART, prompt = "{{ text }}", cache, tools = [find_order, both], max_turns = 3)]
async fn answer(text: &str) -> Result<String>;

#[step(effect = idempotent)]
async fn unship(output: &String) -> Result<()> { let _ = output; Ok(()) }

/// Ship an order.
#[step(effect = idempotent, compensate = unship)]
async fn ship(order: &str) -> Result<String> { Ok(order.to_owned()) }

#[step(model = SMART, prompt = "{{ text }}", tools = [ship], max_turns = 3)]
async fn resolve(text: &str) -> Result<String>;

#[workflow(strict)]
async fn support(text: String) -> Result<String> {
    let shipped = resolve(&text).await?;
    match answer(&shipped).await {
        Ok(told) => Ok(told),
        Err(_) => {
            flow::undo().await?;
            Ok(String::new())
        }
    }
}

fn main() {}
