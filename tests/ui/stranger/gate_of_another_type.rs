// A gate must take the output of its step.
// says: gate `short` does not fit step `answer`
// says: expected `fn short(output: &Answer) -> Verdict`
// says: found a function of 1 argument (object `Summary`)
// says: change `short` to that signature

use flow::prelude::*;

const FAST: Model = Model::new("openai/gpt-5-mini").max_output_tokens(400);
#[contract]
pub struct Summary { pub text: String }
#[contract]
pub struct Answer { pub text: String }
#[gate]
fn short(summary: &Summary) -> Verdict { Verdict::ensure(summary.text.len() < 100, "too long") }
#[step(model = FAST, prompt = "Answer.\n\n{{ question }}", gate = short)]
async fn answer(question: &str) -> Result<Answer>;
#[workflow]
async fn ask(question: String) -> Result<String> { Ok(answer(&question).await?.text) }

fn main() {}
