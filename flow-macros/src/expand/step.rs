//! A step as code: a function that returns a call, and beside it in its body everything the engine needs.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::visit_mut::VisitMut;
use syn::{GenericParam, Lifetime, Type, TypeReference};

use super::meta;
use super::tokens::{resite, spanned};
use crate::model::{Argument, Function, Kind, Reads, Step};

/// Everything that `#[step]` emits for a step without errors.
pub(crate) fn step(step: &Step, reads: &Reads) -> TokenStream {
    let function = &step.function;
    let (attrs, vis) = (&function.attrs, &function.vis);
    let signature = signature(function, step.kind, &quote!(::flow::__private::Step));
    let marker = marker(function);
    let def = definition(step);
    let requirements = requirements(function);
    let checks = super::prompt::checks(step, reads);
    let body = body(step);
    let names = function.arguments.iter().map(|argument| &argument.name);
    let (marker_value, turbofish) = (marker_value(function), turbofish(function));
    quote! {
        #(#attrs)*
        #vis #signature {
            #marker
            #[allow(unused_qualifications, clippy::all)]
            const _: () = { #def #checks };
            #requirements
            #body
            ::flow::__private::StepCall::new(#marker_value, (#(#names,)*), __body #turbofish)
        }
    }
}

/// `fn name(arguments) -> impl Step<T>`.
pub(crate) fn signature(function: &Function, kind: Kind, call: &TokenStream) -> TokenStream {
    let sig = &function.sig;
    let (name, inputs) = (&sig.ident, &sig.inputs);
    let (generics, where_clause) = (&sig.generics, &sig.generics.where_clause);
    let inputs = inputs.iter().map(plain_input);
    let ok = &function.output.ok;
    let err = match error_type(function, kind) {
        Some(err) => quote!(, #err),
        None => quote!(),
    };
    quote!(fn #name #generics (#(#inputs),*) -> impl #call<#ok #err> #where_clause)
}

/// The argument without `mut`: the call stores it, the body names it again.
fn plain_input(input: &syn::FnArg) -> TokenStream {
    match input {
        syn::FnArg::Typed(typed) => {
            let (attrs, ty) = (&typed.attrs, &typed.ty);
            match &*typed.pat {
                syn::Pat::Ident(ident) => {
                    let name = &ident.ident;
                    quote!(#(#attrs)* #name: #ty)
                }
                other => quote!(#(#attrs)* #other: #ty),
            }
        }
        receiver => quote!(#receiver),
    }
}

/// The step's own error type; `None` where it is ours.
fn error_type(function: &Function, kind: Kind) -> Option<TokenStream> {
    if kind != Kind::Code || function.output.ours {
        return None;
    }
    let ty = resite(&function.output.ty);
    Some(match &function.output.err {
        Some(err) => quote!(#err),
        None => quote!(::flow::__private::ErrOf<#ty>),
    })
}

/// One type a step: what is known of it hangs on this.
fn marker(function: &Function) -> TokenStream {
    let params: Vec<_> = function.sig.generics.type_params().map(|param| &param.ident).collect();
    if params.is_empty() {
        quote!(
            struct __Step;
        )
    } else {
        quote!(struct __Step<#(#params),*>(::core::marker::PhantomData<fn() -> (#(#params,)*)>);)
    }
}

fn marker_value(function: &Function) -> TokenStream {
    if function.is_generic() {
        let turbofish = turbofish(function);
        quote!(__Step #turbofish (::core::marker::PhantomData))
    } else {
        quote!(__Step)
    }
}

/// `::<T, U>` for a generic step.
fn turbofish(function: &Function) -> TokenStream {
    let params: Vec<_> = function.sig.generics.type_params().map(|param| &param.ident).collect();
    if params.is_empty() { quote!() } else { quote!(::<#(#params),*>) }
}

/// The body: the user's own, or one that says where the step must be awaited.
fn body(step: &Step) -> TokenStream {
    let function = &step.function;
    let sig = &function.sig;
    let (generics, where_clause) = (&sig.generics, &sig.generics.where_clause);
    let output = &function.output.ty;
    match &function.body {
        Some(block) => {
            let inputs = &sig.inputs;
            quote! {
                async fn __body #generics (#inputs) -> #output #where_clause #block
            }
        }
        None => {
            let (kind, name) = (step.kind.name(), function.name().to_string());
            let (names, types): (Vec<_>, Vec<_>) = function.arguments.iter().map(|a| (&a.name, &a.ty)).unzip();
            quote! {
                async fn __body #generics (#(#names: #types),*) -> #output #where_clause {
                    let _ = (#(#names,)*);
                    ::flow::__private::bodyless(#kind, #name).await
                }
            }
        }
    }
}

/// The loud doors: one error for each type without a contract.
pub(crate) fn requirements(function: &Function) -> TokenStream {
    let (generics, where_clause) = (&function.sig.generics, &function.sig.generics.where_clause);
    let inputs = function.data().map(|(_, argument)| {
        let inner = &argument.inner;
        let call = spanned(quote!(::flow::__private::require_input), inner.span());
        quote_spanned!(inner.span() => #call::<#inner>();)
    });
    let ok = &function.output.ok;
    let call = spanned(quote!(::flow::__private::require_output), ok.span());
    let output = quote_spanned!(ok.span() => #call::<#ok>(););
    let round_trip = round_trip(function);
    quote! {
        #[allow(dead_code, unused_lifetimes)]
        #[cfg(not(rust_analyzer))]
        fn __contracts #generics () #where_clause { #(#inputs)* #output }
        #round_trip
    }
}

/// What a step returns is what its JSON reads back as; a field that is lost on the way is told at the type.
fn round_trip(function: &Function) -> Option<TokenStream> {
    if function.is_generic() {
        return None;
    }
    let (ok, name) = (&function.output.ok, function.name().to_string());
    let enforce = spanned(quote!(::flow::__private::enforce), ok.span());
    let bare = resite(ok);
    let call = quote_spanned!(ok.span() => (&::flow::__private::keeps(#name, ::flow::__private::Out::<#bare>::CONTRACT.shape)));
    Some(quote! {
        #[cfg(not(rust_analyzer))]
        const _: () = {
            #[allow(unused_imports)]
            use ::flow::__private::NoOutput as _;
            #enforce #call
        };
    })
}

fn definition(step: &Step) -> TokenStream {
    let function = &step.function;
    let types = ArgumentTypes::of(function);
    let (args, generics) = (&types.tuple, &types.generics);
    let where_clause = &function.sig.generics.where_clause;
    let marker = format_ident!("__Step");
    let turbofish = turbofish(function);
    let (ok, err) = (&function.output.ok, error_or_ours(step));
    let inputs = owned_inputs(function);
    let (meta, pointer) = description(step);
    let plain = step.is_plain();
    let members = members(step, args);
    quote! {
        #meta
        impl #generics ::flow::__private::StepDef<#args> for #marker #turbofish #where_clause {
            type Ok = #ok;
            type Err = #err;
            type Inputs = #inputs;
            const META: ::flow::__private::MetaPtr = #pointer;
            const PLAIN: bool = #plain;
            #members
        }
    }
}

fn error_or_ours(step: &Step) -> TokenStream {
    error_type(&step.function, step.kind).unwrap_or_else(|| quote!(::flow::Error))
}

/// The description: a static, so that circles can be named; a promoted constant for a generic step, which has one for each type.
fn description(step: &Step) -> (TokenStream, TokenStream) {
    let kind = format_ident!("{}", capital(step.kind.name()));
    let common = meta::common(&step.function, step.options.id.as_ref(), quote!(#kind));
    let policy = meta::policy(step);
    let value = quote! {
        ::flow::__private::Meta {
            #common
            states: &[],
            policy: #policy,
            graph: ::core::option::Option::None,
        }
    };
    if step.function.is_generic() {
        return (
            quote!(
                #[allow(unused_imports)]
                use ::flow::__private::{NoInput as _, NoOutput as _};
            ),
            quote!(::flow::__private::MetaPtr::new(&#value)),
        );
    }
    let meta = quote! {
        #[allow(unused_imports)]
        use ::flow::__private::{NoInput as _, NoOutput as _};
        static __META: ::flow::__private::Meta = #value;
    };
    (meta, quote!(::flow::__private::MetaPtr::new(&__META)))
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// The functions of `StepDef`.
fn members(step: &Step, args: &TokenStream) -> TokenStream {
    let function = &step.function;
    let ok = resite(&function.output.ok);
    let bind = bind(function);
    let input = input(function);
    let repeat = step.repeats().then(|| repeat(function, args));
    let prompt = super::prompt::render(step).map(|body| {
        quote! {
            fn prompt(__arguments: &#args) -> ::flow::Result<::flow::__private::Prompt> {
                #bind
                #body
            }
        }
    });
    let served = super::serve::members(step, args);
    quote! {
        fn erase(error: Self::Err) -> ::flow::Error {
            #[allow(unused_imports)]
            use ::flow::__private::NotRetryable as _;
            let retryable = ::flow::__private::RetryProbe(&error).retryable();
            ::flow::__private::erase(error, retryable)
        }
        fn input(__arguments: &#args) -> ::flow::Result<::flow::serde_json::Value> {
            #bind
            #input
        }
        fn encode(output: &Self::Ok) -> ::flow::Result<::flow::serde_json::Value> {
            ::flow::__private::Out::<#ok>::encode(output)
        }
        fn decode(
            answer: ::flow::serde_json::Value,
        ) -> ::core::result::Result<Self::Ok, ::std::vec::Vec<::flow::__private::Violation>> {
            ::flow::__private::Out::<#ok>::decode(answer)
        }
        #repeat
        #prompt
        #served
    }
}

/// `let (a, b) = arguments;` by reference, with the names the options use.
pub(crate) fn bind(function: &Function) -> TokenStream {
    let names = function.arguments.iter().map(|argument| &argument.name);
    quote! {
        #[allow(unused_variables)]
        let (#(#names,)*) = __arguments;
    }
}

fn input(function: &Function) -> TokenStream {
    let fields = function.data().map(|(_, argument)| {
        let (name, inner) = (argument.name.to_string(), resite(&argument.inner));
        let value = &argument.name;
        quote!((#name, ::flow::__private::In::<#inner>::encode(#value)?))
    });
    quote!(::core::result::Result::Ok(::flow::__private::object([#(#fields),*])))
}

fn repeat(function: &Function, args: &TokenStream) -> TokenStream {
    let copies = function.arguments.iter().map(|argument| {
        let value = &argument.name;
        if argument.by_ref {
            quote!(*#value)
        } else {
            let call = spanned(quote!(::flow::__private::repeat), argument.ty.span());
            quote!(#call(#value))
        }
    });
    let bind = bind(function);
    quote! {
        fn repeat(__arguments: &#args) -> ::core::option::Option<#args> {
            #bind
            ::core::option::Option::Some((#(#copies,)*))
        }
    }
}

/// The arguments as a test's closure takes them: alone, or as a tuple, owned.
fn owned_inputs(function: &Function) -> TokenStream {
    let mut types: Vec<_> = function.data().map(|(_, argument)| owned(argument)).collect();
    if types.len() == 1 { types.remove(0) } else { quote!((#(#types,)*)) }
}

fn owned(argument: &Argument) -> TokenStream {
    match &argument.inner {
        Type::Path(path) if path.path.is_ident("str") => quote!(::std::string::String),
        Type::Slice(slice) => {
            let item = &slice.elem;
            quote!(::std::vec::Vec<#item>)
        }
        other => quote!(#other),
    }
}

/// The types of the arguments with every lifetime named, and the generics that name them.
pub(crate) struct ArgumentTypes {
    pub(crate) tuple: TokenStream,
    pub(crate) generics: TokenStream,
}

impl ArgumentTypes {
    pub(crate) fn of(function: &Function) -> Self {
        let mut namer = NameLifetimes { made: Vec::new() };
        let types: Vec<Type> = function
            .arguments
            .iter()
            .map(|argument| {
                let mut ty = argument.ty.clone();
                namer.visit_type_mut(&mut ty);
                ty
            })
            .collect();
        let made = &namer.made;
        let params = function.sig.generics.params.iter().map(|param| match param {
            GenericParam::Type(param) => {
                let mut param = param.clone();
                param.default = None;
                quote!(#param)
            }
            other => quote!(#other),
        });
        Self { tuple: quote!((#(#types,)*)), generics: quote!(<#(#made,)* #(#params),*>) }
    }
}

/// Gives every elided lifetime a name.
struct NameLifetimes {
    made: Vec<Lifetime>,
}

impl NameLifetimes {
    fn fresh(&mut self) -> Lifetime {
        let name = format!("'__a{}", self.made.len());
        let lifetime = Lifetime::new(&name, proc_macro2::Span::call_site());
        self.made.push(lifetime.clone());
        lifetime
    }
}

impl VisitMut for NameLifetimes {
    fn visit_type_reference_mut(&mut self, reference: &mut TypeReference) {
        if reference.lifetime.is_none() {
            reference.lifetime = Some(self.fresh());
        }
        syn::visit_mut::visit_type_reference_mut(self, reference);
    }

    fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
        if lifetime.ident == "_" {
            *lifetime = self.fresh();
        }
    }
}
