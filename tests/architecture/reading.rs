//! What counts as a need of one file for another, shown on small crates.

use crate::circles::{circles, needs, told};
use crate::modules::{Files, Modules};
use crate::names::uses;

fn modules(files: &[(&str, &str)]) -> Modules {
    let files: Files = files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    Modules::of(&files)
}

/// The needs of a crate: `a → b (names)`.
#[track_caller]
fn assert_needs(files: &[(&str, &str)], expected: &[&str]) {
    let needs = needs(&modules(files));
    let each = needs.iter().flat_map(|(from, needed)| needed.iter().map(move |(to, names)| (from, to, names)));
    let told: Vec<_> = each
        .map(|(from, to, names)| format!("{from} → {to} ({})", names.iter().cloned().collect::<Vec<_>>().join(", ")))
        .collect();
    assert_eq!(told, expected);
}

/// The needs of a file `a`, next to a file `b` and a module `c` with another file.
#[track_caller]
fn assert_a_needs(text: &str, expected: &[&str]) {
    let files = [
        ("lib.rs", "mod a; mod b; mod c;"),
        ("a.rs", text),
        ("b.rs", "pub struct B; pub fn f() {} pub enum Kind { One }"),
        ("c/mod.rs", "mod d; pub use d::D; pub use std::fmt::Debug; pub fn g() {}"),
        ("c/d.rs", "pub struct D; impl D { pub fn g() {} pub const B: u8 = 1; }"),
    ];
    assert_needs(&files, expected);
}

#[track_caller]
fn assert_circles(files: &[(&str, &str)], expected: &[&str]) {
    let needs = needs(&modules(files));
    let told: Vec<_> = circles(&needs).iter().map(|circle| told(circle, &needs)).collect();
    assert_eq!(told, expected);
}

#[test]
fn two_files_that_need_each_other_are_a_circle() {
    let files = [
        ("lib.rs", "mod a; mod b; mod c;"),
        ("a.rs", "use crate::b::{B, f}; pub struct A;"),
        ("b.rs", "pub struct B(super::a::A); pub fn f() {}"),
        ("c.rs", "use crate::a::A;"),
    ];
    assert_circles(&files, &["a → b (B, f) → a (A)"]);
}

#[test]
fn a_knot_is_told_by_its_shortest_circles() {
    let files = [
        ("lib.rs", "mod a; mod b; mod c; mod d;"),
        ("a.rs", "use crate::b::B; pub struct A;"),
        ("b.rs", "use crate::c::C; pub struct B;"),
        ("c.rs", "use crate::{a::A, b::B}; pub struct C;"),
        ("d.rs", "use crate::c::C;"),
    ];
    assert_circles(&files, &["b → c (C) → b (B)", "a → b (B) → c (C) → a (A)"]);
}

#[test]
fn a_parent_and_its_child_are_a_circle_if_both_use_the_other() {
    let parent = "mod child; pub use child::Child; pub struct Parent";
    let child = "use super::Parent; pub struct Child;";
    let crate_of = |rest: &str| {
        let parent = format!("{parent}{rest}");
        needs(&modules(&[("lib.rs", "mod p;"), ("p.rs", &parent), ("p/child.rs", child)]))
    };
    assert_eq!(circles(&crate_of(";")), Vec::<Vec<String>>::new());
    // Its own re-export is used.
    assert_eq!(circles(&crate_of("(Child);")), [["p", "p/child"]]);
    assert_eq!(circles(&crate_of("; fn f() { Child::new(); }")), [["p", "p/child"]]);
    assert_eq!(circles(&crate_of("; fn f() { child::hidden(); }")), [["p", "p/child"]]);
}

#[test]
fn reexports_lead_to_the_file_that_defines() {
    assert_a_needs("use crate::c::D;", &["a → c/d (D)"]);
    assert_a_needs("pub use crate::c::D;", &[]);
    assert_a_needs("pub(crate) use crate::c::D as E; fn f(_: E) {}", &["a → c/d (E)"]);
    // From another crate.
    assert_a_needs("use crate::c::Debug;", &[]);
}

#[test]
fn the_modules_that_a_path_names_are_known() {
    let modules = modules(&[
        ("lib.rs", "mod a; mod b; mod c;"),
        ("a.rs", "use crate::c::B; pub use super::b as other; fn f(_: other::B) {}"),
        ("b.rs", "pub struct B;"),
        ("c.rs", "pub use crate::b::B;"),
    ]);
    let of_a = uses(&modules).into_iter().filter(|used| modules.shown(used.file) == "a");
    let named = of_a.map(|used| used.through.iter().map(|id| modules.shown(*id)).collect::<Vec<_>>().join(" "));
    assert_eq!(named.collect::<Vec<_>>(), ["lib c", "lib b", "b"]);
}

#[test]
fn groups_renames_and_globs_are_imports() {
    assert_a_needs("use super::{b::{self, Kind as K}, c::D as _};", &["a → b (Kind)", "a → c/d (D)"]);
    assert_a_needs("use crate::b::*;", &[]);
    assert_a_needs("use crate::{b::*, c::*}; fn h(_: D) { f(); g(); }", &["a → b (f)", "a → c (g)", "a → c/d (D)"]);
    assert_a_needs("fn h() { use crate::b::Kind::*; }", &["a → b (Kind)"]);
}

#[test]
fn paths_in_code_are_read() {
    assert_a_needs("fn h() -> u8 { crate::c::D::B }", &["a → c/d (D)"]);
    assert_a_needs("use crate::b; fn h() { b::f() }", &["a → b (f)"]);
    assert_a_needs("use super::b as other; fn h(x: Vec<other::B>) {}", &["a → b (B)"]);
    assert_a_needs("use crate::b; fn h(b: u8) { b + 1; }", &[]);
    assert_a_needs("fn h() { match 1 { _ if crate::b::f() => {} } }", &["a → b (f)"]);
    assert_a_needs(
        "#[serde(with = \"crate::b\", default = \"crate::c::g\")] struct A;",
        &["a → b (serialize)", "a → c (g)"],
    );
    assert_a_needs("#[arg(value_parser = crate::b::f)] struct A;", &["a → b (f)"]);
}

#[test]
fn a_module_named_like_a_function_is_not_the_function() {
    let files = |text| {
        let parent = "mod read; mod other; pub use read::Read; pub fn read() {}";
        [("lib.rs", "mod p;"), ("p.rs", parent), ("p/other.rs", text), ("p/read.rs", "pub struct Read;")]
    };
    assert_needs(&files("use super::read; fn f(_: read::Read) {}"), &["p/other → p/read (Read)"]);
    assert_needs(&files("use super::read; fn f() { read(); }"), &["p/other → p (read)"]);
}

#[test]
fn a_name_is_the_one_in_scope() {
    // Methods, associated items, variables and type parameters are not what a module defines.
    let c = "mod d; pub use d::{D, g};";
    let of = |text: &str| {
        let text = format!("{c} {text}");
        needs(&modules(&[("lib.rs", "mod c;"), ("c.rs", &text), ("c/d.rs", "pub struct D; pub fn g() {}")])).len()
    };
    assert_eq!(of("fn f() { let g = 1; h(g); }"), 0);
    assert_eq!(of("fn f() { let g = g(); h(g); }"), 1);
    assert_eq!(of("fn f(g: impl Fn()) { g(); }"), 0);
    assert_eq!(of("fn f() { if let Some(g) = h() { g(); } g(); }"), 1);
    assert_eq!(of("fn f<D>(d: D) {}"), 0);
    assert_eq!(of("fn f(d: D) {}"), 1);
    assert_eq!(of("fn f(x: X) { x.g(); x.D(); Self::g(); Vec::<u8>::g(); ::d::D; }"), 0);
    assert_eq!(of("fn f() { struct D; h(D); }"), 0);
    assert_eq!(of("fn f() { match 1 { D => {} } }"), 1);
    // Two types of one name.
    assert_a_needs("pub struct B; fn h(_: B) {}", &[]);
    assert_a_needs("pub struct D; impl D { fn f() { B::new(); } }", &[]);
    assert_a_needs("struct D; impl From<D> for crate::c::D {}", &["a → c/d (D)"]);
}

#[test]
fn inline_modules_belong_to_their_file() {
    assert_a_needs("mod inner { use super::super::b::B; pub struct I; } use inner::I;", &["a → b (B)"]);
    assert_a_needs("mod inner { pub use crate::b::B; } fn f(_: inner::B) {}", &["a → b (B)"]);
    let files = [("lib.rs", "mod a { mod b; }"), ("a/b.rs", "mod c; use c::C;"), ("a/b/c.rs", "pub struct C;")];
    assert_needs(&files, &["a/b → a/b/c (C)"]);
}

#[test]
fn tests_and_documentation_are_left_out() {
    assert_a_needs("#[cfg(test)] use crate::b::B; #[cfg(doc)] use crate::b::f; /// [`crate::b::B`]\nfn h() {}", &[]);
    assert_a_needs("#[cfg(all(test, unix))] mod tests { use crate::b::B; }", &[]);
    assert_a_needs("struct A { #[cfg(test)] b: crate::b::B }", &[]);
    assert_a_needs("impl A { #[cfg(test)] fn h() { crate::b::f() } }", &[]);
    assert_a_needs("#[cfg(any(test, unix))] use crate::b::B; #[cfg(not(test))] use crate::b::f;", &["a → b (B, f)"]);
    // The file of a module that is left out need not exist.
    assert_a_needs("#[cfg(test)] mod tests;", &[]);
}

#[test]
fn tokens_of_macros_are_read() {
    assert_a_needs("fn h() { assert!(matches!(x.f(), crate::b::Kind::One)); }", &["a → b (Kind)"]);
    assert_a_needs("use crate::c::*; fn h() { vec![D, x.g(), $x::D, Self::D]; }", &["a → c/d (D)"]);
    assert_a_needs("use crate::c::*; fn h() { format!(\"{}\", g()); }", &["a → c (g)"]);
    assert_a_needs("fn h() { quote!(crate::b::B) }", &[]);
    assert_a_needs("macro_rules! m { () => { $crate::b::f() } }", &["a → b (f)"]);
}

#[test]
fn what_macros_are_given_to_define_is_known() {
    let text = "m! { type D = u8; } fn h(_: *const D, _: &'static B) {} use crate::{b::*, c::*};";
    assert_a_needs(text, &["a → b (B)"]);
    let text = "m! { *const D => &'static B } use crate::{b::*, c::*};";
    assert_a_needs(text, &["a → b (B)", "a → c/d (D)"]);
}

#[test]
fn macros_are_names() {
    let files = |use_| {
        [("lib.rs", "mod m; mod x;"), ("x.rs", use_), ("m.rs", "macro_rules! one { () => {} } pub(crate) use one;")]
    };
    assert_needs(&files("use crate::m::one; one!();"), &["x → m (one)"]);
    assert_needs(&files("crate::m::one! {}"), &["x → m (one)"]);
    let exported = [
        ("lib.rs", "mod m; mod x;"),
        ("x.rs", "crate::one!();"),
        ("m.rs", "#[macro_export] macro_rules! one { () => {} }"),
    ];
    assert_needs(&exported, &["x → m (one)"]);
    let above = [
        ("lib.rs", "mod m;"),
        ("m.rs", "macro_rules! one { () => {} } mod x; thread_local! { static N: u8 = 1; }"),
        ("m/x.rs", "one!(); use super::N;"),
    ];
    assert_needs(&above, &["m/x → m (N, one)"]);
}
