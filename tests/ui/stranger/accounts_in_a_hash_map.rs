// Steps must not iterate over a hash map, which has no fixed order.
// says: steps are repeated over a HashMap
// says: whose order is not fixed

use flow::prelude::*;

use std::collections::HashMap;
#[step]
async fn balance(account: &str, cents: i64) -> Result<i64> { let _ = account; Ok(cents) }
#[workflow]
async fn audit(accounts: HashMap<String, i64>) -> Result<i64> {
    let mut sum = 0;
    #[bound(100)]
    for (account, cents) in &accounts {
        sum += balance(account, *cents).await?;
    }
    Ok(sum)
}

fn main() {}
