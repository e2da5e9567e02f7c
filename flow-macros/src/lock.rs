//! Reads the contract lock of a workflow from the package directory.

use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use proc_macro2::Span;

use crate::model::{Lock, LockFile};

/// Set to `write` when a lock is about to be written: the comparison with the old one is skipped.
const VARIABLE: &str = "FLOW_LOCK";

/// Reads `contracts/ID.json`.
pub(crate) fn read(id: &str, span: Span) -> Lock {
    let file = match std::env::var(VARIABLE).as_deref() {
        Ok("write") => Ok(None),
        Err(std::env::VarError::NotPresent) => found(&format!("contracts/{id}.json")).map(Some),
        other => {
            let found = other.unwrap_or("invalid Unicode");
            Err(format!("invalid environment variable `{VARIABLE}`: expected `write` or unset, found `{found}`"))
        }
    };
    Lock { span, file }
}

/// Reads the lock file, relative to the manifest directory that cargo provides.
fn found(file: &str) -> Result<LockFile, String> {
    let Some(package) = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from) else {
        return Err(format!(
            "cannot locate `{file}`: `CARGO_MANIFEST_DIR` is not set; build with cargo, or remove `lock`"
        ));
    };
    let path = package.join(file);
    let text = fs::read_to_string(&path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => format!(
            "no lock at `{file}` in the package: write it with `{VARIABLE}=write cargo run -- lock`, in a program that contains this workflow, and commit it"
        ),
        _ => format!("cannot read the lock at `{file}`: {error}"),
    })?;
    let lock = flow_base::lock::Lock::read(text.trim_start_matches('\u{feff}')).map_err(|error| {
        format!(
            "invalid lock at `{file}`: {error}; rewrite it with `{VARIABLE}=write cargo run -- lock`, or restore it from the repository"
        )
    })?;
    let of = format!("contracts/{}.json", lock.workflow);
    if of != file {
        return Err(format!(
            "the lock at `{file}` belongs at `{of}`: rename it, or rewrite it with `{VARIABLE}=write cargo run -- lock`"
        ));
    }
    let path = path.to_str().ok_or_else(|| format!("the path of `{file}` is not valid Unicode"))?.to_owned();
    Ok(LockFile { path, lock })
}
