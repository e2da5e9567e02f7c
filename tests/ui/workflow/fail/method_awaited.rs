// A step must be a function, not a method.
use flow::prelude::*;

struct Client;
impl Client {
    async fn count(&self, text: &str) -> Result<u32> {
        Ok(text.len() as u32)
    }
}

#[workflow]
async fn screen(text: String) -> Result<u32> {
    let client = Client;
    client.count(&text).await
}

fn main() {}
