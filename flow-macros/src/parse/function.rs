//! The annotated function. Its body is not parsed here, so that a half-typed one reaches the editor unchanged.

use proc_macro2::{TokenStream, TokenTree};
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::visit_mut::VisitMut;
use syn::{FnArg, GenericArgument, Pat, PathArguments, ReturnType, Signature, Token, Type, parse_quote};

use crate::bare::Bare;
use crate::errors::Errors;
use crate::model::{Argument, Function, Output, doc};
use crate::page;

/// Generic types that are not a `Result`; any other may be an alias of one.
const CONTAINERS: &[&str] = &[
    "Arc",
    "BTreeMap",
    "BTreeSet",
    "Box",
    "Cow",
    "HashMap",
    "HashSet",
    "IndexMap",
    "IndexSet",
    "LinkedList",
    "Option",
    "Pin",
    "Rc",
    "Review",
    "Secret",
    "Vec",
    "VecDeque",
];

/// Parses the annotated item. Syntax errors in a function are left to rustc.
pub(crate) fn read(item: TokenStream, what: &str, errors: &mut Errors) -> Option<RawFunction> {
    let read = syn::parse2(item.clone()).ok();
    let is_function = || item.clone().into_iter().any(|tree| matches!(tree, TokenTree::Ident(word) if word == "fn"));
    if read.is_none() && !is_function() {
        let text = format!(
            "`#[{what}]` only applies to an async function: write `async fn name(argument: Type) -> Result<Type>`"
        );
        errors.at(page::SIGNATURE, item.clone().into_iter().next(), text);
    }
    read
}

/// A function with its body as tokens.
pub(crate) struct RawFunction {
    attrs: Vec<syn::Attribute>,
    vis: syn::Visibility,
    sig: Signature,
    body: Option<TokenStream>,
}

impl RawFunction {
    pub(crate) fn name(&self) -> &syn::Ident {
        &self.sig.ident
    }
}

impl Parse for RawFunction {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs = input.call(syn::Attribute::parse_outer)?;
        let (vis, sig) = (input.parse()?, input.parse()?);
        let body = if input.peek(Token![;]) {
            input.parse::<Token![;]>()?;
            None
        } else {
            Some(input.parse::<TokenTree>()?.into())
        };
        Ok(Self { attrs, vis, sig, body })
    }
}

/// Reads the signature; errors are collected.
pub(crate) fn function(raw: RawFunction, what: &str, errors: &mut Errors) -> Function {
    let RawFunction { attrs, vis, mut sig, body } = raw;
    Bare.visit_signature_mut(&mut sig);
    check_generics(&sig, what, errors);
    for param in sig.generics.type_params_mut() {
        // The bounds a step needs on its type parameters, so that the user only has to write the contract.
        param.bounds.push(parse_quote!(::flow::__private::GenericContract));
    }
    let arguments = arguments(&mut sig, what, errors);
    let output = output(&sig, what, body.as_ref(), errors);
    Function { attrs, vis, sig, body, arguments, output }
}

fn check_generics(sig: &Signature, what: &str, errors: &mut Errors) {
    for param in &sig.generics.params {
        match param {
            syn::GenericParam::Const(param) => {
                errors.at(
                    page::SIGNATURE,
                    param,
                    format!("a {what} cannot have const parameters: pass the number as an argument"),
                );
            }
            syn::GenericParam::Type(param) if what == "workflow" => {
                errors.at(
                    page::SIGNATURE,
                    param,
                    "a workflow cannot have type parameters, since its graph is a constant: write one workflow per type",
                );
            }
            _ => {}
        }
    }
}

fn arguments(sig: &mut Signature, what: &str, errors: &mut Errors) -> Vec<Argument> {
    if sig.inputs.len() > 8 {
        errors.at(
            page::SIGNATURE,
            &sig.inputs[8],
            format!("a {what} can have at most 8 arguments: move some of them into a `#[contract]` struct"),
        );
    }
    let mut all = Vec::new();
    let mut kept = syn::punctuated::Punctuated::new();
    for mut input in std::mem::take(&mut sig.inputs) {
        match argument(&mut input, what) {
            Ok(argument) => all.push(argument),
            Err(error) => {
                errors.push(page::SIGNATURE, error);
                // Other arguments stay in the signature, so that the body still resolves them.
                if matches!(input, FnArg::Receiver(_)) {
                    continue;
                }
            }
        }
        if kept.len() < 8 {
            kept.push(input);
        }
    }
    all.truncate(8);
    sig.inputs = kept;
    all
}

fn argument(input: &mut FnArg, what: &str) -> syn::Result<Argument> {
    let typed = match input {
        FnArg::Receiver(receiver) => {
            return Err(syn::Error::new_spanned(
                receiver,
                format!(
                    "a {what} must be a free function without `self`: pass a value as an argument, a resource as `#[state]`"
                ),
            ));
        }
        FnArg::Typed(typed) => typed,
    };
    let state = typed.attrs.iter().any(|attr| attr.path().is_ident("state"));
    let doc = doc(&typed.attrs);
    // rustc accepts neither of them on a parameter.
    typed.attrs.retain(|attr| !attr.path().is_ident("state") && !attr.path().is_ident("doc"));
    let name = argument_name(&mut typed.pat, what)?;
    let ty = (*typed.ty).clone();
    let (by_ref, inner) = match &ty {
        Type::Reference(reference) if reference.mutability.is_some() => {
            return Err(syn::Error::new_spanned(
                &ty,
                format!(
                    "a {what} cannot take an argument by `&mut`: take it by value or by `&`, and return the changed value"
                ),
            ));
        }
        Type::Reference(reference) if !matches!(*reference.elem, Type::ImplTrait(_)) => {
            (true, (*reference.elem).clone())
        }
        Type::ImplTrait(_) | Type::Reference(_) => {
            return Err(syn::Error::new_spanned(
                &ty,
                format!("an argument of a {what} cannot be `impl Trait`, which has no contract: use a named type"),
            ));
        }
        other => (false, other.clone()),
    };
    if state && !by_ref {
        return Err(syn::Error::new_spanned(
            &ty,
            "a `#[state]` is borrowed from the runtime: take it by reference, as in `#[state] name: &Type`",
        ));
    }
    if state && what == "workflow" {
        sized(&inner)?;
    }
    Ok(Argument { name, ty, inner, by_ref, state, doc })
}

/// The runtime finds the state of a workflow by its `TypeId`, so the type must be sized.
fn sized(state: &Type) -> syn::Result<()> {
    let held = match state {
        Type::Paren(inner) => return sized(&inner.elem),
        Type::TraitObject(_) => format!("&Arc<{}>", crate::text::of(state)),
        Type::Slice(slice) => format!("&Vec<{}>", crate::text::of(&slice.elem)),
        Type::Path(path) if path.path.is_ident("str") => "&String".to_owned(),
        _ => return Ok(()),
    };
    let message = format!("the runtime finds a `#[state]` by its type, which must be sized: write `{held}`");
    Err(syn::Error::new_spanned(state, message))
}

/// Accepts `name` and `mut name`. The public signature uses the plain name: the call stores the argument, and the body binds it
/// again.
fn argument_name(pat: &mut Pat, what: &str) -> syn::Result<syn::Ident> {
    match pat {
        Pat::Ident(ident) if ident.by_ref.is_none() && ident.subpat.is_none() => Ok(ident.ident.clone()),
        other => Err(syn::Error::new(
            other.span(),
            format!(
                "an argument of a {what} must be a plain name, since prompts, records and schemas use it: destructure the value in the body"
            ),
        )),
    }
}

/// Reads the return type. If it is not a `Result`, the body still returns the type as written.
fn output(sig: &Signature, what: &str, body: Option<&TokenStream>, errors: &mut Errors) -> Output {
    let ty = match &sig.output {
        ReturnType::Type(_, ty) => (**ty).clone(),
        ReturnType::Default => {
            errors.at(
                page::SIGNATURE,
                &sig.ident,
                format!("a {what} must return a `Result`: write `-> Result<()>` if there is no value"),
            );
            parse_quote!(())
        }
    };
    if let Some(parts) = result_parts(&ty, body) {
        return parts;
    }
    if matches!(sig.output, ReturnType::Type(..)) {
        errors.at(
            page::SIGNATURE,
            &ty,
            format!("a {what} must return a `Result`: write `-> Result<{}>`", crate::text::of(&ty)),
        );
    }
    Output { ok: ty.clone(), ty, err: None, ours: true, alias: false, missing: true }
}

/// Whether code mentions a name. Code that constructs a type mentions it; code that returns an alias of `Result` does not.
fn names(code: &TokenStream, name: &syn::Ident) -> bool {
    code.clone().into_iter().any(|tree| match tree {
        TokenTree::Ident(word) => word == *name,
        TokenTree::Group(group) => names(&group.stream(), name),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

/// The parts of `Result<T>`, `Result<T, E>`, or an alias `R<T>`.
fn result_parts(ty: &Type, body: Option<&TokenStream>) -> Option<Output> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|last| !CONTAINERS.iter().any(|name| last.ident == name))?;
    let PathArguments::AngleBracketed(generics) = &last.arguments else { return None };
    let mut types = generics.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty.clone()),
        _ => None,
    });
    let is_result = last.ident == "Result";
    if !is_result && body.is_some_and(|body| names(body, &last.ident)) {
        return None;
    }
    let (ok, err) = (types.next()?, types.next().filter(|_| is_result));
    let from_flow = path.path.segments.first().is_some_and(|first| first.ident == "flow");
    let ours = is_result && from_flow && path.path.segments.len() == 2;
    Some(Output { ty: ty.clone(), ok, err, ours, alias: !is_result, missing: false })
}
