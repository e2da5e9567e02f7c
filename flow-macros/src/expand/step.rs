//! A step as code: a function that returns a call, with everything the engine needs in its body.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};

use super::arguments::{bind, copies};
use super::caller::{caller, held, states};
use super::failure::{error_of, error_type};
use super::lifetimes::ArgumentTypes;
use super::tokens::{at, block, last, resite, spanned, unlinted};
use super::types::owned;
use super::{demands, meta};
use crate::model::{Checked, Function, Kind, Reads, Step};

/// The complete expansion of a step without errors.
pub(crate) fn step(step: &Checked<Step, Reads>) -> TokenStream {
    let reads = &step.found;
    let function = &step.function;
    let (attrs, vis) = (&function.attrs, &function.vis);
    let signature = signature(function, step.kind);
    let marker = marker(function);
    let def = definition(step);
    let demands = demands::of_step(step, reads);
    let (checks, tools) = (super::prompt::checks(step, reads), super::tools::checks(step));
    let approval = super::approval::check(step);
    let texts = super::prompt::constants(step);
    let unlinted = unlinted();
    let body = body(step, &quote!(#unlinted const _: () = { #def #checks #tools #approval };));
    let names = function.arguments.iter().map(|argument| &argument.name);
    let marker_value = marker_value(function);
    let place = at(function.name().span());
    let parts = quote_spanned!(place => (#marker_value, (#(#names,)*), __body));
    // At the name, so that a future that is not `Send` is reported once.
    let caller = spanned(caller(function), place);
    let quiet = held(function).map(|_| {
        quote! {
            #[allow(unused_imports)]
            use __flow::quiet::*;
        }
    });
    let call = quote_spanned!(place => { #quiet #caller #parts });
    let call = in_workflow(step.kind, call);
    let block = block(
        function,
        quote! {
            #marker
            #texts
            #demands
            #body
            #[allow(clippy::used_underscore_binding)]
            return #call;
        },
    );
    quote! {
        #(#attrs)*
        #[allow(unexpected_cfgs)]
        #vis #signature #block
    }
}

/// The call as returned by the function. Unless the body does the work, it can only be awaited in a workflow.
pub(crate) fn in_workflow(kind: Kind, call: TokenStream) -> TokenStream {
    if kind == Kind::Code { call } else { quote!(::flow::__private::InWorkflow::new(#call)) }
}

/// `fn name(arguments) -> impl CodeStep<T>`, or `InWorkflow<impl Step<T>>` if no body does the work.
pub(crate) fn signature(function: &Function, kind: Kind) -> TokenStream {
    let sig = &function.sig;
    // The user's own `fn` token, so that lints treat the signature as the user's.
    let (function_token, name, inputs) = (&sig.fn_token, &sig.ident, &sig.inputs);
    let (generics, where_clause) = (&sig.generics, &sig.generics.where_clause);
    let inputs = inputs.iter().map(plain_input);
    let ok = &function.output.ok;
    let err = match error_type(function, kind) {
        Some(err) => quote!(, #err),
        None => quote!(),
    };
    let end = last(&function.output.ty);
    let lent =
        left_out(function).map(|(arguments, states)| quote!(::flow::__private::LentStates<#arguments, #states> +));
    let lent = quote!(#(#lent)*);
    let call = match kind {
        Kind::Code => quote_spanned!(at(name.span()) => impl #lent ::flow::__private::CodeStep<#ok #err #end),
        _ => quote_spanned! { at(name.span()) =>
            ::flow::__private::InWorkflow<impl #lent ::flow::__private::Step<#ok #err> #end
        },
    };
    quote!(#function_token #name #generics (#(#inputs),*) -> #call #where_clause)
}

/// The argument without `mut`: the call stores it, and the body binds it again.
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

/// The return type of the body: as written, except for an alias, which may turn out not to be a `Result`.
fn returned(step: &Step) -> TokenStream {
    let (ty, ok) = (&step.function.output.ty, &step.function.output.ok);
    match step.kind {
        Kind::Code if !step.function.output.alias => quote!(#ty),
        Kind::Code => {
            let error = error_of(&step.function);
            quote!(::core::result::Result<#ok, #error>)
        }
        _ => quote!(::flow::Result<#ok>),
    }
}

/// The type that identifies the step and implements its traits.
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

/// The body: the user's, or one that is never started. It has the step's name, for error messages, and a separate
/// block, in which no argument can have the same name.
///
/// The definition is in that block, too: calling the step as a tool starts the body.
fn body(step: &Step, definition: &TokenStream) -> TokenStream {
    let function = &step.function;
    let sig = &function.sig;
    let (generics, where_clause) = (&sig.generics, &sig.generics.where_clause);
    let (output, turbofish, name) = (returned(step), turbofish(function), resite(function.name()));
    let body = match &function.body {
        Some(block) => {
            let inputs = &sig.inputs;
            // `too_many_arguments` is already reported for the user's signature.
            let signature = quote! {
                #[allow(clippy::too_many_arguments)]
                async fn #name #generics (#inputs) -> #output #where_clause
            };
            match super::in_step::watched(function.name(), block) {
                // An editor would show the inserted checks next to the calls.
                Some(watched) => quote! {
                    #[cfg(not(rust_analyzer))]
                    #signature #watched
                    #[cfg(rust_analyzer)]
                    #signature #block
                },
                None => quote!(#signature #block),
            }
        }
        None => {
            let (names, types): (Vec<_>, Vec<_>) = function.arguments.iter().map(|a| (&a.name, &a.ty)).unzip();
            let unlinted = unlinted();
            quote! {
                #unlinted
                async fn #name #generics (#(#names: #types),*) -> #output #where_clause {
                    let _ = (#(#names,)*);
                    __flow::bodyless().await
                }
            }
        }
    };
    quote!(let __body = { #definition #body #name #turbofish };)
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
    let lent = left_out(function).map(|(arguments, states)| {
        quote!(impl #generics __flow::LentDef<#arguments, #states> for #marker #turbofish #where_clause {})
    });
    let (meta, pointer) = description(step);
    let plain = step.is_plain();
    let members = members(step, args);
    quote! {
        #meta
        impl #generics __flow::StepDef<#args> for #marker #turbofish #where_clause {
            type Ok = #ok;
            type Err = #err;
            type Inputs = #inputs;
            const META: __flow::MetaPtr = #pointer;
            const PLAIN: bool = #plain;
            #members
        }
        #(#lent)*
    }
}

/// The argument counts of calls that omit some or all states, each with the types of the states.
fn left_out(function: &Function) -> impl Iterator<Item = (usize, TokenStream)> {
    let (data, all) = (function.data().count(), function.arguments.len());
    states(function).into_iter().flat_map(move |states| (data..all).map(move |arguments| (arguments, states.clone())))
}

fn error_or_ours(step: &Step) -> TokenStream {
    error_type(&step.function, step.kind).unwrap_or_else(|| quote!(::flow::Error))
}

/// The description: a static, so that cycles can be reported; for a generic step a constant of the marker, one per
/// instantiation.
fn description(step: &Step) -> (TokenStream, TokenStream) {
    let kind = format_ident!("{}", capital(step.kind.name()));
    let common = meta::common(&step.function, step.options.id.as_ref(), quote!(#kind));
    let policy = meta::policy(step);
    let value = quote! {
        __flow::Meta {
            #common
            states: &[],
            policy: #policy,
            graph: __flow::None,
        }
    };
    if step.function.is_generic() {
        let (generics, turbofish) = (&step.function.sig.generics, turbofish(&step.function));
        let where_clause = &generics.where_clause;
        let meta = quote! {
            #[allow(unused_imports)]
            use __flow::quiet::*;
            impl #generics __Step #turbofish #where_clause {
                const DESCRIPTION: &'static __flow::Meta = &#value;
            }
        };
        return (meta, quote!(__flow::MetaPtr::new(Self::DESCRIPTION)));
    }
    let meta = quote! {
        #[allow(unused_imports)]
        use __flow::quiet::*;
        static __META: __flow::Meta = #value;
    };
    (meta, quote!(__flow::MetaPtr::new(&__META)))
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// The members of `StepDef`.
fn members(step: &Step, args: &TokenStream) -> TokenStream {
    let function = &step.function;
    let ok = &function.output.ok;
    let bind = bind(function);
    let input = input(function);
    let repeat = step.repeats().then(|| repeat(function, args));
    let prompt = super::prompt::render(step).map(|body| {
        quote! {
            fn prompt(__arguments: &#args) -> ::flow::Result<__flow::Prompt> {
                #bind
                #body
            }
        }
    });
    let served = super::serve::members(step, args);
    let (tool, tools) = (super::tool::members(step), super::tools::member(step));
    let approve = super::approval::member(step);
    quote! {
        fn erase(error: Self::Err) -> ::flow::Error {
            let retryable = __flow::RetryProbe(&error).retryable();
            __flow::Failure(error).erase(retryable)
        }
        fn input(__arguments: &#args) -> ::flow::Result<::flow::serde_json::Value> {
            #bind
            #input
        }
        const OUTPUT: __flow::Json<Self::Ok> = __flow::Out::<#ok>::JSON;
        #repeat
        #prompt
        #served
        #tool
        #tools
        #approve
    }
}

fn input(function: &Function) -> TokenStream {
    let fields = function.data().map(|(_, argument)| {
        let (name, inner) = (argument.plain(), &argument.inner);
        let value = &argument.name;
        quote!((#name, __flow::In::<#inner>::encode(#name, #value)?))
    });
    quote!(::core::result::Result::Ok(__flow::object([#(#fields),*])))
}

fn repeat(function: &Function, args: &TokenStream) -> TokenStream {
    let (bind, copies) = (bind(function), copies(function));
    quote! {
        fn repeat(__arguments: &#args) -> ::core::option::Option<#args> {
            #bind
            __flow::Some((#(#copies,)*))
        }
    }
}

/// The owned arguments as a test's closure takes them: a single one, or a tuple.
fn owned_inputs(function: &Function) -> TokenStream {
    let mut types: Vec<_> = function.data().map(|(_, argument)| owned(argument)).collect();
    if types.len() == 1 { types.remove(0) } else { quote!((#(#types,)*)) }
}
