//! How attachments are written at the moment: with their bytes, unless a prompt is being rendered or a record written in this
//! thread.

use std::cell::RefCell;

use super::mentioned::collected;
use super::{Data, Medium};
use crate::contract::in_records;

/// The attachments of one rendering.
struct Marks {
    mark: Box<dyn Fn(usize) -> String>,
    media: Vec<Medium>,
}

thread_local! {
    static MARKS: RefCell<Option<Marks>> = const { RefCell::new(None) };
}

/// Runs `write` with attachments written as marks; `mark` makes one from the attachment's index in the returned list.
pub(crate) fn marked<T>(mark: impl Fn(usize) -> String + 'static, write: impl FnOnce() -> T) -> (T, Vec<Medium>) {
    let restore = Restore(MARKS.replace(Some(Marks { mark: Box::new(mark), media: Vec::new() })));
    let written = write();
    let media = MARKS.take().map_or_else(Vec::new, |marks| marks.media);
    drop(restore);
    (written, media)
}

/// Puts back what was set before, also if the work panics.
struct Restore(Option<Marks>);

impl Drop for Restore {
    fn drop(&mut self) {
        MARKS.set(self.0.take());
    }
}

/// The mark to write for an attachment, if marks are written. One that is written twice has one mark.
pub(super) fn mark(medium: &Medium) -> Option<String> {
    MARKS.with_borrow_mut(|marks| {
        let marks = marks.as_mut()?;
        let known = marks.media.iter().position(|other| other == medium);
        let index = known.unwrap_or(marks.media.len());
        if known.is_none() {
            marks.media.push(medium.clone());
        }
        Some((marks.mark)(index))
    })
}

/// Runs `work`, which writes values of records and may read them back. Returns the attachments that it wrote, too.
pub(crate) fn recorded<T>(work: impl FnOnce() -> T) -> (T, Vec<Data>) {
    let (done, mentioned) = collected(|| in_records(work));
    (done, mentioned.into_iter().map(Data).collect())
}
