//! Opening a file: its owner, format and integrity.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, OptionalExtension};

use super::codec::{Codec, KEY, Sealer};
use super::fault::{damaged, setup, unreadable};
use super::files::{Files, Opened};
use super::identity::names;
use super::lock::Hold;
use super::options::Synchronous;
use super::private;
use super::schema::{self, APPLICATION, FIRST, VERSION};
use crate::error::Result;

/// Files up to this size, in bytes, are checked completely on every open, which takes a few tenths of a second.
const CHECKED: u64 = 32 * 1024 * 1024;

/// The writer's page cache, in KB. Large enough to keep the pages that many runs append to in turn.
const CACHE: i64 = 8 * 1024;

/// The prepared statements a connection keeps; more than there are.
const STATEMENTS: usize = 32;

/// How long to wait while another program holds a transaction.
pub(super) const BUSY: Duration = Duration::from_secs(30);

/// Opens and holds the file; returns its canonical path.
pub(super) fn held(path: &Path, may_make: bool) -> Result<(PathBuf, Hold)> {
    let path = resolve(path)?;
    if !may_make && !path.exists() {
        let text = "no such file; the first run that uses it creates it";
        return Err(setup(format!("journal {}: {text}", path.display())));
    }
    let hold = Hold::open(&path, may_make)?;
    // A dangling link resolves only now that the file exists.
    let path = resolve(&path)?;
    match fs::metadata(&path).map_or(1, |file| names(&file)) {
        0 | 1 => Ok((path, hold)),
        names => Err(setup(format!(
            "journal {}: the file has {names} hard links, and its log is next to only one of them; remove the others, or copy the file",
            path.display()
        ))),
    }
}

/// The files of an open database.
pub(super) fn files(path: &Path, hold: &Hold) -> Result<Files> {
    let failed = |what: &str| setup(format!("journal {}: cannot be opened: {what}", path.display()));
    let files = Files::of(path, hold).map_err(|error| failed(&format!("its log is not accessible: {error}")))?;
    files.are_there().map_err(|what| failed(&what))?;
    Ok(files)
}

fn resolve(path: &Path) -> Result<PathBuf> {
    if let Ok(path) = fs::canonicalize(path) {
        return Ok(path);
    }
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let Some(name) = path.file_name() else {
        return Err(setup(format!("journal {}: not a file name", path.display())));
    };
    let parent = fs::canonicalize(parent).map_err(|error| {
        setup(format!("journal {}: its folder {}: {error}; create the folder first", path.display(), parent.display()))
    })?;
    Ok(parent.join(name))
}

/// A connection for writing, and the sealer of the file.
pub(super) fn writing(
    path: &Path,
    synchronous: Synchronous,
    codec: Option<Arc<dyn Codec>>,
    may_make: bool,
) -> Result<(Connection, Sealer)> {
    let failed = |error: rusqlite::Error| unreadable(path, "cannot be opened", &error);
    let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    flags.set(OpenFlags::SQLITE_OPEN_CREATE, may_make);
    if may_make {
        private::make(path);
    }
    let mut connection = connect(path, flags).map_err(failed)?;
    let format = format_of(&connection, path)?;
    // SQLite takes a file of one byte for an empty one.
    if format.is_none() && fs::metadata(path).is_ok_and(|file| file.len() == 1) {
        return Err(damaged(path, "the file, of one byte,"));
    }
    if format.is_none() && !may_make {
        return Err(setup(format!(
            "journal {}: the file is empty; the first run that uses it turns it into a journal",
            path.display()
        )));
    }
    log_ahead(&connection, path)?;
    // The writer runs its own checkpoints.
    connection.pragma_update(None, "wal_autocheckpoint", 0).map_err(failed)?;
    connection.pragma_update(None, "synchronous", synchronous.name()).map_err(failed)?;
    connection.pragma_update(None, "cache_size", -CACHE).map_err(failed)?;
    if format.is_some() {
        check(&connection, path, false)?;
    }
    if format != Some(VERSION) {
        schema::migrate(&mut connection, format.unwrap_or(0), codec.as_deref()).map_err(failed)?;
    }
    let sealer = sealer(&connection, path, codec)?;
    if may_make && meta(&connection, "synchronous").map_err(failed)?.as_deref() != Some(synchronous.name()) {
        schema::set(&connection, "synchronous", synchronous.name()).map_err(failed)?;
    }
    Ok((connection, sealer))
}

/// A connection for reading a file that was opened before.
pub(super) fn reading(opened: &Opened) -> Result<Connection> {
    let connection = connect(&opened.path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX);
    opened.is_there()?;
    connection.map_err(|error| unreadable(&opened.path, "cannot be opened", &error))
}

/// Checks the structure of a file; a large one is checked completely only if `whole` is set.
pub(super) fn check(connection: &Connection, path: &Path, whole: bool) -> Result<()> {
    if !whole && fs::metadata(path).is_ok_and(|file| file.len() > CHECKED) {
        return Ok(());
    }
    let first: rusqlite::Result<String> = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0));
    match first {
        Ok(said) if said == "ok" => Ok(()),
        Ok(said) => Err(damaged(path, &format!("the file ({})", said.replace('\n', " ")))),
        Err(error) => Err(unreadable(path, "cannot be checked", &error)),
    }
}

fn connect(path: &Path, flags: OpenFlags) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY)?;
    // Nothing may be written after a failure, not even on close.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    // Query plans must not depend on bound values, so that statements are not recompiled for new values.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(connection)
}

/// The format of a file; `None` if it is empty.
fn format_of(connection: &Connection, path: &Path) -> Result<Option<i32>> {
    let pragma = |name: &str| {
        let asked = connection.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
        asked.map_err(|error| unreadable(path, "cannot be read", &error))
    };
    let (application, format, tables) = (pragma("application_id")?, pragma("user_version")?, pragma("schema_version")?);
    let refuse = |text: String| Err(setup(format!("journal {}: {text}", path.display())));
    match (application, format) {
        (0, 0) if tables == 0 => Ok(None),
        (APPLICATION, format) if format > VERSION => refuse(format!(
            "its format is {format}, but this program supports formats up to {VERSION}; use a newer version of flow, or name another file"
        )),
        (APPLICATION, format) if format >= FIRST => Ok(Some(format)),
        (APPLICATION, format) if format > 0 => refuse(format!(
            "its format is {format}, from a pre-release version of flow; finish its runs with that version, or name another file"
        )),
        _ => refuse("it is the database of another program; name another file".into()),
    }
}

/// Switches to write-ahead logging: others can read during a write, and a commit takes one `fsync`.
fn log_ahead(connection: &Connection, path: &Path) -> Result<()> {
    // Step to the end: the change is committed after the row that reports it.
    let mode = || -> rusqlite::Result<String> {
        let mut change = connection.prepare("PRAGMA journal_mode = WAL")?;
        let modes: Vec<String> = change.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        modes.into_iter().next().ok_or(rusqlite::Error::QueryReturnedNoRows)
    };
    match mode() {
        Ok(mode) if mode.eq_ignore_ascii_case("wal") => Ok(()),
        Ok(mode) => Err(setup(format!(
            "journal {}: journal mode is `{mode}`, but `wal` is required; make the file and its folder writable, on a local disk, or name another file",
            path.display()
        ))),
        Err(error) => Err(unreadable(path, "cannot be written", &error)),
    }
}

/// The sealer of the file, created with it; later opens must use the same codec.
fn sealer(connection: &Connection, path: &Path, codec: Option<Arc<dyn Codec>>) -> Result<Sealer> {
    let failed = |error: rusqlite::Error| unreadable(path, "cannot be read", &error);
    let kept = meta(connection, "codec").map_err(failed)?;
    let wanted = codec.as_ref().map_or("none", |codec| codec.name());
    match kept.as_deref() {
        None => return new_sealer(connection, codec).map_err(failed),
        Some(kept) if kept != wanted => {
            return Err(setup(format!(
                "journal {}: it was created with codec `{kept}`, but opened with `{wanted}`; open it with `{kept}`",
                path.display()
            )));
        }
        Some(_) => {}
    }
    let key: Vec<u8> =
        connection.query_row("SELECT value FROM meta WHERE key = 'key'", [], |row| row.get(0)).map_err(failed)?;
    let key = match &codec {
        Some(codec) => codec.decode(key).map_err(|error| {
            setup(format!(
                "journal {}: codec `{}` cannot decode it: {}; use the key it was created with",
                path.display(),
                codec.name(),
                error.message()
            ))
        })?,
        None => key,
    };
    let key: [u8; KEY] = key.try_into().map_err(|_| damaged(path, "its key, or the codec's,"))?;
    Ok(Sealer { codec, key })
}

fn new_sealer(connection: &Connection, codec: Option<Arc<dyn Codec>>) -> rusqlite::Result<Sealer> {
    let key: [u8; KEY] = connection.query_row("SELECT randomblob(?1)", [KEY as i64], |row| row.get(0))?;
    let encoded = codec.as_ref().map_or_else(|| key.to_vec(), |codec| codec.encode(key.to_vec()));
    let change = connection.unchecked_transaction()?;
    schema::set(&change, "key", encoded)?;
    schema::set(&change, "codec", codec.as_ref().map_or("none", |codec| codec.name()))?;
    change.commit()?;
    Ok(Sealer { codec, key })
}

fn meta(connection: &Connection, key: &str) -> rusqlite::Result<Option<String>> {
    connection.query_row("SELECT value FROM meta WHERE key = ?1", [key], |row| row.get(0)).optional()
}
