use proptest::prelude::*;

use super::*;

/// The checksum of gzip.
fn crc(bytes: &[u8]) -> [u8; 4] {
    let step = |crc: u32| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
    let crc = bytes.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| step(crc)));
    (!crc).to_be_bytes()
}

fn frame(headers: &[u8], payload: &[u8]) -> Vec<u8> {
    let length = |bytes: usize| u32::try_from(bytes).unwrap().to_be_bytes();
    let mut frame = [length(SHORTEST + headers.len() + payload.len()), length(headers.len())].concat();
    frame.extend_from_slice(&crc(&frame));
    frame.extend_from_slice(headers);
    frame.extend_from_slice(payload);
    frame.extend_from_slice(&crc(&frame));
    frame
}

/// A header that is a text.
fn header(name: &str, value: &str) -> Vec<u8> {
    let (name_length, length) = (u8::try_from(name.len()).unwrap(), u16::try_from(value.len()).unwrap());
    [&[name_length], name.as_bytes(), &[7], &length.to_be_bytes(), value.as_bytes()].concat()
}

fn event(kind: &str, payload: &str) -> Vec<u8> {
    frame(&[header(":message-type", "event"), header(":event-type", kind)].concat(), payload.as_bytes())
}

/// What a stream says that arrives in these pieces, up to its first fault.
fn read<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> (Vec<Next>, Option<String>) {
    let (mut frames, mut found) = (Frames::new(1 << 20), Vec::new());
    for mut piece in pieces {
        loop {
            match frames.next(&mut piece) {
                Ok(Some(next)) => found.push(next),
                Ok(None) => break,
                Err(failure) => return (found, Some(failure.message)),
            }
        }
        assert!(piece.is_empty());
    }
    assert_eq!(frames.rest(), None);
    (found, None)
}

/// Two of the frames that AWS publishes to test clients.
#[test]
fn published_frames_are_written_the_same() {
    let empty = [0, 0, 0, 0x10, 0, 0, 0, 0, 0x05, 0xc2, 0x48, 0xeb, 0x7d, 0x98, 0xc8, 0xff];
    assert_eq!(frame(b"", b""), empty);
    let payload = b"{'foo':'bar'}";
    let start = [0, 0, 0, 0x1d, 0, 0, 0, 0, 0xfd, 0x52, 0x8c, 0x5a];
    assert_eq!(frame(b"", payload), [&start[..], payload, &[0xc3, 0x65, 0x39, 0x36]].concat());
}

#[test]
fn each_kind_of_frame_says_what_it_is() {
    let exception = [header(":message-type", "exception"), header(":exception-type", "throttlingException")].concat();
    let error = [
        header(":message-type", "error"),
        header(":error-code", "InternalFailure"),
        header(":error-message", "It broke."),
    ];
    let error_in = |error: Value| Some(Next::Error(json!({ "error": error })));
    for (frame, expected) in [
        (event("messageStop", r#"{"a": 1}"#), Some(Next::Chunk(json!({"messageStop": {"a": 1}})))),
        (
            frame(&exception, br#"{"message": "slow"}"#),
            error_in(json!({"message": "slow", "type": "throttlingException"})),
        ),
        (frame(&exception, b"slow"), error_in(json!({"message": "slow", "type": "throttlingException"}))),
        (frame(&error.concat(), b""), error_in(json!({"code": "InternalFailure", "message": "It broke."}))),
        (frame(b"", b"{}"), None),
        (frame(&header(":message-type", "something"), b""), None),
        // A header of each other type goes before.
        (
            frame(
                &[
                    &b"\x01a\x00\x01b\x01\x01c\x02\x07\x01d\x03\x00\x07\x01e\x04\x00\x00\x00\x07"[..],
                    b"\x01f\x06\x00\x01x\x01g\x08\x00\x00\x00\x00\x00\x00\x00\x07",
                    &header(":event-type", "x"),
                ]
                .concat(),
                b"{}",
            ),
            Some(Next::Chunk(json!({"x": {}}))),
        ),
    ] {
        let after = event("after", "{}");
        let all = read([&[frame, after].concat()[..]]);
        let last = Next::Chunk(json!({"after": {}}));
        assert_eq!(all, (expected.into_iter().chain([last]).collect(), None));
    }
}

#[test]
fn what_is_no_frame_is_named() {
    let cannot = "the stream contains a frame that cannot be read: ";
    for (bytes, expected) in [
        (vec![0, 0, 0, 15], format!("{cannot}it is too short")),
        (b"data: {}\n\n".to_vec(), "the answer is larger than 1048576 bytes".to_owned()),
        ([0, 0, 0, 16].repeat(4), format!("{cannot}prelude checksum")),
        (event("x", "{"), "the stream contains an event that is not JSON: ".to_owned()),
    ] {
        let (found, fault) = read([&bytes[..]]);
        let fault = fault.unwrap();
        assert!(found.is_empty() && fault.starts_with(&expected), "{fault}");
    }
}

#[test]
fn a_frame_that_is_too_large_is_an_error_before_it_arrives() {
    let mut frames = Frames::new(1_000);
    for _ in 0..10 {
        let all = event("x", &format!("\"{}\"", "x".repeat(900)));
        assert!(frames.next(&mut &all[..]).unwrap().is_some(), "the limit is one frame's");
    }
    let failure = frames.next(&mut &[0, 0, 4, 0][..]).unwrap_err();
    assert_eq!((failure.kind, &failure.message[..]), (FailureKind::TooLarge, "the answer is larger than 1000 bytes"));
}

#[test]
fn the_memory_of_a_large_frame_is_given_back() {
    let (mut frames, large) = (Frames::new(usize::MAX), event("x", &format!("\"{}\"", "x".repeat(1 << 20))));
    assert!(frames.next(&mut &large[..]).unwrap().is_some());
    assert!(frames.frame.capacity() <= KEPT);
}

#[test]
fn a_damaged_frame_is_never_read() {
    let whole = event("messageStop", r#"{"stopReason": "end_turn"}"#);
    for (at, bit) in (0..whole.len()).flat_map(|at| (0..8).map(move |bit| (at, bit))) {
        let mut damaged = whole.clone();
        damaged[at] ^= 1 << bit;
        assert_eq!(read([&damaged[..]]).0, [], "byte {at}, bit {bit}");
    }
}

#[test]
fn the_first_byte_goes_before_the_content_type() {
    for (start, is_declared, expected) in [
        (&b"\0\0"[..], false, Some(true)),
        (b"{\"message\"", true, Some(false)),
        (b"<html>", true, Some(false)),
        (b"unknown", true, Some(true)),
        (b"unknown", false, Some(false)),
        (b"", true, None),
    ] {
        assert_eq!(Frames::is_stream(start, is_declared), expected, "{start:?}");
    }
}

/// Headers of all types, and of none.
fn headers() -> impl Strategy<Value = Vec<u8>> {
    let names = [":event-type", ":message-type", ":exception-type", "", "a"];
    let values = ["event", "exception", "error", "x", ""];
    let text = (prop::sample::select(names.to_vec()), prop::sample::select(values.to_vec()));
    let one = prop_oneof![
        6 => text.prop_map(|(name, value)| header(name, value)),
        1 => prop::collection::vec(any::<u8>(), 0..12),
        1 => (0..12_u8, prop::collection::vec(any::<u8>(), 0..20)).prop_map(|(kind, value)| [vec![1, b'a', kind], value].concat()),
    ];
    prop::collection::vec(one, 0..4).prop_map(|headers| headers.concat())
}

/// Frames with right checksums, sometimes followed by arbitrary bytes.
fn stream() -> impl Strategy<Value = Vec<u8>> {
    let payloads = [r#"{"message": "x"}"#, "{}", "3", "", "{", "é"];
    let one = (headers(), prop::sample::select(payloads.to_vec()))
        .prop_map(|(headers, payload)| frame(&headers, payload.as_bytes()));
    let piece = prop_oneof![
        8 => one,
        4 => Just(event("x", "{}")),
        1 => prop::collection::vec(any::<u8>(), 0..20),
    ];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn the_pieces_in_which_a_stream_arrives_do_not_matter(bytes in stream(), size in 1..40_usize, at in any::<usize>()) {
        let all = read([&bytes[..]]);
        prop_assert_eq!(&read(bytes.chunks(size)), &all);
        let (one, other) = bytes.split_at(at % (bytes.len() + 1));
        prop_assert_eq!(&read([one, other]), &all);
    }

    #[test]
    fn no_bytes_are_too_strange(bytes in prop::collection::vec(any::<u8>(), 0..400), limit in 0..400_usize) {
        let (mut frames, mut rest) = (Frames::new(limit), &bytes[..]);
        while let Ok(Some(_)) = frames.next(&mut rest) {}
        let small = [&[0, 0], &bytes[..]].concat();
        let (mut frames, mut rest) = (Frames::new(limit), &small[..]);
        while let Ok(Some(_)) = frames.next(&mut rest) {}
        prop_assert!(frames.frame.len() <= limit.max(LENGTH));
    }

    #[test]
    fn no_headers_are_too_strange(headers in prop::collection::vec(any::<u8>(), 0..60), length in 0..80_usize, payload in prop::collection::vec(any::<u8>(), 0..20)) {
        read([&frame(&headers, &payload)[..]]);
        // The length of the headers may be wrong although its checksum is right.
        let mut wrong = frame(&headers, &payload);
        wrong[7] = u8::try_from(length).unwrap();
        let prelude = crc(&wrong[..8]);
        wrong[8..12].copy_from_slice(&prelude);
        let end = wrong.len() - 4;
        let whole = crc(&wrong[..end]);
        wrong[end..].copy_from_slice(&whole);
        read([&wrong[..]]);
    }
}
