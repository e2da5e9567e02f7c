//! Reads server-sent events from bytes as they arrive.
//!
//! See <https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream>.

/// Capacity that a buffer keeps between events.
const KEPT: usize = 16 * 1024;

/// An event: its name, empty unless given, and its lines of data, joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Event<'a> {
    pub(super) name: &'a [u8],
    pub(super) data: &'a [u8],
}

/// An event is larger than the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooLarge;

/// Splits a stream into events. Ids and retry delays are skipped, and events without data.
#[derive(Debug)]
pub(super) struct Reader {
    /// The current line, without its end.
    line: Vec<u8>,
    name: Vec<u8>,
    /// The lines of data so far, each with its end.
    data: Vec<u8>,
    /// Bytes that an event may have.
    limit: usize,
    /// Whether a line feed belongs to the carriage return before it.
    after_return: bool,
    is_first_line: bool,
    /// Whether the buffers hold an event that was returned.
    is_returned: bool,
}

impl Reader {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            line: Vec::new(),
            name: Vec::new(),
            data: Vec::new(),
            limit,
            after_return: false,
            is_first_line: true,
            is_returned: false,
        }
    }

    /// Takes bytes up to the end of an event, and returns it; `None` if it continues after these bytes.
    pub(super) fn next(&mut self, bytes: &mut &[u8]) -> Result<Option<Event<'_>>, TooLarge> {
        self.forget();
        while !bytes.is_empty() {
            if self.take_line(bytes)? && self.end_line() {
                return Ok(Some(self.event()));
            }
        }
        Ok(None)
    }

    /// The event that the end of the stream cut off, as far as it came: some servers omit the last empty line.
    pub(super) fn rest(&mut self) -> Option<Event<'_>> {
        self.forget();
        if !self.line.is_empty() {
            self.end_line();
        }
        let is_there = !self.data.is_empty();
        is_there.then(|| self.event())
    }

    /// Moves bytes to the line. Returns whether the line has ended.
    fn take_line(&mut self, bytes: &mut &[u8]) -> Result<bool, TooLarge> {
        if std::mem::take(&mut self.after_return) {
            *bytes = bytes.strip_prefix(b"\n").unwrap_or(bytes);
        }
        let end = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
        let (line, rest) = bytes.split_at(end.unwrap_or(bytes.len()));
        if self.line.len() + self.name.len() + self.data.len() + line.len() > self.limit {
            return Err(TooLarge);
        }
        self.line.extend_from_slice(line);
        self.after_return = rest.first() == Some(&b'\r');
        *bytes = rest.get(1..).unwrap_or_default();
        Ok(end.is_some())
    }

    /// Reads the line. Returns whether it ends an event.
    fn end_line(&mut self) -> bool {
        let is_first = std::mem::take(&mut self.is_first_line);
        let line = self.line.strip_prefix(b"\xef\xbb\xbf").filter(|_| is_first).unwrap_or(&self.line);
        let is_end = line.is_empty();
        let colon = line.iter().position(|byte| *byte == b':').unwrap_or(line.len());
        let value = line.get(colon + 1..).unwrap_or_default();
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match &line[..colon] {
            b"data" => {
                self.data.extend_from_slice(value);
                self.data.push(b'\n');
            }
            b"event" => {
                self.name.clear();
                self.name.extend_from_slice(value);
            }
            // The name of an event without data must not pass to the next one.
            b"" if is_end && self.data.is_empty() => self.name.clear(),
            // A comment, or a field without meaning here.
            _ => {}
        }
        clear(&mut self.line);
        is_end && !self.data.is_empty()
    }

    fn event(&mut self) -> Event<'_> {
        self.is_returned = true;
        Event { name: &self.name, data: self.data.strip_suffix(b"\n").unwrap_or(&self.data) }
    }

    fn forget(&mut self) {
        if std::mem::take(&mut self.is_returned) {
            clear(&mut self.name);
            clear(&mut self.data);
        }
    }
}

/// Empties a buffer, and gives the memory of a large line back.
fn clear(buffer: &mut Vec<u8>) {
    buffer.clear();
    buffer.shrink_to(KEPT);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Found = (String, String);

    /// The events of a stream that arrives in these pieces.
    fn read<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Vec<Found> {
        let (mut reader, mut found) = (Reader::new(1 << 20), Vec::new());
        for mut piece in pieces {
            while let Some(event) = reader.next(&mut piece).unwrap() {
                found.push(owned(event));
            }
            assert!(piece.is_empty());
        }
        found.extend(reader.rest().map(owned));
        found
    }

    fn owned(event: Event<'_>) -> Found {
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        (text(event.name), text(event.data))
    }

    fn whole(stream: &str) -> Vec<Found> {
        read([stream.as_bytes()])
    }

    fn found<const N: usize>(events: [(&str, &str); N]) -> Vec<Found> {
        events.map(|(name, data)| (name.to_owned(), data.to_owned())).into()
    }

    #[test]
    fn lines_may_end_in_each_of_the_three_ways() {
        for end in ["\n", "\r\n", "\r"] {
            let stream = "event: a\ndata: 1\n\ndata: 2\ndata:3\n\n".replace('\n', end);
            assert_eq!(whole(&stream), found([("a", "1"), ("", "2\n3")]), "{end:?}");
        }
    }

    #[test]
    fn what_is_no_data_is_skipped() {
        let stream = "\u{feff}: hello\n\nid: 7\nretry: 10\nevent: ping\n\ndata: 1\nunknown\n\n\n: bye\n\n";
        assert_eq!(whole(stream), found([("", "1")]), "the name of an event without data is not the next one's");
    }

    #[test]
    fn a_value_keeps_all_but_its_first_space() {
        assert_eq!(whole("data:  a: b \n\ndata\n\ndata:\ndata:\n\n"), found([("", " a: b "), ("", ""), ("", "\n")]));
    }

    #[test]
    fn the_end_of_the_stream_ends_the_last_event() {
        for stream in ["data: [DONE]\n\n", "data: [DONE]\n", "data: [DONE]", "event: x\n\ndata: [DONE]\r"] {
            assert_eq!(whole(stream), found([("", "[DONE]")]), "{stream:?}");
        }
        assert_eq!(whole("data: 1\n\nevent: x"), found([("", "1")]));
    }

    #[test]
    fn an_event_that_is_too_large_is_an_error() {
        for stream in ["data: 123456", "data: 12\ndata: 123", ": a long comment", "event: ab\ndata: 1"] {
            let (mut reader, mut rest) = (Reader::new(8), stream.as_bytes());
            assert_eq!(reader.next(&mut rest), Err(TooLarge), "{stream}");
        }
        let mut reader = Reader::new(8);
        for _ in 0..10 {
            assert!(reader.next(&mut &b"data: 1\n\n"[..]).unwrap().is_some(), "the limit is one event's");
        }
    }

    #[test]
    fn the_memory_of_a_large_event_is_given_back() {
        let mut reader = Reader::new(usize::MAX);
        let large = format!("data: {}\n\n", "x".repeat(1 << 20));
        assert!(reader.next(&mut large.as_bytes()).unwrap().is_some());
        assert_eq!(reader.next(&mut &b"data: 1\n\n"[..]).unwrap().unwrap().data, b"1");
        assert!(reader.data.capacity() + reader.line.capacity() <= 2 * KEPT);
    }

    /// Streams with all that is special, and with arbitrary bytes.
    fn stream() -> impl Strategy<Value = Vec<u8>> {
        let special =
            ["data", "data: ", "event: error", ":", " ", "\n", "\r", "\r\n", "\n\n", "\u{feff}", "é", "[DONE]", "{}"];
        let piece = prop_oneof![
            8 => prop::sample::select(special.map(|piece| piece.as_bytes().to_vec()).to_vec()),
            1 => prop::collection::vec(any::<u8>(), 0..6),
        ];
        prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn the_pieces_in_which_a_stream_arrives_do_not_matter(bytes in stream(), size in 1..9_usize, at in any::<usize>()) {
            let all = read([&bytes[..]]);
            prop_assert_eq!(&read(bytes.chunks(size)), &all);
            let (one, other) = bytes.split_at(at % (bytes.len() + 1));
            prop_assert_eq!(&read([one, other]), &all);
        }

        #[test]
        fn no_bytes_are_too_strange(bytes in prop::collection::vec(any::<u8>(), 0..400), limit in 0..64_usize) {
            let (mut reader, mut rest) = (Reader::new(limit), &bytes[..]);
            while let Ok(Some(event)) = reader.next(&mut rest) {
                prop_assert!(event.data.len() <= limit);
            }
        }
    }
}
