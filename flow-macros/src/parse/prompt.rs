//! Prompts: a template in quotes, a file, a constant or a function.

use syn::{Expr, Path};

use super::options::{Entry, text as literal};
use crate::model::{Prompt, PromptFile, PromptSource};

/// Reads one of the four prompt options into `system` or `prompt`.
pub(super) fn prompt(entry: Entry, prompt: &mut Prompt) -> syn::Result<()> {
    let name = entry.name.clone();
    let slot = if name.to_string().starts_with("system") { &mut prompt.system } else { &mut prompt.prompt };
    if slot.is_some() {
        return Err(syn::Error::new(
            name.span(),
            "the text is set twice, here and by the other option: remove one of them",
        ));
    }
    let read = prompt_source(&name.to_string(), entry);
    // Set even on an error, so that the prompt is not also reported as missing.
    *slot = Some(read.as_ref().map_or(PromptSource::Unread, Clone::clone));
    read.map(drop)
}

fn prompt_source(name: &str, entry: Entry) -> syn::Result<PromptSource> {
    match name {
        "system" => {
            let error = entry.expected("system = \"…\"");
            match entry.expr("system = \"…\"")? {
                Expr::Path(path) if is_constant(&path.path) => Ok(PromptSource::Constant(path.path)),
                value => {
                    let text = literal(&value).ok_or(error)?;
                    Ok(PromptSource::Template { text, file: None })
                }
            }
        }
        "system_file" | "prompt_file" => file(&entry.text(&format!("{name} = \"…\""))?),
        _ => match entry.expr("prompt = \"…\"` or `prompt = FUNCTION")? {
            Expr::Path(path) if is_constant(&path.path) => Ok(PromptSource::Constant(path.path)),
            Expr::Path(path) => Ok(PromptSource::Function(path.path)),
            other => match literal(&other) {
                Some(text) => Ok(PromptSource::Template { text, file: None }),
                None => Err(syn::Error::new_spanned(
                    other,
                    "invalid prompt: expected a template in quotes or the name of a function; for a file, use `prompt_file = \"…\"`",
                )),
            },
        },
    }
}

/// Constants are recognized by their capitals.
fn is_constant(path: &Path) -> bool {
    let name = path.segments.last().map_or(String::new(), |last| last.ident.to_string());
    name.contains(char::is_uppercase) && !name.contains(char::is_lowercase)
}

/// Reads a template file, relative to the crate's manifest.
fn file(path: &syn::LitStr) -> syn::Result<PromptSource> {
    let root = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    let full = std::path::Path::new(&root).join(path.value());
    let text = std::fs::read_to_string(&full).map_err(|error| {
        syn::Error::new(path.span(), format!("cannot read `{}`, relative to Cargo.toml: {error}", path.value()))
    })?;
    let text = syn::LitStr::new(&normal(&text), path.span());
    let file = PromptFile { name: path.value(), path: full.to_string_lossy().into_owned() };
    Ok(PromptSource::Template { text, file: Some(file) })
}

/// Removes the byte order mark and normalizes line ends as rustc does for literals, so that prompts and lock hashes do not
/// depend on the platform of the checkout.
fn normal(text: &str) -> String {
    text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n")
}

#[cfg(test)]
mod tests {
    use super::normal;

    #[test]
    fn a_byte_order_mark_and_carriage_returns_are_no_part_of_a_prompt() {
        assert_eq!(normal("\u{feff}a\r\nb\rc\n\u{feff}"), "a\nb\rc\n\u{feff}");
        assert_eq!(normal("\r\n\r\n"), "\n\n");
    }
}
