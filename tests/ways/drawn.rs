//! Early exits as drawings and as JSON.

use flow::prelude::*;

use super::script::{Script, ask, may, work};

/// Every kind of early exit.
#[workflow]
async fn ways(#[state] script: &Script) -> Result<u32> {
    let Ok(n) = may(script).await else { return Ok(0) };
    'all: for turn in 0..3 {
        if script.flag() {
            continue;
        }
        #[bound(4)]
        while ask(script).await? {
            match may(script).await {
                Ok(0) => break,
                Ok(1) => break 'all,
                Ok(_) if turn > 1 => return work().await,
                Ok(_) => {}
                Err(error) => return Err(error),
            }
        }
        for _ in 0..n {
            if script.flag() {
                flow::bail!("no");
            }
        }
    }
    #[bound(2)]
    loop {
        if script.flag() && ask(script).await? {
            break;
        }
    }
    let items = map(vec![1, 2], async |item: u32| {
        if item > 1 {
            return Ok(item);
        }
        work().await
    })
    .bound(2)
    .await;
    if let Err(error) = &items {
        look_at(error);
    }
    let (a, b) = join!(work(), async {
        if script.flag() {
            flow::bail!("not here");
        }
        work().await
    });
    match (a, b) {
        (Ok(a), Ok(b)) => Ok(a + b),
        _ => Err(flow::Error::terminal("no")),
    }
}

fn look_at(_: &flow::Error) {}

#[test]
fn every_way_is_drawn() {
    insta::assert_snapshot!(flow::graph(&ways).to_mermaid());
}

#[test]
fn every_way_is_in_the_json() {
    let json = flow::graph(&ways).to_json();
    insta::assert_snapshot!(flow::serde_json::to_string_pretty(&json["graph"]["structure"]).unwrap());
}

#[test]
fn a_sum_names_the_way_that_it_is_of() {
    insta::assert_snapshot!(flow::graph(&ways).to_bounds_text());
}
