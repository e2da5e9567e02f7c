// A number does not fit into a borrowed path.
use flow::prelude::*;
use std::path::Path;

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
async fn length(path: &Path) -> Result<usize> {
    Ok(path.as_os_str().len())
}

#[workflow]
async fn screen(name: String) -> Result<usize> {
    let person = load(&name).await?;
    length(&person.age).await
}

fn main() {}
