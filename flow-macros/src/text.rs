//! Prints code on one line, formatted as in source, for graph labels and messages.

use proc_macro2::{Delimiter, Group, Punct, Spacing, TokenStream, TokenTree};
use quote::ToTokens;

/// The maximum length of a label, in characters.
const LONGEST: usize = 60;

/// Prints code without `.await` and `?`, truncated to the length of a label.
pub(crate) fn of(code: &impl ToTokens) -> String {
    let mut writer = Writer::default();
    writer.write(code.to_token_stream());
    let text = writer.text.replace(".await", "").replace('?', "");
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text,
    }
}

/// Tokens carry no whitespace, so spaces are inserted where rustfmt would put them.
#[derive(Default)]
struct Writer {
    text: String,
    /// The next token follows without a space.
    glued: bool,
    /// The last token was an operand, so an operator that follows is binary.
    operand: bool,
    /// The number of open generic `<`.
    generics: usize,
    /// Inside the parameter list of a closure.
    closure: bool,
}

impl Writer {
    fn write(&mut self, tokens: TokenStream) {
        let mut tokens = tokens.into_iter().peekable();
        while let Some(tree) = tokens.next() {
            match tree {
                TokenTree::Group(group) => self.group(&group),
                TokenTree::Punct(punct) => {
                    let mut sign = String::from(punct.as_char());
                    let mut last = punct;
                    while let Some(next) = joined(&last, tokens.peek()) {
                        sign.push(next.as_char());
                        last = next;
                        tokens.next();
                    }
                    self.sign(&sign);
                }
                word => self.word(&word.to_string()),
            }
        }
    }

    fn word(&mut self, word: &str) {
        self.space();
        self.text.push_str(word);
        (self.glued, self.operand) = (false, !matches!(word, "in" | "if" | "match" | "return" | "let" | "mut" | "as"));
    }

    fn space(&mut self) {
        if !self.glued && !self.text.is_empty() {
            self.text.push(' ');
        }
    }

    fn sign(&mut self, sign: &str) {
        if sign == "|" && (self.closure || !self.operand) {
            return self.bar();
        }
        let opens = sign == "<" && (self.text.ends_with("::") || self.after_type());
        let closes = self.generics > 0 && sign.bytes().all(|byte| byte == b'>');
        let prefix = !self.operand && matches!(sign, "&" | "*" | "!" | "-" | "&&");
        let range = sign.starts_with("..") && self.operand;
        let tight = matches!(sign, "." | "," | ";" | "?" | ":" | "::") || sign == "!" && self.operand;
        if !(tight || opens || closes || range) {
            self.space();
        }
        self.text.push_str(sign);
        self.generics =
            if closes { self.generics.saturating_sub(sign.len()) } else { self.generics + usize::from(opens) };
        self.glued = opens || prefix || range || matches!(sign, "." | "::" | "'" | "#" | "!");
        self.operand = closes || matches!(sign, "?" | "..");
    }

    /// Writes a `|` that delimits closure parameters.
    fn bar(&mut self) {
        if !self.closure {
            self.space();
        }
        self.text.push('|');
        self.closure = !self.closure;
        (self.glued, self.operand) = (self.closure, false);
    }

    /// A capitalized name is a type, so a `<` after it opens generics rather than comparing.
    fn after_type(&self) -> bool {
        let start = self.text.rfind(|c: char| !c.is_alphanumeric() && c != '_').map_or(0, |at| at + 1);
        self.operand && self.text[start..].starts_with(char::is_uppercase)
    }

    /// `f(x)`, `v[i]` and `vec![]` have no space before the bracket.
    fn group(&mut self, group: &Group) {
        let (open, close) = match group.delimiter() {
            Delimiter::Parenthesis => ("(", ")"),
            Delimiter::Bracket => ("[", "]"),
            Delimiter::Brace if group.stream().is_empty() => ("{", "}"),
            Delimiter::Brace => ("{ ", " }"),
            Delimiter::None => ("", ""),
        };
        if !self.operand || group.delimiter() == Delimiter::Brace {
            self.space();
        }
        let mut inner = Self::default();
        inner.write(group.stream());
        self.text.extend([open, &inner.text, close]);
        (self.glued, self.operand) = (false, true);
    }
}

/// The next character, if it belongs to the same operator.
fn joined(punct: &Punct, next: Option<&TokenTree>) -> Option<Punct> {
    match next {
        Some(TokenTree::Punct(next)) if punct.spacing() == Spacing::Joint && punct.as_char() != '\'' => {
            let both = [punct.as_char(), next.as_char()];
            let operator =
                !matches!(both, ['<' | '>' | ',' | ':' | '|' | '=' | '.', '&' | '*' | '!' | '\''] | ['&', '\'']);
            operator.then(|| next.clone())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::of;

    /// Code without `.await` and `?` prints unchanged.
    macro_rules! reads_as_written {
        ($($code:literal)*) => {$(
            let tokens: proc_macro2::TokenStream = $code.parse().unwrap();
            assert_eq!(of(&tokens), $code);
        )*};
    }

    #[test]
    fn code_reads_as_it_was_written() {
        reads_as_written! {
            "approve(&score, job.title)"
            "Review::Accept(score) | Review::Edit(score)"
            "!draft.good && turns < 3"
            "Kind::Bug { title, .. }"
            "Some(x) if x > -1"
            "0..3"
            "&items[1..]"
            "vec![1, 2]"
            "a.b.iter().map(|x| x + 1)"
            "(first, second)"
            "Ok(*x as u32)"
            "\"text\" | 'c'"
        }
    }

    #[test]
    fn types_read_as_they_were_written() {
        reads_as_written! {
            "Vec<String>"
            "Result<u32, Error>"
            "Option<&'a str>"
            "Vec<Vec<Option<u8>>>"
            "std::collections::HashMap<String, Vec<u32>>"
            "&[Item]"
            "(u32, String)"
        }
    }

    #[test]
    fn awaiting_is_left_out() {
        assert_eq!(of(&quote!(approve(&score).await?)), "approve(&score)");
    }

    #[test]
    fn a_long_label_is_cut() {
        assert!(
            of(&quote!(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa)).ends_with('…')
        );
    }
}
