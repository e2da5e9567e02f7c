// An attachment cannot be compared with a text.
use flow::media::Audio;
use flow::prelude::*;

#[contract]
pub struct Call {
    recording: Audio,
}

const FAST: Model = Model::new("local/fast");

#[step(model = FAST, prompt = "{% if call.recording == 'silence' %}Nothing.{% endif %}{{ call.recording }}")]
async fn listen(call: &Call) -> Result<String>;

fn main() {}
