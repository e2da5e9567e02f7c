//! Code that would make a resumed run differ: clocks, randomness, the environment, threads, I/O.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::{Expr, Macro};

use crate::errors::Errors;
use crate::page::{self, Page};

/// A rule against calling certain functions between steps.
struct Rule {
    /// Path suffixes, with `::` between segments.
    paths: &'static [&'static str],
    what: &'static str,
}

const RULES: &[Rule] = &[
    Rule {
        paths: &[
            "SystemTime::now",
            "Instant::now",
            "Utc::now",
            "Local::now",
            "Zoned::now",
            "Timestamp::now",
            "OffsetDateTime::now_utc",
        ],
        what: "the time differs when the run is resumed; use `flow::now().await?`, whose output is recorded",
    },
    Rule {
        paths: &[
            "rand::random",
            "rand::rng",
            "thread_rng",
            "rand::thread_rng",
            "fastrand::u32",
            "fastrand::u64",
            "fastrand::usize",
            "fastrand::f64",
            "fastrand::bool",
        ],
        what: "random values differ when the run is resumed; generate them in a code step, whose output is recorded, or use `flow::uuid().await?`",
    },
    Rule {
        paths: &["Uuid::new_v4", "Uuid::now_v7", "Ulid::new"],
        what: "the id differs when the run is resumed; use `flow::uuid().await?`, whose output is recorded",
    },
    Rule {
        paths: &["thread::sleep", "time::sleep", "time::sleep_until"],
        what: "a resumed run would wait again from the start; use `flow::sleep(\"1h\").await?`, which waits once",
    },
    Rule {
        paths: &["env::var", "env::var_os", "env::vars", "env::args", "env::args_os", "env::current_dir"],
        what: "the environment may differ when the run is resumed; read it before the run and pass it as an argument, or read it in a code step",
    },
    Rule {
        paths: &[
            "thread::spawn",
            "thread::scope",
            "tokio::spawn",
            "task::spawn",
            "spawn_blocking",
            "spawn_local",
            "time::timeout",
            "Handle::spawn",
        ],
        what: "work outside the workflow is not recorded; use `try_join!` or `map` to run steps concurrently, and a code step for the rest",
    },
    Rule {
        paths: &[
            "fs::read",
            "fs::read_to_string",
            "fs::write",
            "File::open",
            "File::create",
            "io::stdin",
            "io::stdout",
            "io::stderr",
            "Command::new",
            "TcpStream::connect",
            "reqwest::get",
        ],
        what: "its I/O is not recorded, and is repeated when the run is resumed; move it to a code step",
    },
];

const MACROS: &[(&[&str], &str)] = &[
    (
        &["print", "println", "eprint", "eprintln", "dbg"],
        "the output appears again when the run is resumed; watch the run's events, or print in a code step",
    ),
    (&["select"], "the branch that wins is not recorded; use `try_join!`, or `.timeout(…)` on a step call"),
];

/// The called function and the message, if a resumed run would not repeat the call exactly.
pub(super) fn call(call: &syn::ExprCall) -> Option<(&syn::Path, String)> {
    let Expr::Path(path) = &*call.func else { return None };
    let segments: Vec<String> = path.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    let rule = RULES.iter().find(|rule| rule.paths.iter().any(|known| ends_with(&segments, known)))?;
    Some((&path.path, format!("`{}` cannot be called in a workflow: {}", segments.join("::"), rule.what)))
}

fn ends_with(segments: &[String], known: &str) -> bool {
    let known: Vec<&str> = known.split("::").collect();
    segments.len() >= known.len() && segments[segments.len() - known.len()..].iter().zip(&known).all(|(a, b)| a == b)
}

/// The message for a macro that prints, races or hides steps.
pub(super) fn macro_call(mac: &Macro) -> Option<(Page, String)> {
    let name = mac.path.segments.last().map_or(String::new(), |last| last.ident.to_string());
    if let Some((_, what)) = MACROS.iter().find(|(names, _)| names.contains(&name.as_str())) {
        return Some((page::IMPURE, format!("`{name}!` cannot be used in a workflow: {what}")));
    }
    let hides = has_await(mac.tokens.clone());
    hides.then(|| {
        let message =
            format!("`{name}!` hides its steps from the workflow's graph: await them before it and pass the values in");
        (page::HIDDEN_STEP, message)
    })
}

/// Applies the rules to code that awaits nothing.
pub(super) fn inside(expr: &Expr, errors: &mut Errors) {
    struct Find<'a>(&'a mut Errors);
    impl<'ast> Visit<'ast> for Find<'_> {
        fn visit_expr_call(&mut self, found: &'ast syn::ExprCall) {
            match call(found) {
                Some((path, message)) => self.0.at(page::IMPURE, path, message),
                None => visit::visit_expr_call(self, found),
            }
        }

        fn visit_macro(&mut self, mac: &'ast Macro) {
            if let Some((page, message)) = macro_call(mac) {
                self.0.at(page, &mac.path, message);
            }
        }
    }
    Find(errors).visit_expr(expr);
}

/// Whether a closure may contain steps.
pub(super) fn is_hidden(closure: &syn::ExprClosure) -> bool {
    closure.asyncness.is_some() || awaits(&closure.body)
}

/// Whether code awaits anything, including inside macros.
pub(super) fn awaits(code: &impl ToTokens) -> bool {
    let tokens = code.to_token_stream();
    has_await(tokens.clone()) || has_join(tokens)
}

fn has_await(tokens: TokenStream) -> bool {
    any(tokens, &|tree| matches!(tree, TokenTree::Ident(ident) if ident == "await"))
}

/// The branches of a `join!` are awaited without `.await`. A method named `join` does not count.
fn has_join(tokens: TokenStream) -> bool {
    let mut called = false;
    tokens.into_iter().any(|tree| {
        let joins = called && matches!(&tree, TokenTree::Punct(punct) if punct.as_char() == '!');
        called = matches!(&tree, TokenTree::Ident(ident) if ident == "join" || ident == "try_join");
        joins || matches!(tree, TokenTree::Group(group) if has_join(group.stream()))
    })
}

fn any(tokens: TokenStream, test: &dyn Fn(&TokenTree) -> bool) -> bool {
    tokens.into_iter().any(|tree| match &tree {
        TokenTree::Group(group) => any(group.stream(), test),
        other => test(other),
    })
}
