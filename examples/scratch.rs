use flow::prelude::*;
const FAST: Model = Model::new("local/x");
#[step(model = FAST, prompt = "hi {{ text }}", gate = long(text))]
pub async fn extract(text: &str) -> Result<String>;
#[gate]
fn long(out: &String, text: &str) -> Verdict {
    Verdict::ensure(out.len() > text.len(), "short")
}
#[step(retry = 3)]
pub async fn count(text: &str, add: u64) -> Result<u64> {
    Ok(text.len() as u64 + add)
}
#[step]
pub async fn pick<
    T: Contract,
>(
    x: T,
) -> Result<T, std::io::Error> {
    Ok(x)
}

#[flow::tokio::main(flavor = "current_thread")]
async fn main() -> flow::Result<()> {
    println!("{}", count("abc", 2).await?);
    println!("{:?}", extract("abc").await);
    println!("{}", pick(3u32).await?);
    let rt = Runtime::builder().build()?;
    println!("{}", rt.step(count("abc", 3)).await?);
    println!("{:?}", rt.step(extract("abc")).await);
    let (rt, log) = Runtime::test().answers(extract, ["a".to_string(), "abcdef".into()]).build()?;
    println!("{:?}", rt.step(extract("abc")).await);
    println!("{log:#?}");
    Ok(())
}
