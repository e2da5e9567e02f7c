// A bound is a whole number in parentheses, or the name of a constant.
// errors: 3
use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn of_a_text(text: String) -> Result<u32> {
    #[bound("3")]
    loop {
        if count(&text).await? > 3 {
            return Ok(1);
        }
    }
}

#[workflow]
async fn of_nothing(text: String) -> Result<u32> {
    #[bound]
    loop {
        if count(&text).await? > 3 {
            break Ok(1);
        }
    }
}

#[workflow]
async fn of_a_float(text: String) -> Result<u32> {
    #[bound(3.5, break)]
    while count(&text).await? < 3 {}
    Ok(1)
}

fn main() {}
