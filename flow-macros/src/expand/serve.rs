//! The members of `StepDef` for helpers of a step: gates, `fix`, `fallback`, `concurrency` and `compensate`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Path;

use super::arguments::{bind, copies};
use super::tokens::resite;
use crate::model::{Gate, Step, last_name};

pub(crate) fn members(step: &Step, args: &TokenStream) -> TokenStream {
    let options = &step.options;
    let gates = (!options.gates.is_empty()).then(|| judge(step, args));
    let fix = options.fix.as_ref().map(|fix| mend(&fix.path, args));
    let fallback = options.fallback.as_ref().map(|path| fall_back(step, path, args));
    let limit = options.concurrency.map(limit);
    let compensate = options.compensate.as_ref().map(|path| undo(path, args));
    quote!(#gates #fix #fallback #limit #compensate)
}

/// Runs the gates in the order written: function gates always, step gates only while nothing is rejected, since they cost.
fn judge(step: &Step, args: &TokenStream) -> TokenStream {
    let asks = step.options.gates.iter().any(|gate| !gate.arguments.is_empty());
    let bind = asks.then(|| {
        let bind = bind(&step.function);
        quote! {
            let __arguments = __arguments.ok_or_else(__flow::given_away)?;
            #bind
        }
    });
    let (gates, meta) = (step.options.gates.iter().map(|gate| one_gate(gate, step)), meta(args));
    quote! {
        fn judge<'__x>(
            __output: &'__x Self::Ok,
            __arguments: ::core::option::Option<&'__x #args>,
            __cx: &'__x __flow::Cx<'__x>,
        ) -> __flow::BoxFuture<'__x, ::flow::Result<::std::vec::Vec<__flow::Judgement>>> {
            ::std::boxed::Box::pin(async move {
                #bind
                let mut __said = __flow::Judgements::of(#meta);
                #(#gates)*
                ::core::result::Result::Ok(__said.into_all())
            })
        }
    }
}

fn one_gate(gate: &Gate, step: &Step) -> TokenStream {
    let path = &gate.path;
    let name = last_name(&gate.path);
    let arguments = gate.arguments.iter().map(|name| {
        // A by-reference argument is bound as a reference to the reference.
        let by_ref = step.function.argument(name).is_some_and(|argument| argument.by_ref);
        let name = resite(name);
        if by_ref { quote!(*#name) } else { quote!(#name) }
    });
    quote! {
        __flow::Passed::new(#path, (__output, #(#arguments,)*)).judge(&mut __said, __cx, #name).await?;
    }
}

/// The description of the step, from which the places of its helpers derive.
fn meta(args: &TokenStream) -> TokenStream {
    quote!(<Self as __flow::StepDef<#args>>::META)
}

fn mend(path: &Path, args: &TokenStream) -> TokenStream {
    let meta = meta(args);
    quote! {
        fn fix<'__x>(
            __output: Self::Ok,
            __rejection: &'__x __flow::Rejection,
            __cx: &'__x __flow::Cx<'__x>,
        ) -> __flow::BoxFuture<'__x, ::flow::Result<Self::Ok>>
        where
            Self::Ok: '__x,
        {
            let __asked = (__output, __rejection);
            ::std::boxed::Box::pin(__flow::Helper(#path, __asked, ::core::marker::PhantomData::<fn() -> Self::Ok>).fix(__cx, #meta))
        }
    }
}

fn fall_back(step: &Step, path: &Path, args: &TokenStream) -> TokenStream {
    let bind = bind(&step.function);
    let (arguments, meta) = (copies(&step.function), meta(args));
    quote! {
        fn fall_back<'__x>(
            __arguments: &'__x #args,
            __cx: &'__x __flow::Cx<'__x>,
        ) -> __flow::BoxFuture<'__x, ::flow::Result<Self::Ok>>
        where
            Self::Ok: '__x,
        {
            #bind
            let __asked = (#(#arguments,)*);
            ::std::boxed::Box::pin(__flow::Helper(#path, __asked, ::core::marker::PhantomData::<fn() -> Self::Ok>).fall_back(__cx, #meta))
        }
    }
}

fn undo(path: &Path, args: &TokenStream) -> TokenStream {
    let meta = meta(args);
    quote! {
        const UNDO: ::core::option::Option<__flow::UndoAt> = __flow::Some(|__output, __cx| {
            ::std::boxed::Box::pin(async move {
                let __output = __flow::reread(<Self as __flow::StepDef<#args>>::OUTPUT.decode, __output)?;
                let mut __held = __flow::None;
                __flow::Undo::new(#path, __output, &mut __held).compensate(__cx, #meta).await
            })
        });
    }
}

fn limit(most: u32) -> TokenStream {
    let most = most as usize;
    quote! {
        fn limit() -> ::core::option::Option<&'static __flow::Semaphore> {
            static __LIMIT: __flow::Semaphore = __flow::Semaphore::const_new(#most);
            __flow::Some(&__LIMIT)
        }
    }
}
