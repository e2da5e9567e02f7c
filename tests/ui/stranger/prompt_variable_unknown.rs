// A prompt names an argument that does not exist.
// says: prompt of step `translate`
// says: has no argument `language` (arguments: `text`)

use flow::prelude::*;

const FAST: Model = Model::new("openai/gpt-5-mini").max_output_tokens(400);
#[step(model = FAST, prompt = "Translate into {{ language }}.\n\n{{ text }}")]
async fn translate(text: &str) -> Result<String>;
#[workflow]
async fn localize(text: String) -> Result<String> { translate(&text).await }

fn main() {}
