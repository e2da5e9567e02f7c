// With `strict`, a value must not pass through an opaque part of a contract.
use flow::prelude::*;

#[contract]
pub struct Order {
    #[contract(opaque = "a customer of the old system")]
    #[serde(with = "by_name")]
    pub customer: Customer,
}

#[derive(Debug, Clone)]
pub struct Customer {
    pub name: String,
}

mod by_name {
    use super::Customer;
    use flow::__private::serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(customer: &Customer, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&customer.name)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Customer, D::Error> {
        Ok(Customer { name: String::deserialize(deserializer)? })
    }
}

#[step]
async fn read(text: &str) -> Result<Order> {
    Ok(Order { customer: Customer { name: text.to_owned() } })
}

#[step]
async fn confirm(name: String) -> Result<u32> {
    Ok(name.len() as u32)
}

#[workflow(strict)]
async fn order(text: String) -> Result<u32> {
    let order = read(&text).await?;
    confirm(order.customer.name).await
}

fn main() {}
