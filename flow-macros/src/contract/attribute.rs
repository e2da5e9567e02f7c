//! The attribute form: adds the derives, with paths set so that users depend on `flow` alone.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::punctuated::Punctuated;
use syn::{Attribute, Data, DeriveInput, Field, Meta, Path, Token, parse_quote};

use super::own::{self, Wire};
use super::{fallback, meta};
use crate::errors::Errors;
use crate::page;
use crate::secret::holds_secret;

/// In the order of the derives: errors in the contract are reported first, since the others say less.
const DERIVES: [&str; 4] = ["Contract", "Serialize", "Deserialize", "JsonSchema"];

/// The published type of an opaque field.
const ANY: &str = "::flow::__private::serde_json::Value";

/// Expands `#[contract]` to the item with its derives.
pub(crate) fn attribute(args: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    if !args.is_empty() {
        errors.at(page::CONTRACT_FORM, &args, "`#[contract]` on a type takes no options");
    } else if is_plain(&item) {
        return plain(item);
    }
    let Ok(mut input) = syn::parse2::<DeriveInput>(item.clone()) else { return no_type(item, errors) };
    if hide_secrets(&mut input) {
        let (errors, derives, contract) =
            (errors.into_compile_errors(), derives(&["Contract".to_owned()]), super::derive(item));
        return quote!(#errors #contract #derives #input);
    }
    let code = match &input.data {
        Data::Union(data) => {
            errors.at(
                page::CONTRACT_FORM,
                data.union_token,
                "a contract must be a struct or an enum: a union has no JSON form",
            );
            fallback::bare(&input)
        }
        _ => {
            let derived = derived_by_hand(&input.attrs, &mut errors);
            publish_overrides(&mut input);
            with_derives(&input, &derived)
        }
    };
    let mut errors = errors.into_compile_errors();
    errors.extend(code);
    errors
}

/// Whether an item has no `cfg` and nothing the attribute must rewrite. Most contracts are plain: the item is emitted unchanged and
/// its contract is generated in the same expansion, at a third of the cost of a separate derive.
fn is_plain(item: &TokenStream) -> bool {
    let kind = |tree| matches!(tree, TokenTree::Ident(word) if word == "struct" || word == "enum");
    let text = item.to_string();
    item.clone().into_iter().any(kind)
        && !["cfg", "[contract", "with =", "Secret"].iter().chain(&DERIVES).any(|word| text.contains(word))
}

fn plain(item: TokenStream) -> TokenStream {
    let derives = derives(&["Contract".to_owned()]);
    let contract = super::derive(item.clone());
    // Errors in the contract are reported before those of the other derives, which say less.
    quote!(#contract #derives #item)
}

fn no_type(item: TokenStream, mut errors: Errors) -> TokenStream {
    let first = item.clone().into_iter().next().into_token_stream();
    // rustc explains a half-typed struct.
    if syn::parse2::<syn::Item>(item.clone()).is_ok() {
        errors.at(page::CONTRACT_FORM, first, "a contract must be a struct or an enum");
    }
    let mut code = errors.into_compile_errors();
    code.extend(item);
    code
}

fn with_derives(input: &DeriveInput, derived: &[String]) -> TokenStream {
    let derives = derives(derived);
    quote!(#derives #input)
}

/// The derives, except those in `made`.
fn derives(made: &[String]) -> TokenStream {
    let paths = [
        quote!(::flow::__private::Contract),
        quote!(::flow::__private::serde::Serialize),
        quote!(::flow::__private::serde::Deserialize),
        quote!(::flow::__private::schemars::JsonSchema),
    ];
    let missing = DERIVES.iter().zip(paths).filter(|(name, _)| !made.iter().any(|known| known == *name));
    let derives = missing.map(|(_, path)| path);
    quote! {
        #[derive(#(#derives),*)]
        #[serde(crate = "::flow::__private::serde")]
        #[schemars(crate = "::flow::__private::schemars")]
    }
}

/// Reports traits that would be derived twice.
fn derived_by_hand(attrs: &[Attribute], errors: &mut Errors) -> Vec<String> {
    let mut derived = Vec::new();
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("derive")) {
        let Ok(paths) = attr.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated) else { continue };
        for path in paths {
            let name = path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
            if DERIVES.contains(&name.as_str()) {
                errors.at(
                    page::CONTRACT_FORM,
                    &path,
                    format!("`#[contract]` already derives `{name}`: remove it here"),
                );
                derived.push(name);
            }
        }
    }
    derived
}

/// Replaces the JSON of secret fields, so that only the contract rejects them and not every derive. Returns whether it found any.
fn hide_secrets(input: &mut DeriveInput) -> bool {
    let mut found = false;
    for field in fields(input).filter(|field| holds_secret(&field.ty)) {
        field.attrs.push(parse_quote!(#[serde(with = "::flow::__private::never_written")]));
        field.attrs.push(parse_quote!(#[schemars(with = #ANY)]));
        found = true;
    }
    found
}

fn fields(input: &mut DeriveInput) -> Box<dyn Iterator<Item = &mut Field> + '_> {
    match &mut input.data {
        Data::Struct(data) => Box::new(data.fields.iter_mut()),
        Data::Enum(data) => Box::new(data.variants.iter_mut().flat_map(|variant| &mut variant.fields)),
        Data::Union(_) => Box::new(std::iter::empty()),
    }
}

/// Passes `#[contract(as = …)]` and `#[contract(opaque = …)]` on to schemars.
fn publish_overrides(input: &mut DeriveInput) {
    fields(input).for_each(publish_override);
}

fn publish_override(field: &mut Field) {
    // The derive reports invalid options, so errors are dropped here.
    let wire = own::wire(&field.attrs, &mut Errors::default());
    if meta::options(&field.attrs, "schemars").iter().any(is_with) {
        return;
    }
    let ty = match wire {
        Some(Wire::As(ty)) => ty.to_token_stream().to_string(),
        Some(Wire::Opaque(_)) => ANY.to_owned(),
        // The derive rejects the field. schemars would add an error, as it takes the module for a type.
        None if meta::options(&field.attrs, "serde").iter().any(is_with) => ANY.to_owned(),
        None => return,
    };
    field.attrs.push(parse_quote!(#[schemars(with = #ty)]));
}

fn is_with(option: &Meta) -> bool {
    option.path().is_ident("with")
}
