//! The annotated function. Its body is not parsed here, so that a half-typed one reaches the editor unchanged.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::visit_mut::VisitMut;
use syn::{FnArg, GenericArgument, Pat, PathArguments, ReturnType, Signature, Token, Type, parse_quote};

use crate::bare::Bare;
use crate::errors::Errors;
use crate::model::{Argument, Finding, Function, Output, Parameter, Parsed, What, doc};
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

/// Reads the signature.
pub(crate) fn function(raw: RawFunction) -> Parsed<Function> {
    let RawFunction { attrs, vis, mut sig, body } = raw;
    let mut findings = Vec::new();
    Bare.visit_signature_mut(&mut sig);
    find_parameters(&sig, &mut findings);
    for param in sig.generics.type_params_mut() {
        // The bounds a step needs on its type parameters, so that the user only has to write the contract.
        param.bounds.push(parse_quote!(::flow::__private::GenericContract));
    }
    let arguments = arguments(&mut sig, &mut findings);
    let output = output(&sig, body.as_ref());
    Parsed { model: Function { attrs, vis, sig, body, arguments, output }, findings }
}

fn found(what: Parameter, at: impl ToTokens) -> Finding {
    Finding { what: What::Parameter(what), at: at.into_token_stream(), replaced: false }
}

fn find_parameters(sig: &Signature, findings: &mut Vec<Finding>) {
    for param in &sig.generics.params {
        match param {
            syn::GenericParam::Const(param) => findings.push(found(Parameter::Const, param)),
            syn::GenericParam::Type(param) => findings.push(found(Parameter::Type, param)),
            syn::GenericParam::Lifetime(_) => {}
        }
    }
}

fn arguments(sig: &mut Signature, findings: &mut Vec<Finding>) -> Vec<Argument> {
    if sig.inputs.len() > 8 {
        findings.push(found(Parameter::Ninth, &sig.inputs[8]));
    }
    let mut all = Vec::new();
    let mut kept = syn::punctuated::Punctuated::new();
    for mut input in std::mem::take(&mut sig.inputs) {
        match argument(&mut input) {
            Ok(argument) => {
                findings.extend(unsized_state(&argument));
                all.push(argument);
            }
            Err(finding) => {
                findings.push(finding);
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

/// Reads an argument, or finds what it cannot be.
fn argument(input: &mut FnArg) -> Result<Argument, Finding> {
    let typed = match input {
        FnArg::Receiver(receiver) => return Err(found(Parameter::Receiver, receiver)),
        FnArg::Typed(typed) => typed,
    };
    let state = typed.attrs.iter().any(|attr| attr.path().is_ident("state"));
    let (doc, renamed) = (doc(&typed.attrs), typed.attrs.iter().find_map(rename));
    // rustc accepts none of them on a parameter.
    let is_ours = |attr: &syn::Attribute| attr.path().is_ident("state") || attr.path().is_ident("doc");
    typed.attrs.retain(|attr| !is_ours(attr) && rename(attr).is_none());
    let name = argument_name(&typed.pat)?;
    let ty = (*typed.ty).clone();
    let (by_ref, inner) = match &ty {
        Type::Reference(reference) if reference.mutability.is_some() => {
            return Err(found(Parameter::MutableReference, &ty));
        }
        Type::Reference(reference) if !matches!(*reference.elem, Type::ImplTrait(_)) => {
            (true, (*reference.elem).clone())
        }
        Type::ImplTrait(_) | Type::Reference(_) => return Err(found(Parameter::ImplTrait, &ty)),
        other => (false, other.clone()),
    };
    if state && !by_ref {
        return Err(found(Parameter::OwnedState, &ty));
    }
    Ok(Argument { name, ty, inner, by_ref, state, doc, rename: renamed })
}

/// The name in `#[serde(rename = "…")]`.
fn rename(attr: &syn::Attribute) -> Option<syn::LitStr> {
    let meta = attr.path().is_ident("serde").then(|| attr.parse_args::<syn::MetaNameValue>().ok())??;
    match meta.value {
        syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(name), .. }) if meta.path.is_ident("rename") => Some(name),
        _ => None,
    }
}

/// A state behind a reference to a type without a known size.
fn unsized_state(argument: &Argument) -> Option<Finding> {
    let mut state = &argument.inner;
    while let Type::Paren(inner) = state {
        state = &inner.elem;
    }
    let held = match state {
        _ if !argument.state => return None,
        Type::TraitObject(_) => format!("&Arc<{}>", crate::text::of(state)),
        Type::Slice(slice) => format!("&Vec<{}>", crate::text::of(&slice.elem)),
        Type::Path(path) if path.path.is_ident("str") => "&String".to_owned(),
        _ => return None,
    };
    Some(found(Parameter::UnsizedState(held), state))
}

/// Accepts `name` and `mut name`. The public signature uses the plain name: the call stores the argument, and the body binds it
/// again.
fn argument_name(pat: &Pat) -> Result<syn::Ident, Finding> {
    match pat {
        Pat::Ident(ident) if ident.by_ref.is_none() && ident.subpat.is_none() => Ok(ident.ident.clone()),
        other => Err(found(Parameter::Pattern, syn::Ident::new("pattern", other.span()))),
    }
}

/// Reads the return type. If it is not a `Result`, the body still returns the type as written.
fn output(sig: &Signature, body: Option<&TokenStream>) -> Output {
    let ty = match &sig.output {
        ReturnType::Type(_, ty) => (**ty).clone(),
        ReturnType::Default => parse_quote!(()),
    };
    result_parts(&ty, body).unwrap_or_else(|| Output {
        ok: ty.clone(),
        ty,
        err: None,
        ours: true,
        alias: false,
        missing: true,
    })
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
