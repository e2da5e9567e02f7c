// Values of other types fit into borrowed texts, paths, lists and structs, including optional ones.
use std::borrow::Cow;
use std::path::{Path, PathBuf};

use flow::prelude::*;

#[contract]
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    Bug,
    Wish,
}

#[contract]
#[derive(Clone, Debug)]
#[serde(transparent)]
pub struct Name(String);

#[contract]
#[derive(Clone, Debug)]
pub struct Person {
    pub name: Name,
    pub kind: Kind,
    pub maybe: Option<Kind>,
    pub path: PathBuf,
    pub names: Vec<Name>,
    pub kinds: Option<Vec<Kind>>,
    pub age: u8,
}

#[contract]
#[derive(Clone, Debug)]
pub struct Human {
    pub name: String,
    pub age: u32,
}

#[step]
async fn load(name: &str) -> Result<Person> {
    Ok(Person {
        name: Name(name.into()),
        kind: Kind::Bug,
        maybe: Some(Kind::Wish),
        path: "a/b".into(),
        names: vec![Name("n".into())],
        kinds: Some(vec![Kind::Bug, Kind::Wish]),
        age: 3,
    })
}

#[step]
async fn text(text: &str) -> Result<usize> {
    Ok(text.len())
}

#[step(retry = 2)]
async fn optional(text: Option<&str>) -> Result<usize> {
    Ok(text.map_or(0, str::len))
}

#[step]
async fn path(path: &Path) -> Result<usize> {
    Ok(path.as_os_str().len())
}

#[step]
async fn optional_path(path: Option<&Path>) -> Result<usize> {
    Ok(path.map_or(0, |path| path.as_os_str().len()))
}

#[step]
async fn cow(text: Cow<'_, str>) -> Result<usize> {
    Ok(text.len())
}

#[step]
async fn list(texts: &[String]) -> Result<usize> {
    Ok(texts.len())
}

#[step]
async fn optional_list(texts: Option<&[String]>) -> Result<usize> {
    Ok(texts.map_or(0, <[String]>::len))
}

#[step]
async fn ages(one: Option<&Human>, other: &Human) -> Result<u32> {
    Ok(one.map_or(0, |one| one.age) + other.age)
}

#[step]
async fn boxed(text: Box<str>) -> Result<usize> {
    Ok(text.len())
}

#[step]
async fn reference(text: &Option<String>) -> Result<usize> {
    Ok(text.as_ref().map_or(0, String::len))
}

#[workflow]
async fn all(name: String, other: Option<String>) -> Result<Vec<usize>> {
    let person = load(&name).await?;
    let texts = text(&person.kind).await? + text(&person.name).await? + text(&name).await?;
    let optionals = optional(person.maybe.as_ref()).await?
        + optional(person.maybe).await?
        + optional(other.as_deref()).await?
        + optional(other.clone()).await?
        + optional(person.kind).await?
        + optional(&person.name).await?;
    let paths = path(&person.path).await?
        + path(&name).await?
        + path(&person.name).await?
        + optional_path(Some(&person.path)).await?
        + optional_path(other.clone()).await?
        + optional_path(person.maybe).await?;
    let owned = cow(Cow::Borrowed(&name)).await?
        + cow(person.kind).await?
        + cow(person.name.clone()).await?
        + boxed(person.kind).await?
        + reference(&person.maybe).await?;
    let lists = list(&person.names).await?
        + optional_list(person.kinds.clone()).await?
        + optional_list(person.kinds.as_ref()).await?;
    let ages = ages(Some(&Human { name: "b".into(), age: 2 }), &person).await? as usize;
    let mut each = 0;
    for kind in person.kinds.iter().flatten() {
        each += text(kind).await?;
    }
    Ok(vec![texts, optionals, paths, owned, lists, ages, each])
}

fn main() {
    let tokio = flow::tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let call = || all("abc".into(), Some("defg".into()));
    let runtime = Runtime::builder().build().unwrap();
    assert_eq!(tokio.block_on(runtime.run(call())).unwrap(), [9, 22, 20, 16, 5, 5, 7]);
    // A test receives borrowed arguments as owned values.
    let (runtime, _) = Runtime::test()
        .with(optional, |text: Option<String>| Ok(text.map_or(0, |text| text.len())))
        .with(path, |path: PathBuf| Ok(path.as_os_str().len()))
        .with(optional_path, |path: Option<PathBuf>| Ok(path.map_or(0, |path| path.as_os_str().len())))
        .with(ages, |(one, other): (Option<Human>, Human)| Ok(one.map_or(0, |one| one.age) + other.age))
        .with(optional_list, |texts: Option<Vec<String>>| Ok(texts.map_or(0, |texts| texts.len())))
        .build()
        .unwrap();
    assert_eq!(tokio.block_on(runtime.run(call())).unwrap(), [9, 22, 20, 16, 5, 5, 7]);
}
