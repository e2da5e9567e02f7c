// A number does not fit into an optional borrowed text, in whatever form it is passed.
// errors: 2
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
async fn text(text: Option<&str>) -> Result<usize> {
    Ok(text.map_or(0, str::len))
}

#[workflow]
async fn screen(name: String) -> Result<usize> {
    let person = load(&name).await?;
    Ok(text(person.maybe).await? + text(person.maybe.as_ref()).await?)
}

fn main() {}
