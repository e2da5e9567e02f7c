//! Reads lines of limited length from a source of any length.

use std::io::{self, BufRead, BufReader, Read};

use flow_base::hash::{START, fnv_from};
use tokio::sync::mpsc;

use crate::app::input::Unreadable;

/// A line that is not empty.
#[derive(Debug)]
pub(super) struct Line {
    /// From 1, counting empty lines.
    pub(super) number: u64,
    /// Truncated if the line is too long.
    bytes: Vec<u8>,
    /// The limit that the line exceeds, if it does.
    above: Option<u64>,
}

impl Line {
    /// The text, unless the line is too long or not UTF-8.
    pub(super) fn text(&self) -> Result<&str, Unreadable> {
        match self.above {
            Some(limit) => Err(Unreadable::TooLong { limit }),
            None => std::str::from_utf8(&self.bytes).map_err(|error| Unreadable::NotText { at: error.valid_up_to() }),
        }
    }

    /// Identifies the input of a run: a hash of the line and of the shared arguments, stable across machines.
    pub(super) fn fingerprint(&self, shared: &str) -> Fingerprint {
        let line = fnv_from(START, &self.bytes);
        Fingerprint(fnv_from(fnv_from(line, b"\n"), shared.as_bytes()))
    }
}

/// Hash of the input of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fingerprint(u64);

impl Fingerprint {
    /// Inverse of [`to_string`](ToString::to_string).
    pub(super) fn parse(text: &str) -> Option<Self> {
        u64::from_str_radix(text, 16).ok().map(Self)
    }
}

impl std::fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// The non-empty lines of a source.
pub(super) struct Lines<R> {
    source: BufReader<R>,
    limit: u64,
    number: u64,
}

impl<R: Read> Lines<R> {
    /// Keeps little more than `limit` bytes of a line in memory.
    pub(super) fn new(source: R, limit: u64) -> Self {
        Self { source: BufReader::new(source), limit, number: 0 }
    }

    /// Next line, including empty ones; `None` at the end.
    fn read(&mut self) -> io::Result<Option<Line>> {
        let mut bytes = Vec::new();
        let most = self.limit.saturating_add(1);
        if self.source.by_ref().take(most).read_until(b'\n', &mut bytes)? == 0 {
            return Ok(None);
        }
        self.number += 1;
        let is_whole = bytes.ends_with(b"\n") || (bytes.len() as u64) < most;
        if !is_whole {
            self.source.skip_until(b'\n')?;
        }
        let bytes = plain(&bytes, self.number).to_vec();
        Ok(Some(Line { number: self.number, bytes, above: (!is_whole).then_some(self.limit) }))
    }
}

/// Trims whitespace, and the byte order mark of the first line.
fn plain(bytes: &[u8], number: u64) -> &[u8] {
    const MARK: &[u8] = "\u{feff}".as_bytes();
    let bytes = if number == 1 { bytes.strip_prefix(MARK).unwrap_or(bytes) } else { bytes };
    bytes.trim_ascii()
}

impl<R: Read> Iterator for Lines<R> {
    type Item = io::Result<Line>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.read() {
                Ok(Some(line)) if line.bytes.is_empty() && line.above.is_none() => {}
                other => return other.transpose(),
            }
        }
    }
}

/// Reads on a separate thread, one line ahead, so that a silent pipe delays neither runs nor program exit.
pub(super) fn feed(source: impl Read + Send + 'static, limit: u64) -> mpsc::Receiver<io::Result<Line>> {
    let (send, receive) = mpsc::channel(1);
    std::thread::spawn(move || {
        for line in Lines::new(source, limit) {
            let is_last = line.is_err();
            if send.blocking_send(line).is_err() || is_last {
                break;
            }
        }
    });
    receive
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8], limit: u64) -> Vec<(u64, Result<String, String>)> {
        let lines = Lines::new(text, limit).map(Result::unwrap);
        lines.map(|line| (line.number, line.text().map(str::to_owned).map_err(|error| error.to_string()))).collect()
    }

    #[test]
    fn empty_lines_are_counted_and_left_out() {
        let found = read("\u{feff}{}\r\n\n  \n [1] \nlast".as_bytes(), 99);
        assert_eq!(found, [(1, Ok("{}".into())), (4, Ok("[1]".into())), (5, Ok("last".into()))]);
    }

    #[test]
    fn a_line_that_is_too_long_or_no_text_leaves_the_others_alone() {
        let found = read(b"123456\n12345\n\xff\n1", 5);
        let long = Err("more than 5 bytes, the limit of one input".to_owned());
        let strange = Err("invalid UTF-8 at byte 0".to_owned());
        assert_eq!(found, [(1, long), (2, Ok("12345".into())), (3, strange), (4, Ok("1".into()))]);
    }

    #[test]
    fn a_line_without_an_end_is_not_held() {
        let mut lines = Lines::new(io::repeat(b'x').take(1 << 20), 100);
        assert_eq!(lines.next().unwrap().unwrap().bytes.len(), 101);
        assert!(lines.next().is_none());
    }

    #[test]
    fn a_fingerprint_is_of_the_line_and_of_what_is_shared() {
        let of = |text: &str, shared| Lines::new(text.as_bytes(), 99).next().unwrap().unwrap().fingerprint(shared);
        assert_eq!(of(" {} \n", "{}"), of("{}", "{}"));
        assert_ne!(of("{}", "{}"), of("{}", "[]"));
        assert_ne!(of("{}", "{}"), of("[]", "{}"));
        assert_eq!(Fingerprint::parse(&of("a", "b").to_string()), Some(of("a", "b")));
        assert_eq!(of("a", "b").to_string(), "e5beb1190415e670", "results of other machines and versions stay good");
    }
}
