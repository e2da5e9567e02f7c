// A call has no fields before it is awaited.
use flow::prelude::*;

#[contract]
pub struct Candidate {
    name: String,
}

#[step]
async fn extract(text: &str) -> Result<Candidate> {
    Ok(Candidate { name: text.to_owned() })
}

#[workflow]
async fn screen(text: String) -> Result<String> {
    Ok(extract(&text).name)
}

fn main() {}
