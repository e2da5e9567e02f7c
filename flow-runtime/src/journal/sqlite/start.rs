//! Opening a journal: its file, its writer and its readers.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread::Builder;

use super::files::Opened;
use super::inner::Inner;
use super::journal::Sqlite;
use super::news::News;
use super::options::{Role, SqliteOptions};
use super::queue::Queue;
use super::readers::Readers;
use super::writer::{Commands, Writer};
use super::{open, read};
use crate::error::Result;

impl SqliteOptions {
    /// Opens a file to execute its runs, and creates it if it does not exist.
    ///
    /// # Errors
    ///
    /// Like [`Sqlite::open`].
    pub fn open(self, path: impl AsRef<Path>) -> Result<Sqlite> {
        Sqlite::start(path.as_ref(), self, Role::Runner)
    }

    /// Opens a file to read, answer and cancel.
    ///
    /// # Errors
    ///
    /// Like [`Sqlite::visit`].
    pub fn visit(self, path: impl AsRef<Path>) -> Result<Sqlite> {
        Sqlite::start(path.as_ref(), self, Role::Visitor)
    }
}

impl Sqlite {
    fn start(path: &Path, options: SqliteOptions, role: Role) -> Result<Self> {
        let runs = role == Role::Runner;
        let (path, mut hold) = open::held(path, runs)?;
        if runs {
            hold.execute()?;
        }
        let (connection, sealer) = open::writing(&path, options.synchronous, options.codec.clone(), runs)?;
        let files = open::files(&path, &hold)?;
        let (opened, hold) = (Opened { path: path.clone(), identity: hold.identity().clone() }, Arc::new(hold));
        let ord = read::last(&connection).map_err(|error| opened.unreadable(&error))?;
        let number = if runs { 0 } else { fastrand::i64(1..=i64::from(i32::MAX)) };
        let queue: Arc<Commands> = Arc::new(Queue::new());
        let readers = Readers::new(opened.clone(), sealer.clone());
        let news = Arc::new(News::after(ord, opened.clone(), sealer.clone(), number));
        let (rows, logged) = Default::default();
        let writer = Writer { opened, connection, files, number, rows, logged, hold: hold.clone() };
        let serve = {
            let queue = queue.clone();
            move || writer.run(&queue)
        };
        let thread = Builder::new().name("flow-journal".into()).spawn(serve)?;
        Ok(Self(Arc::new(Inner {
            path,
            role,
            options,
            sealer,
            queue,
            readers,
            known: Mutex::default(),
            news,
            writer: Some(thread),
            hold,
        })))
    }
}
