//! The contract lock of a workflow: the file beside the manifest.

use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use proc_macro2::Span;

use crate::errors::Errors;
use crate::model::{Lock, LockFile};
use crate::page;

/// The variable that says that a lock is about to be written, so that there is nothing to compare with.
const VARIABLE: &str = "FLOW_LOCK";

/// Reads `contracts/ID.json`.
pub(crate) fn read(id: &str, span: Span, errors: &mut Errors) -> Lock {
    match std::env::var(VARIABLE).as_deref() {
        Ok("write") => return Lock { span, found: None },
        Err(std::env::VarError::NotPresent) => {}
        other => {
            let found = other.unwrap_or("no text");
            wrong(errors, span, format!("`{VARIABLE}` is `{found}` in the environment, expected `write` or nothing"));
            return Lock { span, found: None };
        }
    }
    let file = format!("contracts/{id}.json");
    let found = found(&file).map_err(|message| wrong(errors, span, message)).ok().flatten();
    Lock { span, found }
}

fn wrong(errors: &mut Errors, span: Span, message: String) {
    errors.push(page::LOCK, syn::Error::new(span, message));
}

/// The file, which nothing but cargo tells the place of.
fn found(file: &str) -> Result<Option<LockFile>, String> {
    let Some(package) = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from) else {
        return Err(format!(
            "there is no `CARGO_MANIFEST_DIR` in the environment, from which `{file}` is found: build with cargo, or leave `lock` out"
        ));
    };
    let path = package.join(file);
    let text = fs::read_to_string(&path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => format!(
            "there is no lock at `{file}` in the package: write it with `{VARIABLE}=write cargo run -- lock`, for whatever program has this workflow, and commit it"
        ),
        _ => format!("the lock at `{file}` cannot be read: {error}"),
    })?;
    let lock = flow_base::lock::Lock::read(text.trim_start_matches('\u{feff}')).map_err(|error| {
        format!(
            "the lock at `{file}` is none: {error}; write it anew with `{VARIABLE}=write cargo run -- lock`, or take it from the repository"
        )
    })?;
    let of = format!("contracts/{}.json", lock.workflow);
    if of != file {
        return Err(format!(
            "the lock at `{file}` is that of `{of}`: rename it, or write it anew with `{VARIABLE}=write cargo run -- lock`"
        ));
    }
    let path =
        path.to_str().ok_or_else(|| format!("the path of `{file}` is no text that Rust code can name"))?.to_owned();
    Ok(Some(LockFile { path, lock }))
}
