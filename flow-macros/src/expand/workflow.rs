//! A workflow as code: a function that returns a call, its graph as a constant, and its body with every await at its place.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use super::names::step_name;
use super::tokens::{at, block, last, option, unlinted};
use super::{body, demands, graph, lock, meta};
use crate::model::{Argument, CheckedWorkflow, Function};

/// The complete expansion of a workflow.
pub(crate) fn workflow(workflow: &CheckedWorkflow) -> TokenStream {
    let function = &workflow.function;
    let (attrs, vis) = (&function.attrs, &function.vis);
    let signature = signature(function);
    let steps = steps(workflow);
    let description = description(workflow);
    let definition = definition(function);
    let demands = demands::of_workflow(function);
    let checks = graph::checks(workflow);
    let lock = lock::check(workflow);
    let body = body(workflow);
    let names = function.data().map(|(_, argument)| &argument.name);
    let block = block(
        function,
        quote! {
            struct __Workflow;
            #steps
            #description
            #definition
            #demands
            #checks
            #lock
            #body
            #[allow(clippy::used_underscore_binding)]
            return __flow::InWorkflow::new(__flow::WorkflowCall::new(__Workflow, (#(#names,)*)));
        },
    );
    quote! {
        #(#attrs)*
        #[allow(unexpected_cfgs)]
        #vis #signature #block
    }
}

/// `fn name(arguments without states) -> InWorkflow<impl Workflow<T>>`.
pub(crate) fn signature(function: &Function) -> TokenStream {
    let name = function.name();
    let inputs = function.data().map(|(_, argument)| {
        let (name, ty) = (&argument.name, &argument.ty);
        quote!(#name: #ty)
    });
    let ok = &function.output.ok;
    let (function_token, end) = (&function.sig.fn_token, last(&function.output.ty));
    let call = quote_spanned! { at(name.span()) =>
        ::flow::__private::InWorkflow<impl ::flow::__private::Workflow<#ok> #end
    };
    quote!(#function_token #name(#(#inputs),*) -> #call)
}

/// Pointers to the descriptions of the called functions. A pointer is not dereferenced here, so that functions that
/// call each other in a cycle still compile and the cycle can be reported. [`step_checks`](super::calls::step_checks) checks whether the functions
/// are steps.
fn steps(workflow: &CheckedWorkflow) -> TokenStream {
    let all = workflow.flow.nodes.iter().enumerate().map(|(index, node)| {
        let (name, path) = (step_name(index), &node.path);
        if workflow.found.calls.contains(&index) {
            return quote!(const #name: __flow::MetaPtr = __flow::known(__flow::None););
        }
        let function = quote_spanned!(path.span() => &#path);
        quote! {
            const #name: __flow::MetaPtr = __flow::known(
                __flow::ask(&|| __flow::Function::of(#function).step())
            );
        }
    });
    quote!(#(#all)*)
}

fn description(workflow: &CheckedWorkflow) -> TokenStream {
    let function = &workflow.function;
    let common = meta::common(function, workflow.id.as_ref(), quote!(Workflow));
    let states = function.arguments.iter().filter(|argument| argument.state).map(state);
    let timeout = option(workflow.timeout.map(super::tokens::millis));
    let graph = graph::graph(workflow);
    quote! {
        #[allow(unused_imports)]
        use __flow::quiet::*;
        static __META: __flow::Meta = __flow::Meta {
            #common
            states: &[#(#states),*],
            policy: __flow::Policy { timeout: #timeout, ..__flow::Policy::PLAIN },
            graph: __flow::Some(&#graph),
        };
    }
}

/// A state that the runtime has to have.
pub(super) fn state(argument: &Argument) -> TokenStream {
    let (name, inner) = (argument.plain(), &argument.inner);
    let type_name = quote!(#inner).to_string();
    quote! {
        __flow::State {
            name: #name,
            type_name: #type_name,
            type_id: ::core::any::TypeId::of::<#inner>,
        }
    }
}

fn definition(function: &Function) -> TokenStream {
    let (names, types): (Vec<_>, Vec<_>) = function.data().map(|(_, a)| (&a.name, &a.ty)).unzip();
    let ok = &function.output.ok;
    let keys: Vec<_> = function.data().map(|(_, argument)| argument.plain()).collect();
    let states = function.arguments.iter().filter(|argument| argument.state).map(|argument| {
        let (name, inner, text) = (&argument.name, &argument.inner, argument.plain());
        quote!(let #name = __cx.state::<#inner>(#text)?;)
    });
    let passed = function.arguments.iter().map(|argument| {
        let name = &argument.name;
        if argument.state { quote!(&*#name) } else { quote!(#name) }
    });
    // At the name, where rustc reports a value that is not `Send`.
    let run = quote_spanned! { at(function.name().span()) =>
        ::std::boxed::Box::pin(async move {
            #(#states)*
            match __body(&__cx, #(#passed),*).await {
                ::core::result::Result::Ok(__output) => ::core::result::Result::Ok(__output),
                ::core::result::Result::Err(__error) => {
                    ::core::result::Result::Err(__flow::Failure(__error).ours())
                }
            }
        })
    };
    let unlinted = unlinted();
    quote! {
        #unlinted
        const _: () = {
            impl __flow::WorkflowDef for __Workflow {
                type Arguments = (#(#types,)*);
                type Ok = #ok;
                const META: __flow::MetaPtr = __flow::MetaPtr::new(&__META);
                const OUTPUT: __flow::Json<Self::Ok> = __flow::Out::<#ok>::JSON;
                fn body<'__c>(
                    __cx: __flow::Cx<'__c>,
                    (#(#names,)*): Self::Arguments,
                ) -> __flow::BoxFuture<'__c, ::flow::Result<Self::Ok>> {
                    #run
                }
                fn input((#(#names,)*): &Self::Arguments) -> ::flow::Result<::flow::serde_json::Value> {
                    ::core::result::Result::Ok(__flow::object([
                        #((#keys, __flow::In::<#types>::encode(#keys, #names)?)),*
                    ]))
                }
                fn read(
                    __input: ::flow::serde_json::Value,
                ) -> ::core::result::Result<Self::Arguments, ::std::vec::Vec<__flow::Violation>> {
                    let mut __input = __flow::Arguments::read(__input, &[#(#keys),*]);
                    #(let #names = __input.take(#keys, __flow::Out::<#types>::JSON.decode);)*
                    __input.finish()?;
                    ::core::result::Result::Ok((#(__flow::taken(#names)?,)*))
                }
            }
        };
    }
}

fn body(workflow: &CheckedWorkflow) -> TokenStream {
    let sig = &workflow.function.sig;
    let (inputs, output) = (&sig.inputs, &workflow.function.output);
    let (ty, ok) = (&output.ty, &output.ok);
    // An alias may turn out not to be a `Result`, which `?` on awaited calls needs.
    let output = if output.alias { quote!(::flow::Result<#ok>) } else { quote!(#ty) };
    let block = body::block(workflow);
    quote! {
        #[allow(clippy::too_many_arguments)]
        async fn __body(__cx: &__flow::Cx<'_>, #inputs) -> #output #block
    }
}
