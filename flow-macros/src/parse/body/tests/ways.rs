//! Tests of the control flow in bodies of every form.

use super::{name, read};
use crate::model::{Block, Ending, Leave, Op, Workflow};

/// The structure on one line: `f if x { then: g end ok | else: } h`.
fn ways(body: &str) -> String {
    let workflow = read(body);
    let mut open: Vec<bool> = Vec::new();
    let mut words = Vec::new();
    for op in &workflow.flow.structure {
        match op {
            Op::Step(index) => words.push(name(&workflow.flow.nodes[*index].path)),
            Op::Open(block) => {
                words.push(format!("{} {{", head(&workflow, block)));
                open.push(true);
            }
            Op::Arm(label) => {
                if open.last_mut().is_some_and(|first| !std::mem::take(first)) {
                    words.push("|".to_owned());
                }
                words.push(format!("{label}:"));
            }
            Op::Close => {
                open.pop();
                words.push("}".to_owned());
            }
            Op::Leave(leave) => words.push(way(*leave)),
        }
    }
    words.join(" ")
}

fn head(workflow: &Workflow, block: &Block) -> String {
    match block {
        Block::Branch { on } => on.clone(),
        Block::Parallel => "join".to_owned(),
        Block::Race(_) => "race".to_owned(),
        Block::Labelled(label) => label.clone(),
        Block::Loop(index) if !workflow.flow.loops[*index].ends => {
            format!("{} for ever", workflow.flow.loops[*index].head)
        }
        Block::Loop(index) => workflow.flow.loops[*index].head.clone(),
        Block::Map(index) => format!("map {}", workflow.flow.maps[*index].over),
    }
}

fn way(leave: Leave) -> String {
    match leave {
        Leave::Break(blocks) => format!("break {blocks}"),
        Leave::Continue(blocks) => format!("continue {blocks}"),
        Leave::End(Ending::Ok) => "end ok".to_owned(),
        Leave::End(Ending::Error) => "end error".to_owned(),
        Leave::End(Ending::Either) => "end either".to_owned(),
    }
}

#[test]
fn arms_that_leave_say_where_to() {
    for (body, expected) in [
        ("if x { f().await?; return Ok(1); } g().await", "if x { then: f end ok | else: } g"),
        ("if x { return f().await; } g().await", "if x { then: f end either | else: } g"),
        ("if x { bail!(\"no\"); } g().await", "if x { then: end error | else: } g"),
        ("if x { return Err(error()); } g().await", "if x { then: end error | else: } g"),
        ("if x { Err(error())?; } g().await", "if x { then: end error | else: } g"),
        ("if x { panic!() } g().await", "if x { then: end error | else: } g"),
        ("if x { std::process::exit(3); } g().await", "if x { then: end error | else: } g"),
        ("if x { todo!() } else { f().await?; } g().await", "if x { then: end error | else: f } g"),
        ("let Some(a) = f().await? else { return Ok(1) }; g(a).await", "f let Some(a) { matches: | else: end ok } g"),
        (
            "let a = match f().await? { A(a) => a, B => return g().await, C => bail!() }; h(a).await",
            "f match f() { A(a): | B: g end either | C: end error } h",
        ),
        ("let a = f(if x { return Ok(1) } else { 2 }).await?; Ok(a)", "if x { then: end ok | else: } f"),
        ("unless!(x, return Ok(1)); f().await", "unless!(x, return Ok(1)) { goes on: | returns: end either } f"),
        ("return Ok(f().await?);", "f"),
        ("f().await?; if x { return Err(e) } else { return Ok(1) }", "f if x { then: end error | else: end ok }"),
        (
            "return match f().await? { A => Ok(1), B => Err(e), C => g().await };",
            "f match f() { A: | B: end error | C: g } ",
        ),
        (
            "match f().await? { A => Ok(1), B => Err(e), C => { if x { bail!() } Ok(3) } }",
            "f match f() { A: | B: end error | C: if x { then: end error | else: } }",
        ),
        (
            "if x { if y { return Ok(1) } f().await?; } g().await",
            "if x { then: if y { then: end ok | else: } f | else: } g",
        ),
    ] {
        assert_eq!(ways(body), expected.trim_end(), "{body}");
    }
}

#[test]
fn loops_are_left_where_they_are() {
    for (body, expected) in [
        (
            "#[bound(3)] loop { if f().await? { break; } g().await?; } h().await",
            "loop for ever { condition: | body: f if f() { then: break 1 | else: } g } h",
        ),
        ("#[bound(3, break)] loop { f().await?; } h().await", "loop { condition: | body: f } h"),
        (
            "for x in xs { if x { continue; } f().await?; } g().await",
            "for x in xs { condition: | body: if x { then: continue 1 | else: } f } g",
        ),
        (
            "'outer: for x in xs { for y in x { if y { break 'outer; } if z { continue 'outer; } f().await?; } g().await?; } h().await",
            "for x in xs { condition: | body: for y in x { condition: | body: if y { then: break 2 | else: } if z { then: continue 2 | else: } f } g } h",
        ),
        (
            "#[bound(3)] while f().await? { if x { return Ok(1) } } g().await",
            "while f() { condition: f | body: if x { then: end ok | else: } } g",
        ),
        (
            "#[bound(3)] while let Some(a) = f().await? { g(a).await?; } h().await",
            "while let Some(a) = f() { condition: f | body: g } h",
        ),
        (
            "let a = #[bound(3)] loop { let a = f().await?; if a.ok { break a } }; g(a).await",
            "loop for ever { condition: | body: f if a.ok { then: break 1 | else: } } g",
        ),
        (
            "'a: { f().await?; if x { break 'a; } g().await?; } h().await",
            "'a { : f if x { then: break 1 | else: } g } h",
        ),
        ("let a = 'a: { if x { break 'a 3; } f().await? }; g(a).await", "'a { : if x { then: break 1 | else: } f } g"),
        (
            "#[bound(3)] loop { match f().await? { 0 => break Err(e), 1 => {}, n => break Ok(n) } }",
            "loop for ever { condition: | body: f match f() { 0: end error | 1: | n: break 1 } }",
        ),
        // The first iteration always runs, and nothing leads to a second one.
        (
            "for _ in 0..2 { f().await?; if x { break } return Ok(1) } g().await",
            "for _ in 0..2 for ever { condition: | body: f if x { then: break 1 | else: } end ok } g",
        ),
        (
            "#[bound(2, break)] loop { f().await?; if x { break } return Ok(1) } g().await",
            "loop for ever { condition: | body: f if x { then: break 1 | else: } end ok } g",
        ),
        (
            "for _ in 0..2 { if x { return Ok(1) } bail!() } g().await",
            "for _ in 0..2 { body: if x { then: end ok | else: } end error } g",
        ),
        // A loop without steps is drawn if control can leave it.
        (
            "for x in xs { if x { return Ok(1) } } g().await",
            "for x in xs { body: if x { then: end ok | else: } continue 0 | done: } g",
        ),
        (
            "loop { if x { return Ok(1) } if y { break } x = next(); } g().await",
            "loop { body: if x { then: end ok | else: } if y { then: break 1 | else: } continue 0 } g",
        ),
        (
            "#[bound(2)] while x { for y in z { if y { continue } if z { break } n += 1; } f().await?; } g().await",
            "while x { condition: | body: f } g",
        ),
        (
            "'a: for x in xs { for y in x { if y { continue 'a } } f().await?; } g().await",
            "for x in xs { condition: | body: for y in x { body: if y { then: continue 2 | else: } continue 0 | done: } f } g",
        ),
    ] {
        assert_eq!(ways(body), expected, "{body}");
    }
}

#[test]
fn what_ends_an_item_or_a_branch_ends_no_more() {
    assert_eq!(
        ways("map(xs, async |x| { if x { return Ok(1) } f(x).await }).await?; g().await"),
        "map xs { each: if x { then: end ok | else: } f } g"
    );
    assert_eq!(
        ways("try_join!(async { if x { bail!() } f().await }, g())?; h().await"),
        "join { : if x { then: end error | else: } f | : g } h"
    );
    let closure = "let a = xs.iter().map(|x| { if x { return 1 } 2 }).collect(); f(a).await";
    assert_eq!(ways(closure), "f", "a closure of plain code returns to the workflow");
}

#[test]
fn a_failure_that_ends_less_than_the_workflow_is_drawn() {
    let fails = "f f(x)? { Ok: | Err: end error } g";
    for (body, expected) in [
        (
            "map(xs, async |x| { f(x).await?; g(x).await }).settle().await?; h().await",
            format!("map xs {{ each: {fails} }} h"),
        ),
        ("join!(async { f(x).await?; g(x).await }, h())", format!("join {{ : {fails} | : h }}")),
        (
            "let all = map(xs, async |x| { f(x).await?; g(x).await }).await; h(all.is_ok()).await",
            format!("map xs {{ each: {fails} }} h"),
        ),
        (
            "join!(async { map(xs, async |x| { f(x).await?; g(x).await }).await }, h())",
            format!("join {{ : map xs {{ each: {fails} }} | : h }}"),
        ),
        (
            "join!(async { #[bound(2)] while x { f().await; } Ok(1) }, h())",
            "join { : while x { condition: | body: past 2 rounds { no: | yes: end error } f } | : h }".to_owned(),
        ),
        // These end the workflow.
        ("map(xs, async |x| { f(x).await?; g(x).await }).await?; h().await", "map xs { each: f g } h".to_owned()),
        ("try_join!(async { f(x).await?; g(x).await }, h())", "join { : f g | : h }".to_owned()),
        (
            "map(xs, async |x| { map(x, async |y| { f(y).await?; g(y).await }).await }).await",
            "map xs { each: map x { each: f g } }".to_owned(),
        ),
    ] {
        assert_eq!(ways(body), expected, "{body}");
    }
}

#[test]
fn what_may_be_skipped_is_a_branch() {
    assert_eq!(
        ways("if x && f().await? { g().await?; } h().await",),
        "x { true: f | false: } if x && f() { then: g | else: } h"
    );
    assert_eq!(ways("let a = x || f().await?; g(a).await"), "x { false: f | true: } g");
    assert_eq!(ways("x || return Ok(1); g().await"), "x { false: end ok | true: } g");
    assert_eq!(ways("let a = x && y; g(a).await"), "g");
}

#[test]
fn arms_that_handle_a_result_are_drawn() {
    for (body, expected) in [
        ("let a = match f().await { Ok(a) => a, Err(_) => 0 }; g(a).await", "f match f() { Ok(a): | Err(_): } g"),
        ("let a = f().await; let a = match a { Ok(a) => a, _ => 0 }; g(a).await", "f match a { Ok(a): | _: } g"),
        ("if let Err(e) = f().await { n = 0; } g().await", "f if let Err(e) = f() { then: | else: } g"),
        ("let a = f().await; if a.is_err() { n = 0; } g().await", "f if a.is_err() { then: | else: } g"),
        (
            "match join!(f(), g()) { (Ok(a), Ok(b)) => a, _ => 0 }; h().await",
            "join { : f | : g } match join!(f(), g()) { (Ok(a), Ok(b)): | _: } h",
        ),
        (
            "match map(xs, async |x| f(x).await).await { Ok(a) => a, Err(e) => vec![] }; h().await",
            "map xs { each: f } match map(xs, async | x | f(x)) { Ok(a): | Err(e): } h",
        ),
        (
            "let a = f().await; if matches!(a, Err(_)) { n = 0; } g().await",
            "f if matches!(a, Err(_)) { then: | else: } g",
        ),
        ("match f().await { a if a.is_err() => 0, a => 1 }; g().await", "f match f() { a if a.is_err(): | a: } g"),
        ("let Some(a) = f().await.ok() else { loop { break } }; g().await", "f let Some(a) { matches: | else: } g"),
        ("if f().await.err().is_some() { n = 0; } g().await", "f if f().err().is_some() { then: | else: } g"),
        (
            "if let Some(Err(e)) = map(xs, async |x| f(x).await).settle().await?.pop() { n = 0; } g().await",
            "map xs { each: f } if let Some(Err(e)) = map(xs, async | x | f(x)).settle().pop() { then: | else: } g",
        ),
        // These do not handle the error of a step.
        ("let a = f().await?; let n = match a.text.parse() { Ok(n) => n, Err(_) => 0 }; g(n).await", "f g"),
        ("let a = f().await?; let n = match a { A => 1, B => 2 }; g(n).await", "f g"),
    ] {
        assert_eq!(ways(body), expected, "{body}");
    }
}

#[test]
fn what_stands_behind_the_end_is_never_come_to() {
    let unreachable = |body: &str| {
        let flow = read(body).flow;
        flow.unreachable.iter().map(|range| name(&flow.nodes[range.start].path)).collect::<Vec<_>>()
    };
    for body in [
        "return Ok(1); g().await",
        "flow::bail!(\"no\"); g().await",
        "for x in xs { if a { break; } else { continue; } g().await?; } h().await",
        "match a { 0 => return Ok(1), _ => { b(); panic!() } } g().await",
        "loop { b(); } g().await",
        "loop { while a { break; } } g().await",
        "loop { if a { return Ok(1) } } g().await",
        "let a = return Ok(3); g().await",
        "k(return Ok(3)); g().await",
        "f(return Ok(3)).await?; h().await",
        "'a: { break 'a; g().await?; } h().await",
        "#[bound(9)] 'a: loop { loop { break 'a; } g().await?; } h().await",
        "Err(e)?; g().await",
        "std::process::abort(); g().await",
        "while true { b(); } g().await",
        "for _ in 0..3 { return Ok(1); } g().await",
    ] {
        let expected = if body.contains("f(return") { ["f"] } else { ["g"] };
        assert_eq!(unreachable(body)[..1], expected, "{body}");
    }
    for body in [
        "if a { return Ok(1); } g().await",
        "match a { 0 => return Ok(1), _ => {} } g().await",
        "loop { if a { break; } } g().await",
        "'all: loop { for a in b { break 'all; } } g().await",
        "while a { return Ok(1); } g().await",
        "for a in b { return Ok(1); } g().await",
        "for _ in 0..3 { if x { continue; } return Ok(1); } g().await",
        "let a = 3; g().await",
        "'a: { break 'a; } g().await",
        "let b = 'a: { if c { break 'a 1; } return Ok(1) }; g().await",
        "let f = |a| { return a; }; g().await",
        "a || return Ok(1); g().await",
    ] {
        assert!(unreachable(body).is_empty(), "{body}");
    }
}
