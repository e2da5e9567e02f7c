// Arguments behave as in a plain call: rustc infers their types and evaluates them from left to right.
use flow::prelude::*;

#[contract]
#[derive(Clone)]
pub struct Page {
    pub title: Option<String>,
    pub text: String,
}

#[step]
async fn load(text: &str) -> Result<Page> {
    Ok(Page { title: Some(text.into()), text: text.into() })
}

#[step]
async fn optional(text: Option<&str>, more: u32) -> Result<u32> {
    Ok(text.map_or(0, |text| text.len() as u32) + more)
}

#[step]
async fn pair(pair: (&str, u32)) -> Result<u32> {
    Ok(pair.0.len() as u32 + pair.1)
}

#[step]
async fn count(texts: &[&str]) -> Result<u32> {
    Ok(texts.len() as u32)
}

#[step]
async fn measure(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[step]
async fn sum(numbers: Vec<u32>, more: u64) -> Result<u32> {
    Ok(numbers.iter().sum::<u32>() + more as u32)
}

#[step]
async fn rest(left: usize, taken: String) -> Result<String> {
    Ok(format!("{taken} of {left}"))
}

#[workflow]
async fn read(name: String, mut names: Vec<String>, long: bool) -> Result<Vec<u32>> {
    let page = load(&name).await?;
    let lengths = [
        optional(Some(&name), 0).await?,
        optional(Some(&page.text), 0).await?,
        optional(if long { Some(&page.text) } else { None }, 0).await?,
        optional(page.title.as_deref(), names.len() as u32).await?,
        optional(Some(&{ page.text.clone() + "!" }), 0).await?,
        optional(None, 0).await?,
    ];
    let texts = [
        pair((&page.text, 3)).await?,
        count(&[&page.text, &name]).await?,
        measure(match &page.title {
            Some(title) => title,
            None => "none",
        })
        .await?,
        measure(if long { "something long" } else { &page.text }).await?,
        measure(&format!("{name}{name}")).await?,
    ];
    let sums = [sum(vec![1, 2], Default::default()).await?, sum(names.iter().map(|_| 1).collect(), 2).await?];
    let left = rest(names.len(), names.pop().unwrap_or_default()).await?;
    Ok([&lengths[..], &texts, &sums, &[left.len() as u32]].concat())
}

fn main() {
    let runtime = Runtime::builder().build().unwrap();
    let tokio = flow::tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let names = vec!["x".to_owned(), "yz".to_owned()];
    let read = tokio.block_on(runtime.run(read("abc".into(), names, true))).unwrap();
    assert_eq!(read, [3, 3, 3, 5, 4, 0, 6, 2, 3, 14, 6, 3, 4, "yz of 2".len() as u32]);
}
