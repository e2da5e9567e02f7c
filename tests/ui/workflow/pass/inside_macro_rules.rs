// A macro may generate a workflow.
#![deny(warnings)]

use flow::prelude::*;

#[step]
async fn length(text: &str) -> Result<usize> {
    Ok(text.len())
}

macro_rules! lengths {
    ($name:ident) => {
        #[workflow]
        async fn $name(texts: Vec<String>) -> Result<usize> {
            let mut sum = 0;
            for text in &texts {
                sum += length(text).await?;
            }
            let all = map(texts, async |text: String| length(&text).await).await?;
            Ok(sum + all.len())
        }
    };
}

lengths!(total);

fn main() {
    let executor = flow::tokio::runtime::Builder::new_current_thread().build().unwrap();
    let runtime = Runtime::builder().build().unwrap();
    assert_eq!(executor.block_on(runtime.run(total(vec!["ab".into(), "c".into()]))).unwrap(), 5);
}
