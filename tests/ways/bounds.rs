//! The cost of a path that leaves early is not added to the cost of what follows.

use flow::graphs::Meta;
use flow::prelude::*;
use flow::serde_json::Value;

use super::script::{Script, ask, may, work};

/// Workflows with their expected bounds.
macro_rules! workflows {
    ($script:ident, $($name:ident: $most:expr, { $($body:tt)* })*) => {
        #[allow(unreachable_code, unused_variables, clippy::all, reason = "includes unreachable paths")]
        mod all {
            use super::*;
            $(
                #[workflow]
                pub(super) async fn $name(#[state] $script: &Script) -> Result<u32> { $($body)* }
            )*
        }

        #[test]
        fn each_bound_is_that_of_the_dearest_way() {
            $(assert_eq!(flow::meta(&all::$name).bounds().max_steps, Some($most), stringify!($name));)*
        }

        #[test]
        fn the_terms_come_to_the_bound() {
            $(adds_up(flow::meta(&all::$name));)*
        }
    };
}

workflows! {
    script,
    returned: 3, {
        if script.flag() {
            work().await?;
            work().await?;
            return work().await;
        }
        work().await
    }
    bailed: 2, {
        if script.flag() {
            work().await?;
            flow::bail!("no");
        }
        work().await?;
        work().await
    }
    otherwise: 3, {
        let Ok(_) = may(script).await else {
            work().await?;
            return work().await;
        };
        Ok(1)
    }
    handled: 3, {
        match may(script).await {
            Ok(_) => {
                work().await?;
            }
            Err(_) => return work().await,
        }
        work().await
    }
    all_arms_leave: 3, {
        match may(script).await {
            Ok(_) => {
                work().await?;
                return work().await;
            }
            Err(_) => flow::bail!("no"),
        }
    }
    // Nine turns and the one that breaks, plus the step after the loop.
    broken: 9 + 2 + 1, {
        for _ in 0..10 {
            work().await?;
            if script.flag() {
                work().await?;
                break;
            }
        }
        work().await
    }
    // The same, but nothing follows the loop.
    returned_from_a_loop: 9 + 3, {
        for _ in 0..10 {
            work().await?;
            if script.flag() {
                work().await?;
                return work().await;
            }
        }
        Ok(1)
    }
    // Only a turn that continues leads to another one.
    one_turn: 2, {
        for _ in 0..10 {
            work().await?;
            return work().await;
        }
        Ok(1)
    }
    continued: 10 * 2, {
        for _ in 0..10 {
            if script.flag() {
                work().await?;
                work().await?;
                continue;
            }
            work().await?;
        }
        Ok(1)
    }
    // Three full turns that then fail at the bound cost more than breaking out of the third.
    endless: 3 * 2, {
        #[bound(3)]
        loop {
            work().await?;
            if script.flag() {
                break;
            }
            work().await?;
        }
        Ok(1)
    }
    // The condition is evaluated before each turn, including the one that returns.
    asked: 5 + 4 + 2, {
        #[bound(5)]
        while ask(script).await? {
            if script.flag() {
                work().await?;
                return work().await;
            }
            work().await?;
        }
        Ok(1)
    }
    // Two outer turns of 1 + 3, then one that leaves in the third turn of the inner loop.
    labelled: 2 * (1 + 3) + 1 + 2 + 2 + 1, {
        'outer: for _ in 0..3 {
            work().await?;
            for _ in 0..3 {
                work().await?;
                if script.flag() {
                    work().await?;
                    break 'outer;
                }
            }
        }
        work().await
    }
    next_outer: 3 * (2 + 2), {
        'outer: for _ in 0..3 {
            for _ in 0..3 {
                work().await?;
                if script.flag() {
                    work().await?;
                    continue 'outer;
                }
            }
            Err(flow::Error::terminal("no"))?;
        }
        Ok(1)
    }
    block: 3, {
        'found: {
            work().await?;
            if script.flag() {
                work().await?;
                break 'found;
            }
        }
        work().await
    }
    // Leaving an item or a branch ends only that item or branch.
    items: 4 * 2 + 1, {
        map(vec![1, 2], async |_n: u32| {
            if script.flag() {
                work().await?;
                return work().await;
            }
            work().await
        })
        .bound(4)
        .await?;
        work().await
    }
    branches: 2 + 1 + 1, {
        let _ = join!(
            async {
                if script.flag() {
                    work().await?;
                    return work().await;
                }
                work().await
            },
            work()
        );
        work().await
    }
    skipped: 2, {
        if script.flag() && ask(script).await? { work().await } else { Ok(1) }
    }
    behind_the_end: 1, {
        return work().await;
        work().await
    }
    unbounded_but_free: 1, {
        for n in [1, 2].iter().cycle() {
            if *n == 2 {
                return work().await;
            }
        }
        Ok(1)
    }
}

/// Top-level terms add up to the bound; nested terms add up to their parent's value, or to one turn or item of it.
fn adds_up(meta: &'static Meta) {
    let json = meta.to_bounds_json();
    let steps = &json["max_steps"];
    let number = |value: &Value| value.as_u64().expect("a number");
    let terms = steps["terms"].as_array().expect("terms");
    let (text, depth) = (meta.to_bounds_text(), |term: &Value| number(&term["depth"]));
    let below = |first: usize, wanted: u64| -> u64 {
        let inside = terms[first..].iter().take_while(|term| depth(term) >= wanted);
        inside.filter(|term| depth(term) == wanted).map(|term| number(&term["value"])).sum()
    };
    assert_eq!(below(0, 0), number(&steps["value"]), "{text}");
    for (at, term) in terms.iter().enumerate() {
        let (parts, value) = (below(at + 1, depth(term) + 1), number(&term["value"]));
        let text = term["text"].as_str().expect("a text");
        let times = text.rsplit_once(": ").and_then(|(_, sum)| sum.split_once(" × ")?.0.parse().ok()).unwrap_or(1);
        assert!(parts == 0 || parts * times == value, "{text}: {parts} in\n{}", meta.to_bounds_text());
    }
}
