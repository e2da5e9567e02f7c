// A number does not fit into a borrowed text.
use flow::prelude::*;

#[contract]
#[derive(Clone)]
pub struct Person {
    pub name: String,
    pub age: u8,
    pub maybe: Option<u32>,
}

#[step]
async fn load(name: &str) -> Result<Person> {
    Ok(Person { name: name.into(), age: 3, maybe: None })
}

#[step]
async fn text(text: &str) -> Result<usize> {
    Ok(text.len())
}

#[workflow]
async fn screen(name: String) -> Result<usize> {
    let person = load(&name).await?;
    text(&person.age).await
}

fn main() {}
