//! Journals: the conformance of each, and the file of the SQLite one.

mod file;
mod gone;
mod support;

use flow_runtime::journal::{Memory, Sqlite, Synchronous, conformance};
use tempfile::tempdir;

use support::Shifted;

#[tokio::test]
async fn memory_conforms() {
    conformance::check(async || Memory::new()).await;
    let shared = Memory::new();
    conformance::check_reopening(async || shared.clone()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_conforms() {
    let folder = tempdir().unwrap();
    let path = || folder.path().join(format!("{}.db", fastrand::u64(..)));
    conformance::check(async || Sqlite::open(path()).unwrap()).await;
    let normal = Sqlite::options().synchronous(Synchronous::Normal);
    conformance::check(async || normal.clone().open(path()).unwrap()).await;
    let again = path();
    conformance::check_reopening(async || Sqlite::open(&again).unwrap()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_encoded_file_conforms() {
    let folder = tempdir().unwrap();
    let encoded = Sqlite::options().codec(Shifted::by(3));
    let path = || folder.path().join(format!("{}.db", fastrand::u64(..)));
    conformance::check(async || encoded.clone().open(path()).unwrap()).await;
    let again = path();
    conformance::check_reopening(async || encoded.clone().open(&again).unwrap()).await;
}

/// A visitor's journal conforms like any other, next to an idle runner.
#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_conforms() {
    let folder = tempdir().unwrap();
    let runners = std::sync::Mutex::new(Vec::new());
    conformance::check(async || {
        let path = folder.path().join(format!("{}.db", fastrand::u64(..)));
        runners.lock().unwrap().push(Sqlite::open(&path).unwrap());
        Sqlite::visit(&path).unwrap()
    })
    .await;
}
