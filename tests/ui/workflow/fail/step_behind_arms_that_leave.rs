// A step after arms that all leave, or after a loop without an exit, is unreachable.
// errors: 4
#![allow(unreachable_code)]
use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow(strict)]
async fn report(text: String) -> Result<u32> {
    let Ok(length) = count(&text).await else {
        panic!("no length");
        count("unreachable").await?;
    };
    'all: for turn in 0..length {
        #[bound(2)]
        loop {
            match turn {
                0 => break 'all,
                1 => continue 'all,
                _ => return Ok(turn),
            }
            count("unreachable").await?;
        }
        count("unreachable").await?;
    }
    #[bound(3)]
    loop {
        count(&text).await?;
    }
    count("unreachable").await
}

fn main() {}
