//! Properties of chunks, for texts in several scripts.

use proptest::prelude::*;

use super::*;

fn weight(text: &str, size: Size) -> usize {
    text.chars().map(|letter| size.weight(letter)).sum()
}

/// Random words separated by spaces, ends of sentences, blank lines or nothing.
fn text() -> impl Strategy<Value = String> {
    let word = prop_oneof![4 => "[a-zA-Z]{1,9}", 2 => "[а-я]{1,6}", 1 => "[一-三。]{1,6}", 1 => "\\PC{0,4}"];
    let gap = prop_oneof![6 => Just(" "), 2 => Just(". "), 1 => Just("\n\n"), 1 => Just("\r\n"), 1 => Just("")];
    proptest::collection::vec((word, gap), 0..60)
        .prop_map(|parts| parts.into_iter().flat_map(|(word, gap)| [word, gap.to_owned()]).collect())
}

fn size() -> impl Strategy<Value = Size> {
    let unit = prop_oneof![Just(Size::chars as fn(usize) -> Size), Just(Size::tokens as fn(usize) -> Size)];
    (unit, 1_usize..50)
        .prop_flat_map(|(unit, limit)| (0..=limit / 2).prop_map(move |shared| unit(limit).overlap(shared)))
}

/// Start and end of each chunk in its text.
fn places(text: &str, size: Size) -> Vec<(usize, usize)> {
    let start = |chunk: &str| chunk.as_ptr() as usize - text.as_ptr() as usize;
    chunks(text, size).into_iter().map(|chunk| (start(chunk), start(chunk) + chunk.len())).collect()
}

proptest! {
    #[test]
    fn no_chunk_is_empty_or_longer_than_asked(text in text(), size in size()) {
        for chunk in chunks(&text, size) {
            prop_assert!(!chunk.is_empty() && weight(chunk, size) <= size.limit(), "{chunk:?}");
        }
    }

    #[test]
    fn chunks_cover_the_whole_text_in_order(text in text(), size in size()) {
        let places = places(&text, size);
        prop_assert_eq!(places.first().map_or(0, |(start, _)| *start), 0);
        prop_assert_eq!(places.last().map_or(0, |(_, end)| *end), text.len());
        for pair in places.windows(2) {
            let [(before, _), (start, end)] = pair else { unreachable!() };
            prop_assert!(before < start && *start <= pair[0].1 && pair[0].1 < *end, "{:?}", pair);
        }
    }

    #[test]
    fn neighbours_share_as_many_words_as_the_overlap_has_room_for(text in text(), size in size()) {
        for pair in places(&text, size).windows(2) {
            let ((before, end), start) = (pair[0], pair[1].0);
            prop_assert!(weight(&text[start..end], size) <= size.shared());
            let room = |at: &usize| weight(&text[*at..end], size) <= size.shared();
            let positions = || (before + 1..end).filter(|at| text.is_char_boundary(*at)).filter(room);
            let words = positions().find(|at| Border::at(&text[before..end], at - before).is_some());
            prop_assert_eq!(start, words.or_else(|| positions().next()).unwrap_or(end));
        }
    }

    #[test]
    fn a_text_that_fits_is_one_chunk(text in text()) {
        let size = Size::chars(text.chars().count().max(1));
        let whole = if text.is_empty() { vec![] } else { vec![&text[..]] };
        prop_assert_eq!(chunks(&text, size), whole);
    }
}

#[test]
fn a_paragraph_is_a_better_end_than_a_sentence_and_a_sentence_than_a_word() {
    assert_eq!(chunks("One two\n\nthree. Four five", Size::chars(16))[0], "One two\n\n");
    assert_eq!(chunks("One two three. Four five", Size::chars(22))[0], "One two three. ");
    assert_eq!(chunks("One two three four", Size::chars(10))[0], "One two ");
    assert_eq!(chunks("Onetwothreefour", Size::chars(10))[0], "Onetwothre");
}

#[test]
fn an_end_in_the_first_half_is_too_early() {
    assert_eq!(chunks("A.\n\nOne two three four", Size::chars(12))[0], "A.\n\nOne two ");
}

#[test]
fn a_long_word_is_repeated_by_its_letters() {
    assert_eq!(chunks("abcdefghij", Size::chars(6).overlap(2)), ["abcdef", "efghij"]);
}
