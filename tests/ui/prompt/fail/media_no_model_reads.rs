// The provider of each model takes what the prompt attaches.
use flow::media::Audio;
use flow::prelude::*;

#[contract]
pub struct Call {
    recordings: Vec<Audio>,
}

const HEARS: Model = Model::new("openai/gpt-audio");
const READS: Model = Model::new("anthropic/claude-sonnet-5");

#[step(model = [HEARS, READS], prompt = "{% for part in call.recordings %}{{ part }}{% endfor %}")]
async fn listen(call: &Call) -> Result<String>;

fn main() {}
