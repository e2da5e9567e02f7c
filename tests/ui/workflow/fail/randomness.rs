// Random values differ when the run is resumed.
use flow::prelude::*;

mod fastrand {
    pub fn u32(_: std::ops::Range<u32>) -> u32 {
        4
    }
}

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(text: String) -> Result<u32> {
    let dice = fastrand::u32(0..6);
    Ok(count(&text).await? + dice)
}

fn main() {}
