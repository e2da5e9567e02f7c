// All names that Rust allows work: raw identifiers lose their `r#` outside Rust, and other alphabets are kept.
#![allow(uncommon_codepoints, non_camel_case_types)]
use flow::prelude::*;
use flow::serde_json::{json, to_value};

const FAST: Model = Model::new("local/fast");

#[contract]
#[derive(Clone, Debug, PartialEq)]
pub struct Größe {
    pub r#type: String,
    pub größe: u32,
    pub r#enum: Art,
    pub 名前: Option<String>,
}

#[contract]
#[derive(Clone, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Art {
    Groß,
    r#Klein,
    r#Sonst { r#fn: u8 },
}

#[contract]
#[derive(Clone, Debug, PartialEq)]
pub struct r#box {
    pub r#type: String,
}

pub struct Db(u32);

const TEXT: &str = "{{ größe.größe }} {{ größe.type }}";

#[step(
    model = FAST,
    system = "Sei {{ type }}",
    prompt = "{{ größe.größe }} {% if größe.名前 is not none %}{{ größe.名前 }}{% endif %} {{ größe.enum }}",
    gate = r#true_(r#type),
    fix = r#move,
)]
async fn r#match(größe: &Größe, r#type: &str) -> Result<r#box>;

#[step(model = FAST, prompt = TEXT)]
async fn frage(größe: &Größe) -> Result<String>;

#[gate]
fn r#true_(output: &r#box, r#type: &str) -> Verdict {
    Verdict::ensure(output.r#type.len() + r#type.len() < 100, "zu lang")
}

#[step]
async fn r#move(output: r#box, _rejection: &Rejection) -> Result<r#box> {
    Ok(output)
}

#[step(retry = 2)]
async fn r#loop(r#type: String, #[state] r#static: &Db) -> Result<u32> {
    Ok(r#type.len() as u32 + r#static.0)
}

#[step]
async fn zähle(größe: &Größe) -> Result<u32> {
    Ok(größe.größe)
}

#[workflow]
async fn r#async(größe: Größe, r#type: String, #[state] r#static: &Db) -> Result<u32> {
    let r#box = r#match(&größe, &r#type).await?;
    let r#box { r#type } = r#box;
    let mut n = r#loop(r#type, r#static).await?;
    #[bound(3)]
    loop {
        n += zähle(&größe).await?;
        if n > 5 {
            break;
        }
    }
    let größen = map(vec![größe.clone()], async |größe| zähle(&größe).await).await?;
    n += r#loop(format!("{n} {größen:?}"), r#static).await?;
    Ok(n + frage(&größe).await?.len() as u32)
}

fn main() {
    let tokio = flow::tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let answer = r#box { r#type: "ab".into() };
    let test = Runtime::test().state(Db(1)).answer(r#match, answer).answer(frage, "ja".to_owned());
    let (runtime, happened) = test.build().unwrap();
    let größe = Größe { r#type: "t".into(), größe: 4, r#enum: Art::r#Sonst { r#fn: 3 }, 名前: None };
    let value = json!({ "type": "t", "größe": 4, "enum": { "sonst": { "fn": 3 } }, "名前": null });
    assert_eq!(to_value(&größe).unwrap(), value);
    assert_eq!(tokio.block_on(runtime.run(r#async(größe, "x".into()))).unwrap(), 15);
    let lines = happened.lines();
    let steps: Vec<_> = lines.iter().filter_map(|line| line.strip_prefix("will step ")).collect();
    assert_eq!(steps, ["match", "loop", "loop.2[0]/zähle", "map[0]/zähle.2", "loop.3", "frage"]);
    let meta = flow::meta(&r#async);
    let names: Vec<_> = meta.arguments.iter().map(|argument| argument.name).collect();
    assert_eq!((meta.name, meta.id, names), ("async", "async", vec!["größe", "type"]));
    assert!(!meta.to_json().to_string().contains("r#") && !meta.to_mermaid().contains("r#"));
    flow::testing::assert_contract::<Größe>();
    flow::testing::assert_contract::<r#box>();
}
