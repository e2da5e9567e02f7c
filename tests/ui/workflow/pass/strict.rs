// Valid under `strict`: every value is tracked, and names starting with `_` may stay unused.
use flow::prelude::*;

const FAST: Model = Model::new("openai/fast");

#[contract]
#[derive(Debug, Clone)]
pub struct Item {
    pub name: String,
    pub tags: Vec<String>,
    pub note: Option<String>,
}

#[contract]
#[derive(Debug, Clone)]
pub struct Order {
    pub customer: String,
    pub items: Vec<Item>,
}

#[contract]
#[derive(Debug, Clone)]
pub struct Line {
    pub name: String,
    pub note: Option<String>,
}

#[contract]
#[derive(Debug, Clone)]
pub struct Bill {
    pub customer: String,
    pub lines: Vec<Line>,
}

#[step]
async fn read(text: &str) -> Result<Order> {
    Ok(Order { customer: text.to_owned(), items: Vec::new() })
}

#[step(model = FAST, prompt = "Describe it.\n\n{{ item }}")]
async fn describe(item: &Item) -> Result<String>;

#[step]
async fn send(bill: Bill) -> Result<u32> {
    Ok(bill.lines.len() as u32)
}

#[step]
async fn print(texts: Vec<String>) -> Result<u32> {
    Ok(texts.len() as u32)
}

#[step(human, timeout = "3d")]
async fn approve(text: &str) -> Result<Review<String>>;

#[workflow(strict)]
async fn order(text: String) -> Result<u32> {
    let Order { customer, items } = read(&text).await?;
    let _unused = describe(&items[0]).await?;
    let _ = approve(&customer).await?;
    let first = items.first().cloned();
    let (one, other) = try_join!(describe(&items[0]), async {
        let order = read(&text).await?;
        approve(&order.customer).await
    })?;
    let mut texts = vec![one];
    match other {
        Review::Accept(text) | Review::Edit(text) => texts.push(text),
        Review::Reject { reason } => flow::bail!("rejected: {reason}"),
    }
    for item in items.iter().filter(|item| !item.tags.is_empty()) {
        texts.push(describe(item).await?);
    }
    texts.extend(map(items.clone(), async |item| describe(&item).await).await?);
    if let Some(item) = first {
        texts.push(item.note.unwrap_or(item.name));
    }
    let lines = items.into_iter().map(|item| Line { name: item.name, note: item.note }).collect();
    let sent = send(Bill { customer, lines }).await?;
    print(texts).await?;
    print(vec![text.into()]).await?;
    Ok(sent)
}

fn main() {}
