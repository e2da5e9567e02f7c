//! Tests of the data flow in bodies of every form.

mod ways;

use crate::errors::Errors;
use crate::model::{Bounding, Finding, Op, Origin, Seg, Source, Trace, What, Workflow};
use crate::parse::function::RawFunction;
use crate::parse::options::Entries;
use crate::parse::workflow::{options, signature, workflow};

fn read(body: &str) -> Workflow {
    let source =
        format!("async fn screen(resume: Resume, db: &Db) -> Result<u32> {{ {body} }}").replace("db:", "#[state] db:");
    let mut errors = Errors::default();
    let raw: RawFunction = syn::parse_str(&source).expect("a function");
    let options = options(Entries(Vec::new()), raw.name(), &mut errors);
    let function = signature(raw).model;
    let block = syn::parse2(function.body.clone().expect("a body")).expect("a block");
    let read = workflow(options, function, block);
    let refused: Vec<_> = read.findings.iter().filter(|finding| !is_harmless(finding)).map(|one| &one.at).collect();
    assert!(refused.is_empty(), "{refused:?} in {body}");
    read.model
}

/// Whether a workflow without limits may contain it.
fn is_harmless(finding: &Finding) -> bool {
    match finding.what {
        What::Bound(Bounding::Most { most, turns }) => turns <= Some(most),
        What::Bound(Bounding::UnboundedFor | Bounding::UnboundedMap) => true,
        _ => false,
    }
}

/// Every argument with an origin as `step.position < origin`, or `?` if it is lost. A part of the argument follows the
/// position.
fn edges(body: &str) -> Vec<String> {
    let workflow = read(body);
    let mut all = Vec::new();
    for node in &workflow.flow.nodes {
        for (position, argument) in node.arguments.iter().enumerate() {
            let mut parts: Vec<(String, Vec<String>)> = Vec::new();
            for (into, leaf) in argument.origin.leaves() {
                let from = match leaf {
                    Origin::Traced(trace) => origin(&workflow, trace),
                    _ => "?".to_owned(),
                };
                let into = written(&into);
                match parts.iter_mut().find(|(known, _)| *known == into) {
                    Some((_, all)) => all.push(from),
                    None => parts.push((into, vec![from])),
                }
            }
            for (into, from) in parts {
                all.push(format!("{}.{position}{into} < {}", name(&node.path), from.join(" | ")));
            }
        }
    }
    all
}

fn origin(workflow: &Workflow, trace: &Trace) -> String {
    let from = match trace.source {
        Source::Input(position) => workflow.function.arguments[position].name.to_string(),
        Source::Node(index) => format!("{}()", name(&workflow.flow.nodes[index].path)),
        Source::Binding(_) => "a variable".to_owned(),
    };
    from + &written(&trace.path)
}

fn written(path: &[Seg]) -> String {
    let path = path.iter().map(|seg| match seg {
        Seg::Field(name) => format!(".{name}"),
        Seg::Index(index) => format!(".{index}"),
        Seg::Item => "[]".to_owned(),
        Seg::Some => "?".to_owned(),
        Seg::Text => "~".to_owned(),
        Seg::Payload(variant, member) => format!("::{variant}.{member}"),
    });
    path.collect()
}

fn name(path: &syn::Path) -> String {
    path.segments.last().map_or(String::new(), |last| last.ident.to_string())
}

#[test]
fn a_sequence_passes_values_on() {
    assert_eq!(edges("let a = f(&resume).await?; g(a, 3, db).await"), ["f.0 < resume", "g.0 < f()"]);
    assert_eq!(edges("g(f(resume.text).await?).await"), ["f.0 < resume.text", "g.0 < f()"]);
}

#[test]
fn parts_are_followed() {
    assert_eq!(edges("let a = f().await?; g(&a.list[0].name).await"), ["g.0 < f().list[].name"]);
    assert_eq!(edges("let (a, b) = f().await?; g(b).await"), ["g.0 < f().1"]);
    assert_eq!(edges("let A { x, y: Some(z) } = f().await?; g(x, z).await"), ["g.0 < f()::A.x", "g.1 < f()::A.y?"]);
    assert_eq!(edges("let a = f().await?; g(a.mail.unwrap()).await"), ["g.0 < f().mail?"]);
}

#[test]
fn views_and_copies_are_the_value() {
    assert_eq!(
        edges("let a = f().await?; g(a.name.clone(), a.name.as_str()).await"),
        ["g.0 < f().name", "g.1 < f().name"]
    );
}

#[test]
fn plain_code_loses_the_origin() {
    assert_eq!(edges("let a = f().await?; g(format!(\"{a}\")).await"), ["g.0 < ?"]);
    assert_eq!(edges("let a = f().await?; g(a.x + 1).await"), ["g.0 < ?"]);
    assert_eq!(edges("let a = f().await?; g(join(&a)).await"), ["g.0 < ?"]);
    assert!(edges("let a = 1; g(a, \"x\", db).await").is_empty());
}

/// The edges of code after `let a = f().await?; let b = e().await?;`.
fn kept(code: &str) -> Vec<String> {
    edges(&format!("let a = f().await?; let b = e().await?; {code}"))
}

#[test]
fn what_is_put_together_keeps_its_parts() {
    assert_eq!(kept("g(B { x: a, y: 3 }).await"), ["g.0.x < f()"]);
    assert_eq!(kept("let c = B { x: a.name, ..b }; g(c).await"), ["g.0.x < f().name", "g.0 < e()"]);
    assert_eq!(kept("let c = B { x: a, y: b }; g(c.y).await"), ["g.0 < e()"]);
    assert_eq!(kept("let B { x, y } = B { x: a, y: b }; g(x).await"), ["g.0 < f()"]);
    assert_eq!(kept("g((a, b)).await"), ["g.0.0 < f()", "g.0.1 < e()"]);
    assert_eq!(kept("g(Some(a)).await"), ["g.0? < f()"]);
    assert_eq!(kept("g(Kind::Bug(a)).await"), ["g.0::Bug.0 < f()"]);
    assert_eq!(kept("g(vec![a, b]).await"), ["g.0[] < f() | e()"]);
    assert_eq!(kept("g(&[a.x, b.y]).await"), ["g.0[] < f().x | e().y"]);
    assert_eq!(kept("g(Box::new(a)).await"), ["g.0 < f()"]);
    assert_eq!(kept("g(if x { B { x: a } } else { b }).await"), ["g.0.x < f()", "g.0 < e()"]);
}

#[test]
fn methods_that_keep_the_value_are_followed() {
    assert_eq!(kept("g(a.name.to_string()).await"), ["g.0 < f().name~"]);
    assert_eq!(kept("g(a.list.first().cloned().unwrap_or_default()).await"), ["g.0 < f().list[]"]);
    assert_eq!(kept("g(a.mail.as_ref().map(|mail| mail.to.clone())).await"), ["g.0? < f().mail?.to"]);
    assert_eq!(kept("g(a.mail.unwrap_or(b.mail)).await"), ["g.0 < f().mail? | e().mail"]);
    assert_eq!(
        kept(
            "let c: Vec<_> = a.list.iter().filter(|one| one.x > b.x).map(|one| one.name.clone()).collect(); g(&c).await"
        ),
        ["g.0[] < f().list[].name"]
    );
    assert_eq!(
        kept("let c = a.list.into_iter().zip(b.list).map(|(x, y)| Pair { x, y }).collect(); g(c).await"),
        ["g.0[].x < f().list[]", "g.0[].y < e().list[]"]
    );
    assert_eq!(kept("for (i, x) in a.list.iter().enumerate() { g(x, i).await?; } Ok(1)"), ["g.0 < f().list[]"]);
    assert_eq!(
        edges("map(resume.parts.chunks(8).map(<[Part]>::to_vec), async |some| f(some).await).await"),
        ["f.0 < resume.parts"]
    );
    assert_eq!(kept("g(&a.list[1..]).await"), ["g.0 < f().list"]);
    assert_eq!(kept("g(a.list.iter().map(|x| x.n + 1).collect()).await"), ["g.0[] < ?"]);
}

#[test]
fn what_grows_keeps_its_parts() {
    assert_eq!(kept("let mut c = vec![]; c.push(a); c.push(b.x); g(c).await"), ["g.0[] < f() | e().x"]);
    assert_eq!(kept("let mut c = B::new(); c.x = a; c.list.push(b); g(c).await"), ["g.0.x < f()", "g.0.list[] < e()"]);
    assert_eq!(kept("let mut c = a.list; c.extend(b.list); g(c).await"), ["g.0 < f().list | e().list"]);
    assert_eq!(
        edges("let mut c = vec![]; for x in resume.parts { c.push(f(&x).await?); } g(c).await"),
        ["f.0 < resume.parts[]", "g.0[] < f()"]
    );
}

#[test]
fn a_loop_gives_what_it_is_left_with() {
    assert_eq!(kept("let c = loop { if x { break a; } break b.x; }; g(c).await"), ["g.0 < f() | e().x"]);
}

/// The calls whose output is never used.
fn unread(body: &str) -> Vec<String> {
    let flow = read(body).flow;
    flow.unread.iter().map(|index| name(&flow.nodes[*index].path)).collect()
}

#[test]
fn what_nobody_reads_is_known() {
    assert_eq!(unread("f().await?; Ok(1)"), ["f"]);
    assert_eq!(unread("let a = f().await?; Ok(1)"), ["f"]);
    assert_eq!(unread("let a = f().await?; let b = a.name.clone(); Ok(1)"), ["f"]);
    assert_eq!(unread("let (a, b) = try_join!(f(), e())?; Ok(b)"), ["f"]);
    assert_eq!(unread("map(resume.parts, async |x| f(x).await).await?; Ok(1)"), ["f"]);
    for body in [
        "f().await",
        "let _ = f().await?; Ok(1)",
        "let _a = f().await?; Ok(1)",
        "let (_, b) = try_join!(f(), e())?; Ok(b)",
        "if f().await?.ok { return Ok(2) } Ok(1)",
        "match f().await? { A => Ok(1), B => Ok(2) }",
        "let a = f().await?; for x in &a.list { } Ok(1)",
        "let a = f().await?; log(&a); Ok(1)",
        "let a = f().await?; if x { bail!(\"{a}\"); } Ok(1)",
        "let Some(a) = f().await? else { return Ok(2) }; Ok(1)",
        "let mut all = vec![]; for x in resume.parts { all.push(f(x).await?); } Ok(all)",
        "let a = f().await?; let n = a.list.len(); Ok(n)",
    ] {
        assert!(unread(body).is_empty(), "{body}");
    }
}

#[test]
fn what_is_never_come_to_is_known() {
    let unreachable = |body: &str| {
        let flow = read(body).flow;
        flow.unreachable.iter().map(|range| name(&flow.nodes[range.start].path)).collect::<Vec<_>>()
    };
    assert_eq!(unreachable("return f().await; g().await"), ["g"]);
    assert_eq!(unreachable("if x { bail!(\"no\"); g().await?; } h().await"), ["g"]);
    assert_eq!(unreachable("if false { g().await?; } h().await"), ["g"]);
    assert_eq!(unreachable("for _ in 0..0 { g().await?; } h().await"), ["g"]);
    assert!(unreachable("if x { return f().await; } g().await").is_empty());
    assert_eq!(unreachable("return f().await; g().await?; h().await"), ["g"], "the first of several");
    assert!(unreachable("#[bound(2, break)] loop { f().await?; } h().await").is_empty());
    assert!(unreachable("#[bound(2)] loop { if g().await? { break; } } h().await").is_empty());
}

#[test]
fn what_is_added_to_a_variable_mixes_it() {
    assert_eq!(edges("let mut a = f().await?; a += e().await?.x; g(a).await"), ["g.0 < f() | ?"]);
    assert_eq!(edges("let mut a = 0; let b = f().await?; a += b.x; g(a).await"), ["g.0 < ?"]);
    assert_eq!(edges("let mut a = f().await?; a += 1; g(a).await"), ["g.0 < f()"]);
    assert_eq!(edges("let mut a = f().await?; a.n |= e().await?; g(&a).await"), ["g.0 < f()", "g.0.n < ?"]);
}

#[test]
fn branches_join_their_values() {
    let both = ["g.0 < e() | f()"];
    assert_eq!(edges("let a = if x { e().await? } else { f().await? }; g(a).await"), both);
    assert_eq!(edges("let a = match x { 0 => e().await?, _ => f().await? }; g(a).await"), both);
    assert_eq!(edges("let mut a = e().await?; if x { a = f().await?; } g(a).await"), both);
}

#[test]
fn arms_take_values_apart() {
    assert_eq!(
        edges("match f().await? { R::Accept(x) | R::Edit(x) => g(x).await, R::Reject { reason } => h(reason).await }"),
        ["g.0 < f()::Accept.0 | f()::Edit.0", "h.0 < f()::Reject.reason"]
    );
    assert_eq!(edges("let Some(x) = f().await? else { return Ok(1) }; g(x).await"), ["g.0 < f()?"]);
    assert_eq!(
        edges("if let Some(x) = f().await? && let Some(y) = x.next { g(y).await?; } Ok(1)"),
        ["g.0 < f()?.next?"]
    );
}

#[test]
fn a_loop_reads_what_its_end_assigns() {
    assert_eq!(
        edges("let mut a = f().await?; #[bound(3)] while x { a = g(a).await?; } h(a).await"),
        ["g.0 < f() | g()", "h.0 < f() | g()"]
    );
    assert_eq!(edges("let all = f().await?; for one in &all { g(one).await?; } Ok(1)"), ["g.0 < f()[]"]);
}

#[test]
fn parallel_branches_are_a_tuple() {
    assert_eq!(
        edges("let (a, b) = try_join!(f(&resume), async { let x = g().await?; h(x).await })?; k(a, b).await"),
        ["f.0 < resume", "h.0 < g()", "k.0 < f()", "k.1 < h()"]
    );
}

#[test]
fn a_map_passes_items() {
    assert_eq!(
        edges("let all = map(resume.parts, async |part| f(part).await).bound(3).await?; g(all).await"),
        ["f.0 < resume.parts[]", "g.0[] < f()"]
    );
}

#[test]
fn an_inner_scope_shadows_and_ends() {
    assert_eq!(
        edges("let a = e().await?; { let a = f().await?; g(a).await?; } h(a).await"),
        ["g.0 < f()", "h.0 < e()"]
    );
}

#[test]
fn calls_of_one_name_are_counted() {
    let workflow = read("f().await?; g().await?; steps::f().await?; f().id(\"last\").await");
    let ids: Vec<_> = workflow.flow.nodes.iter().map(|node| (name(&node.path), node.ordinal)).collect();
    assert_eq!(ids, [("f".into(), 1), ("g".into(), 1), ("f".into(), 2), ("f".into(), 1)]);
}

#[test]
fn control_without_steps_is_no_part_of_the_graph() {
    let workflow = read("let mut n = 0; for i in 0..9 { n += i; } if n > 3 { n = 1; } f(n).await");
    assert!(matches!(workflow.flow.structure[..], [Op::Step(0)]));
}

/// Each argument with an origin as `step.position < sources`, followed by the output of the workflow.
fn made_of(body: &str) -> Vec<String> {
    let workflow = read(body);
    let told = |sources: &[Source]| {
        let names = sources.iter().map(|source| origin(&workflow, &Trace { source: *source, path: Vec::new() }));
        names.collect::<Vec<_>>().join(" + ")
    };
    let mut all = Vec::new();
    for node in &workflow.flow.nodes {
        for (position, argument) in node.arguments.iter().enumerate() {
            let made_of = argument.origin.sources();
            if !made_of.is_empty() {
                all.push(format!("{}.{position} < {}", name(&node.path), told(&made_of)));
            }
        }
    }
    all.push(format!("output < {}", told(&workflow.flow.output)));
    all
}

#[test]
fn plain_code_is_made_of_what_it_mentions() {
    let g = |code: &str| made_of(&format!("let a = f().await?; let b = e().await?; g({code}).await?; Ok(1)")).remove(0);
    for code in [
        "Mail { to: 1, text: a.text }",
        "format!(\"{}\", a.text)",
        "format!(\"Dear {a}\")",
        "Some(a.len() + 1)",
        "a.text.trim().replace('x', \"y\")",
        "[1, 2].iter().map(|n| n + a.len()).sum()",
        "if a.long { a } else { 3 }",
        "{ let c = a.text; vec![c] }",
        "'found: { break 'found a.text; }",
        "loop { break a.text }",
    ] {
        assert_eq!(g(code), "g.0 < f()", "{code}");
    }
    assert_eq!(g("join(&a, &b)"), "g.0 < f() + e()");
    assert_eq!(g("(a, b).1"), "g.0 < e()");
    assert_eq!(g("format!(\"Dear {}\", resume)"), "g.0 < resume");
}

#[test]
fn what_is_put_into_a_variable_is_in_it() {
    let g = |code: &str| {
        let body =
            format!("let a = f().await?; let b = e().await?; let mut m = Mail::new(); {code} g(&m).await?; Ok(1)");
        made_of(&body).remove(0)
    };
    for code in [
        "m.push_str(&a.text);",
        "m.set_text(&a.text);",
        "m.text = a.text;",
        "m += &a.text;",
        "fill(&mut m, &a);",
        "a.fill(&mut m);",
        "write!(m, \"{}\", a.text)?;",
        "fill!(&mut m, a);",
        "a.lines().for_each(|line| m.push_str(line));",
        "a.lines().for_each(|line| m.text = line);",
        "for part in &mut m { part.text = a.text; }",
        "for part in m.iter_mut() { part.set(&a); }",
        "let part = &mut m; part.push(a.text);",
        "let c; (m, c) = (a, 3);",
    ] {
        assert_eq!(g(code), "g.0 < f()", "{code}");
    }
    assert_eq!(g("if m.contains(&a) { } m.push(b);"), "g.0 < e()", "reading changes nothing");
}

#[test]
fn the_output_is_made_of_all_that_is_returned() {
    let output = |body: &str| made_of(body).pop().unwrap_or_default();
    assert_eq!(output("f().await"), "output < f()");
    assert_eq!(output("let a = f().await?; if a.b { return Ok(a); } g(1).await"), "output < g() + f()");
    assert_eq!(output("map(list, async |x| { let y = f(x).await?; g(&y).await }).await"), "output < g()");
    assert_eq!(output("map(list, async |x| { if x { return e().await; } g(1).await }).await"), "output < g() + e()");
    assert_eq!(output("let (a, b) = try_join!(f(), async { Ok(g(1).await?.x) })?; Ok(b)"), "output < g()");
    assert_eq!(output("match f().await { Ok(a) => Ok(a), Err(error) => Ok(error.to_string()) }"), "output < f()");
    assert_eq!(output("f().await?; Ok(resume.years)"), "output < resume");
}

#[test]
fn a_list_that_is_walked_in_a_loop_ends() {
    let body = "let mut a = f().await?; #[bound(9)] while a.more { g(&a).await?; a = a.next; } Ok(a.last)";
    assert_eq!(made_of(body), ["g.0 < f()", "output < f()"]);
}

/// The calls whose `Result` a body drops.
fn dropped(body: &str) -> Vec<String> {
    let flow = read(body).flow;
    flow.dropped.iter().map(|index| name(&flow.nodes[*index].path)).collect()
}

#[test]
fn a_result_that_nobody_takes_is_found() {
    assert_eq!(dropped("a().await; Ok(1)"), ["a"]);
    assert_eq!(dropped("a(b().await?).await; (c().await); Ok(1)"), ["a", "c"]);
    assert_eq!(dropped("if x { a().await } else if y { b().await } else { c().await }; Ok(1)"), ["a", "b", "c"]);
    assert_eq!(dropped("if x { a().await } Ok(1)"), ["a"]);
    assert_eq!(dropped("if x { a().await; } else { b().await?; } Ok(1)"), ["a"]);
    assert_eq!(dropped("match x { 1 => a().await, 2 => { b().await } _ => { c().await?; } } Ok(1)"), ["a", "b"]);
    assert_eq!(dropped("match x { 1 => a().await, _ => Ok(2) }; Ok(1)"), ["a"]);
    assert_eq!(
        dropped("for x in y { a().await } #[bound(2)] loop { b().await } #[bound(2)] while x { c().await } Ok(1)"),
        ["a", "b", "c"]
    );
    assert_eq!(dropped("{ let x = a().await?; b(x).await }; unsafe { c().await }; Ok(1)"), ["b", "c"]);
    assert_eq!(dropped("(a().await, [b().await, c().await]); Ok(1)"), ["a", "b", "c"]);
    assert_eq!(dropped("map(x, async |y| { a(y).await; b(y).await }).await?; Ok(1)"), ["a"]);
    assert_eq!(dropped("try_join!(async { a().await; b().await }, c())?; Ok(1)"), ["a"]);
    assert_eq!(dropped("a().model(FAST).id(\"b\").await; Ok(1)"), ["a"]);
    assert_eq!(dropped("a().await.map_err(f).map(g); &b().await; Some(c().await); Ok(1)"), ["a", "b", "c"]);
    assert_eq!(dropped("'x: { if y { break 'x a().await; } b().await } Ok(1)"), ["a", "b"]);
    assert_eq!(
        dropped("#[bound(2)] 'x: loop { #[bound(2)] loop { if y { break b().await?; } break 'x a().await; }; } Ok(1)"),
        ["a"]
    );
}

#[test]
fn a_result_that_is_taken_is_not() {
    for body in [
        "a().await?; Ok(1)",
        "let _ = a().await; let _x = a().await; _ = a().await; Ok(1)",
        "drop(a().await); a().await.ok(); Ok(1)",
        "a().await.inspect_err(f).ok(); b().await.unwrap_or_else(f); Ok(1)",
        "let x = 'x: { if y { break 'x a().await; } b().await }; x",
        "if a().await.is_ok() { return b().await; } c().await",
        "match a().await { Ok(x) => b().await, Err(_) => c().await }",
        "if x { a().await } else { b().await }",
        "let x = if y { a().await } else { b().await }; x",
        "let x = { a().await }; let x = #[bound(2)] loop { break b().await }; x",
        "let all = map(x, async |y| a(y).await).settle().await?; Ok(1)",
        "let (x, y) = join!(a(), async { b().await }); x",
        "match a().await { Ok(x) => b().await?, Err(_) => {} } Ok(1)",
        // rustc reports a semicolon that drops the result of a function.
        "a().await;",
    ] {
        assert_eq!(dropped(body), [""; 0], "{body}");
    }
}
