// Fields of an opaque value cannot be rendered.
use flow::prelude::*;

#[contract]
pub struct Resume {
    #[contract(opaque = "Scan")]
    scan: String,
}

const FAST: Model = Model::new("local/fast");

#[step(model = FAST, prompt = "Read {{ resume.scan.page }}")]
async fn read(resume: &Resume) -> Result<String>;

fn main() {}
