//! Code as a person writes it, for labels of the graph.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use quote::ToTokens;

/// The longest label, in characters.
const LONGEST: usize = 60;

/// The text of some code on one line, without `.await` and `?`, cut where it is too long for a label.
pub(super) fn of(code: &impl ToTokens) -> String {
    let mut text = String::new();
    write(code.to_token_stream(), &mut text);
    let text = text.replace(".await", "").replace('?', "");
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text,
    }
}

fn write(tokens: TokenStream, text: &mut String) {
    let mut glued = true;
    for tree in tokens {
        let piece = tree.to_string();
        let tight = matches!(piece.as_str(), "." | "," | ";" | "?" | ":" | "::") || glued || starts_tight(&tree, text);
        if !tight && !text.is_empty() {
            text.push(' ');
        }
        glued = false;
        match tree {
            TokenTree::Group(group) => write_group(&group, text),
            TokenTree::Punct(punct) => {
                text.push(punct.as_char());
                glued = punct.spacing() == Spacing::Joint || matches!(punct.as_char(), '.' | '&' | '!' | '#' | '*');
                glued |= text.ends_with("::");
            }
            other => text.push_str(&other.to_string()),
        }
    }
}

/// `f(x)`, `v[i]` and `vec![]` have no space before the bracket.
fn starts_tight(tree: &TokenTree, text: &str) -> bool {
    match tree {
        TokenTree::Group(group) if group.delimiter() != Delimiter::Brace => {
            text.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '!' || c == '>')
        }
        _ => false,
    }
}

fn write_group(group: &proc_macro2::Group, text: &mut String) {
    let (open, close) = match group.delimiter() {
        Delimiter::Parenthesis => ("(", ")"),
        Delimiter::Bracket => ("[", "]"),
        Delimiter::Brace => ("{ ", " }"),
        Delimiter::None => ("", ""),
    };
    text.push_str(open);
    let mut inner = String::new();
    write(group.stream(), &mut inner);
    text.push_str(&inner);
    text.push_str(close);
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::of;

    #[test]
    fn code_reads_as_it_was_written() {
        assert_eq!(of(&quote!(approve(&score, job.title).await?)), "approve(&score, job.title)");
        assert_eq!(
            of(&quote!(Review::Accept(score) | Review::Edit(score))),
            "Review::Accept(score) | Review::Edit(score)"
        );
        assert_eq!(of(&quote!(!draft.good && turns < 3)), "!draft.good && turns < 3");
        assert_eq!(of(&quote!(Kind::Bug { title, .. })), "Kind::Bug { title, .. }");
    }

    #[test]
    fn a_long_label_is_cut() {
        assert!(
            of(&quote!(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa)).ends_with('…')
        );
    }
}
