// With `strict`, plain code must not turn a step's value into an unknown one; reported once per piece of code.
// errors: 4
use flow::prelude::*;

#[contract]
pub struct Order {
    pub customer: String,
    pub items: u32,
}

#[step]
async fn read(text: &str) -> Result<Order> {
    Ok(Order { customer: text.to_owned(), items: 1 })
}

#[step]
async fn confirm(letter: String) -> Result<u32> {
    Ok(letter.len() as u32)
}

fn greeted(name: &str) -> String {
    format!("Dear {name}")
}

#[workflow(strict)]
async fn order(text: String) -> Result<u32> {
    let order = read(&text).await?;
    let letter = format!("{} items for {}", order.items, order.customer);
    confirm(letter.clone()).await?;
    confirm(letter).await?;
    confirm(greeted(&read(&text).await?.customer)).await?;
    let mut list = text.clone();
    list.push_str(&order.customer);
    confirm(list).await?;
    match read(&text).await {
        Ok(order) => confirm(order.customer).await,
        Err(error) => confirm(error.to_string()).await,
    }
}

fn main() {}
