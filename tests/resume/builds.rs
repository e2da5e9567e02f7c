//! A run started by another build continues if it can; otherwise it is rejected by name before anything is executed.

use std::time::Duration;

use flow::ErrorKind;
use flow::journal::{Memory, Query};
use flow::prelude::*;
use flow::run::Status;

use super::support::{Counts, process, settle};

/// A build of the same workflow in a separate module.
macro_rules! build {
    ($name:ident, [$($options:meta),*], { $($items:item)* }, |$n:ident, $counts:ident| $body:block) => {
        mod $name {
            use super::*;

            #[contract]
            #[derive(Debug, Clone)]
            pub(super) struct Input {
                pub(super) n: u32,
            }

            $($items)*

            #[workflow($($options),*)]
            pub(super) async fn screen(input: Input, #[state] $counts: &Counts) -> Result<u32> {
                let $n = input.n;
                $body
            }
        }
    };
}

build!(
    first,
    [],
    {
        #[contract]
        #[derive(Debug, Clone)]
        pub(super) struct Facts {
            pub(super) n: u32,
        }
        #[step]
        async fn extract(n: u32, #[state] counts: &Counts) -> Result<Facts> {
            counts.count("extract");
            Ok(Facts { n })
        }
        #[step]
        async fn score(facts: &Facts, #[state] counts: &Counts) -> Result<u32> {
            counts.count("score");
            Ok(facts.n)
        }
        #[step]
        async fn later(n: u32, #[state] counts: &Counts) -> Result<u32> {
            counts.count("later");
            Ok(n)
        }
    },
    |n, counts| {
        let facts = extract(n, counts).await?;
        let n = score(&facts, counts).await?;
        flow::sleep("1d").await?;
        later(n, counts).await
    }
);

build!(
    grown,
    [],
    {
        #[contract]
        #[derive(Debug, Clone)]
        pub(super) struct Facts {
            pub(super) n: u32,
            pub(super) mail: Option<String>,
        }
        #[step]
        async fn extract(n: u32, #[state] counts: &Counts) -> Result<Facts> {
            counts.count("extract");
            Ok(Facts { n, mail: None })
        }
        #[step]
        async fn score(facts: &Facts, #[state] counts: &Counts) -> Result<u32> {
            counts.count("score");
            Ok(facts.n)
        }
        // Not reached by the run, so it may change freely.
        #[step]
        async fn later(n: u64, #[state] counts: &Counts) -> Result<u32> {
            counts.count("later");
            Ok(n as u32)
        }
        #[step]
        async fn check(n: u32, #[state] counts: &Counts) -> Result<u32> {
            counts.count("check");
            Ok(n + 100)
        }
    },
    |n, counts| {
        let facts = extract(n, counts).await?;
        let n = score(&facts, counts).await?;
        flow::sleep("1d").await?;
        let n = later(u64::from(n), counts).await?;
        check(n, counts).await
    }
);

build!(
    renamed,
    [],
    {
        #[step]
        async fn read(n: u32, #[state] counts: &Counts) -> Result<u32> {
            counts.count("read");
            Ok(n)
        }
    },
    |n, counts| {
        let n = read(n, counts).await?;
        flow::sleep("1d").await?;
        Ok(n)
    }
);

build!(
    narrowed,
    [],
    {
        #[contract]
        #[derive(Debug, Clone)]
        pub(super) struct Facts {
            pub(super) n: u8,
        }
        #[step]
        async fn extract(n: u32, #[state] counts: &Counts) -> Result<Facts> {
            counts.count("extract");
            Ok(Facts { n: n as u8 })
        }
        #[step]
        async fn score(facts: &Facts, #[state] counts: &Counts) -> Result<u32> {
            counts.count("score");
            Ok(facts.n.into())
        }
    },
    |n, counts| {
        let facts = extract(n, counts).await?;
        let n = score(&facts, counts).await?;
        flow::sleep("1d").await?;
        Ok(n)
    }
);

build!(
    second,
    [version = 2],
    {
        #[step]
        async fn extract(n: u32, #[state] counts: &Counts) -> Result<u32> {
            counts.count("extract");
            Ok(n)
        }
    },
    |n, counts| {
        let n = extract(n, counts).await?;
        flow::sleep("1d").await?;
        Ok(n)
    }
);

build!(
    migrated,
    [version = 2, migrate = from_first],
    {
        #[contract]
        #[derive(Debug, Clone)]
        pub(super) struct Facts {
            pub(super) amount: u32,
        }
        #[step]
        async fn read(n: u32, #[state] counts: &Counts) -> Result<Facts> {
            counts.count("read");
            Ok(Facts { amount: n })
        }
        #[step]
        async fn score(facts: &Facts, #[state] counts: &Counts) -> Result<u32> {
            counts.count("score");
            Ok(facts.amount * 2)
        }
        fn from_first(run: &mut flow::run::Migration<'_>) -> Result<()> {
            assert_eq!(run.version(), 1);
            run.rename("extract", "read");
            run.outputs("read").for_each(|facts| *facts = flow::serde_json::json!({ "amount": facts["n"] }));
            run.forget("score");
            Ok(())
        }
    },
    |n, counts| {
        let facts = read(n, counts).await?;
        let n = score(&facts, counts).await?;
        flow::sleep("1d").await?;
        Ok(n)
    }
);

async fn begun() -> (Memory, Counts) {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    drop(runtime.start(first::screen(first::Input { n: 7 }).id("r")).await.unwrap());
    settle().await;
    runtime.shut_down(Duration::ZERO).await;
    assert_eq!(counts.all(), [("extract".into(), 1), ("score".into(), 1)]);
    (journal, counts)
}

#[tokio::test(start_paused = true)]
async fn what_has_grown_goes_on() {
    let (journal, counts) = begun().await;
    let runtime = process(&journal, &counts);
    assert_eq!(runtime.run(grown::screen(grown::Input { n: 7 }).id("r")).await.unwrap(), 107);
    assert_eq!(counts.all(), [("check".into(), 1), ("extract".into(), 1), ("later".into(), 1), ("score".into(), 1)]);
}

#[tokio::test(start_paused = true)]
async fn what_would_lose_a_result_is_refused_by_its_place() {
    let (journal, counts) = begun().await;
    let runtime = process(&journal, &counts);
    let error = runtime.run(renamed::screen(renamed::Input { n: 7 }).id("r")).await.unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::Diverged);
    let text = error.message();
    assert!(
        text.starts_with(
            "run `r` was started by another build of workflow `screen` and cannot continue in this one: `extract`: "
        ),
        "{text}"
    );
    assert!(text.contains("`score`: "), "{text}");
    let narrow = runtime.run(narrowed::screen(narrowed::Input { n: 7 }).id("r")).await.unwrap_err();
    assert!(narrow.message().contains("`extract`: ") && narrow.message().contains(".n"), "{narrow}");
    let newer = runtime.run(second::screen(second::Input { n: 7 }).id("r")).await.unwrap_err();
    assert!(
        newer.message().contains("it was started by version 1, and this is version 2, which has no `migrate"),
        "{newer}"
    );
    // Nothing was executed, and the original build can finish the run.
    assert_eq!(counts.all(), [("extract".into(), 1), ("score".into(), 1)]);
    assert_eq!(runtime.runs(&Query::all()).await.unwrap()[0].status, Status::Waiting);
    assert_eq!(runtime.run(first::screen(first::Input { n: 7 }).id("r")).await.unwrap(), 7);
}

#[tokio::test(start_paused = true)]
async fn a_workflow_takes_over_runs_of_an_earlier_version() {
    let (journal, counts) = begun().await;
    let runtime = process(&journal, &counts);
    drop(runtime.start(migrated::screen(migrated::Input { n: 7 }).id("r")).await.unwrap());
    settle().await;
    // Renamed steps keep their results, discarded ones run again, and the next process sees both.
    assert_eq!(counts.all(), [("extract".into(), 1), ("score".into(), 2)]);
    drop(runtime);
    let runtime = process(&journal, &counts);
    assert_eq!(runtime.run(migrated::screen(migrated::Input { n: 7 }).id("r")).await.unwrap(), 14);
    assert_eq!((counts.of("read"), counts.of("score")), (0, 2), "what this version has done is not forgotten");
}
