// Independent mistakes are all reported at once.
// errors: 3
use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(text: String) -> Result<u32> {
    println!("{text}");
    let now = std::time::Instant::now();
    loop {
        count(&text).await?;
    }
}

fn main() {}
