// A bound is a literal or a constant from outside the body.
use flow::graphs::{Block, Op};
use flow::prelude::*;

const MAX: u32 = 3;

mod limits {
    pub const WIDTH: u32 = 2;
}

#[step]
async fn len(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow(max_steps = 14)]
async fn count(texts: Vec<String>) -> Result<u32> {
    let mut total = 0;
    #[bound(MAX)]
    while total < 2 {
        total += len(&texts[0]).await?;
    }
    #[bound(limits::WIDTH, break)]
    loop {
        total += len(&texts[0]).await?;
    }
    #[bound(MAX)]
    for text in &texts {
        total += len(text).await?;
    }
    #[bound(self::MAX)]
    for _ in 0..3 {
        total += len("a").await?;
    }
    let lengths = map(texts, async |text| len(&text).await).bound(MAX).concurrency(limits::WIDTH).await?;
    Ok(total + lengths.iter().sum::<u32>())
}

fn main() {
    let runtime = Runtime::builder().build().unwrap();
    let tokio = flow::tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let run = |texts: &[&str]| tokio.block_on(runtime.run(count(texts.iter().map(ToString::to_string).collect())));
    assert_eq!(run(&["a", "bc"]).unwrap(), 2 + 2 + 3 + 3 + 3);
    let error = run(&["a", "b", "c", "d"]).unwrap_err();
    assert!(matches!(error.kind(), flow::ErrorKind::BoundExceeded { bound: 3 }), "{error}");
    let structure = flow::graph(&count).structure;
    let bounds = structure.iter().filter_map(|op| match op {
        Op::Open(Block::Loop { bound, .. } | Block::Map { bound, .. }) => Some(bound.unwrap()),
        _ => None,
    });
    assert_eq!(bounds.collect::<Vec<_>>(), [3, 2, 3, 3, 3]);
}
