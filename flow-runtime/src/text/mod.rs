//! Splitting long texts into chunks, and escaping texts for a terminal.

mod border;
mod escape;
mod size;

use border::Border;
pub(crate) use escape::Cited;
pub use escape::{escaped, escaped_as};
pub use size::Size;

/// Splits a text into chunks of at most `size`. Every chunk is a slice of the text.
///
/// A chunk ends after the last paragraph, sentence or word in its second half, in this order of preference; otherwise it ends inside
/// a word. The next chunk starts with as many whole words of the previous one as fit into the
/// [overlap](Size::overlap). White space is preserved, so the chunks without their overlaps concatenate to the text. An empty
/// text has no chunks.
///
/// ```
/// use flow_runtime::text::{Size, chunks};
///
/// let text = "The pump failed. It was old.\n\nA new seal was fitted.";
/// assert_eq!(chunks(text, Size::chars(32)), ["The pump failed. It was old.\n\n", "A new seal was fitted."]);
/// assert_eq!(
///     chunks(text, Size::chars(32).overlap(12)),
///     ["The pump failed. It was old.\n\n", "was old.\n\nA new seal was fitted."],
/// );
/// ```
pub fn chunks(text: &str, size: Size) -> Vec<&str> {
    let mut chunks = Vec::new();
    let mut start = 0;
    while start < text.len() {
        let end = start + end(&text[start..], size);
        chunks.push(&text[start..end]);
        start = if end == text.len() { end } else { end - shared(&text[start..end], size) };
    }
    chunks
}

/// The length in bytes of the first chunk.
fn end(text: &str, size: Size) -> usize {
    let mut weight = 0;
    let mut best: Option<(Border, usize)> = None;
    for (at, letter) in text.char_indices() {
        // The overlap is at most half a chunk, so cutting only in the second half guarantees progress.
        if weight > size.limit() / 2
            && let Some(border) = Border::at(text, at)
            && best.is_none_or(|(other, _)| border >= other)
        {
            best = Some((border, at));
        }
        weight += size.weight(letter);
        if weight > size.limit() {
            return best.map_or(at, |(_, at)| at);
        }
    }
    text.len()
}

/// The number of bytes at the end of a chunk that the next one repeats.
fn shared(chunk: &str, size: Size) -> usize {
    let mut weight = 0;
    let mut start = chunk.len();
    let mut word = None;
    for (at, letter) in chunk.char_indices().rev() {
        weight += size.weight(letter);
        if weight > size.shared() {
            break;
        }
        start = at;
        word = Border::at(chunk, at).map(|_| at).or(word);
    }
    chunk.len() - word.unwrap_or(start)
}

#[cfg(test)]
mod tests;
