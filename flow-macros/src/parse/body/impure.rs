//! Code that a resumed run would not repeat exactly: clocks, randomness, the environment, threads, I/O.

use syn::Expr;

use crate::model::{Impure, Impurity};

/// Functions by the end of their path.
const FUNCTIONS: &[(Impurity, &[&str])] = &[
    (
        Impurity::Clock,
        &[
            "SystemTime::now",
            "Instant::now",
            "Utc::now",
            "Local::now",
            "Zoned::now",
            "Timestamp::now",
            "OffsetDateTime::now_utc",
        ],
    ),
    (
        Impurity::Random,
        &[
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
    ),
    (Impurity::Id, &["Uuid::new_v4", "Uuid::now_v7", "Ulid::new"]),
    (Impurity::Sleep, &["thread::sleep", "time::sleep", "time::sleep_until"]),
    (Impurity::Environment, &["env::var", "env::var_os", "env::vars", "env::args", "env::args_os", "env::current_dir"]),
    (
        Impurity::Task,
        &[
            "thread::spawn",
            "thread::scope",
            "tokio::spawn",
            "task::spawn",
            "spawn_blocking",
            "spawn_local",
            "time::timeout",
            "Handle::spawn",
        ],
    ),
    (
        Impurity::Io,
        &[
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
    ),
];

const PRINTS: &[&str] = &["print", "println", "eprint", "eprintln", "dbg"];

/// The called function and what it does.
pub(super) fn call(call: &syn::ExprCall) -> Option<(&syn::Path, Impure)> {
    let Expr::Path(path) = &*call.func else { return None };
    let segments: Vec<String> = path.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    let (impurity, _) = FUNCTIONS.iter().find(|(_, paths)| paths.iter().any(|known| ends_with(&segments, known)))?;
    Some((&path.path, Impure::Call(segments.join("::"), *impurity)))
}

fn ends_with(segments: &[String], known: &str) -> bool {
    let known: Vec<&str> = known.split("::").collect();
    segments.len() >= known.len() && segments[segments.len() - known.len()..].iter().zip(&known).all(|(a, b)| a == b)
}

/// A macro that prints or races.
pub(super) fn macro_call(name: &str) -> Option<Impure> {
    if PRINTS.contains(&name) {
        return Some(Impure::Print(name.to_owned()));
    }
    (name == "select").then(|| Impure::Select(name.to_owned()))
}
