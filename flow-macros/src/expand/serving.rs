//! The functions that serve a step (gates and helpers), and the checks that they fit.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Path, Type};

use super::lifetimes::everlasting;
use super::tokens::underline;
use crate::model::{Argument, Function, Gate, Step, last_name};
use crate::text;

/// A function named by an option.
struct Serving<'a> {
    path: &'a Path,
    /// Whether the function, bound to `__function`, fits.
    fits: TokenStream,
    /// What to report if it does not fit: the questions to ask, and their answers combined.
    found: (Vec<TokenStream>, TokenStream),
    /// What the option requires.
    wanted: TokenStream,
    /// The function that fails the build if it does not fit.
    check: TokenStream,
}

/// The checks of a step. A generic step has them in its description, since no other constant can name its types.
pub(crate) fn checks(step: &Step) -> impl Iterator<Item = TokenStream> {
    let options = &step.options;
    let gates = options.gates.iter().map(|found| gate(step, found));
    let fix = options.fix.iter().map(|found| self::fix(step, &found.path));
    let fallback = options.fallback.iter().map(|path| self::fallback(step, path));
    let compensate = options.compensate.iter().map(|path| self::compensate(step, path));
    gates.chain(fix).chain(fallback).chain(compensate).map(|serving| {
        let check = serving.loud();
        quote!({ let _ = #check; })
    })
}

/// A pointer to the step behind a gate, if it is a step.
pub(crate) fn gate_pointer(step: &Step, found: &Gate) -> TokenStream {
    gate(step, found).pointer(step, quote!(__flow::judging_step))
}

/// A pointer to the `fix` step, and how often it may run.
pub(crate) fn fix_pointer(step: &Step) -> Option<TokenStream> {
    let found = step.options.fix.as_ref()?;
    let (pointer, times) = (fix(step, &found.path).pointer(step, quote!(__flow::known)), found.times);
    Some(quote!((#pointer, #times)))
}

/// A pointer to the `fallback` step.
pub(crate) fn fallback_pointer(step: &Step) -> Option<TokenStream> {
    let path = step.options.fallback.as_ref()?;
    Some(fallback(step, path).pointer(step, quote!(__flow::known)))
}

/// A pointer to the `compensate` step.
pub(crate) fn compensate_pointer(step: &Step) -> Option<TokenStream> {
    let path = step.options.compensate.as_ref()?;
    Some(compensate(step, path).pointer(step, quote!(__flow::known)))
}

impl Serving<'_> {
    /// The check. The function is named once for all questions, so that a generic one is instantiated as the one that fits.
    fn loud(&self) -> TokenStream {
        let (wanted, fits, (questions, found)) = (&self.wanted, &self.fits, &self.found);
        let asked = self.ask(&quote!((#fits, #(#questions),*)));
        let check = underline(self.check.clone(), quote!(&#wanted, __asked.0, #found), self.path);
        quote!({ let __asked = #asked; #check })
    }

    fn pointer(&self, step: &Step, quiet: TokenStream) -> TokenStream {
        // A generic step has no other constant that could report the error.
        if step.function.is_generic() {
            return self.loud();
        }
        let asked = self.ask(&self.fits);
        quote!(#quiet(#asked))
    }

    fn ask(&self, question: &TokenStream) -> TokenStream {
        let path = self.path;
        quote!(__flow::ask(&|| { let __function = #path; #question }))
    }
}

fn fallback<'a>(step: &Step, path: &'a Path) -> Serving<'a> {
    let function = &step.function;
    let (ok, types) = (everlasting(&function.output.ok), function.arguments.iter().map(|a| everlasting(&a.ty)));
    let arguments = function.arguments.iter().map(|a| format!("{}: {}", a.name, text::of(&a.ty)));
    let fits = quote!(__flow::Serving::<(#(#types,)*), #ok, _>::of(&__function).fallback());
    helper(function, "fallback", path, &arguments.collect::<Vec<_>>().join(", "), &function.output.ok, fits)
}

fn fix<'a>(step: &Step, path: &'a Path) -> Serving<'a> {
    let function = &step.function;
    let ok = everlasting(&function.output.ok);
    let arguments = format!("output: {}, rejection: &Rejection", text::of(&function.output.ok));
    let fits = quote!(__flow::Serving::<(), #ok, _>::of(&__function).fix());
    helper(function, "fix", path, &arguments, &function.output.ok, fits)
}

fn compensate<'a>(step: &Step, path: &'a Path) -> Serving<'a> {
    let function = &step.function;
    let ok = everlasting(&function.output.ok);
    let arguments = format!("output: &{}", text::of(&function.output.ok));
    let fits = quote!(__flow::Undoing::<#ok, _, _>::of(&__function).compensate());
    helper(function, "compensate", path, &arguments, &syn::parse_quote!(()), fits)
}

fn helper<'a>(
    function: &Function,
    role: &str,
    path: &'a Path,
    arguments: &str,
    output: &Type,
    fits: TokenStream,
) -> Serving<'a> {
    let signature = format!("async fn {}({arguments}) -> Result<{}>", last_name(path), text::of(output));
    Serving {
        path,
        fits,
        found: (vec![quote!(__flow::Function::of(&__function).step())], quote!(__asked.1)),
        wanted: wanted(function, role, path, &signature),
        check: quote!(__flow::serves),
    }
}

fn gate<'a>(step: &Step, gate: &'a Gate) -> Serving<'a> {
    let (function, path) = (&step.function, &gate.path);
    let ok = &function.output.ok;
    let given: Vec<_> = gate.arguments.iter().filter_map(|name| function.argument(name)).collect();
    let types = given.iter().map(|argument| lent(argument));
    let output = everlasting(ok);
    let fits = quote!(__flow::Judging::<(&'static #output, #(#types,)*), _, _>::of(&__function).gate());
    let written = given.iter().map(|a| format!(", {}: &{}", a.name, text::of(&a.inner))).collect::<String>();
    let signature = format!("fn {}(output: &{}{written}) -> Verdict", last_name(path), text::of(ok));
    Serving {
        path,
        fits,
        found: found((given.len() + 1).min(8)),
        wanted: wanted(function, "gate", path, &signature),
        check: quote!(__flow::judges),
    }
}

/// The type of an argument as a gate receives it.
fn lent(argument: &Argument) -> Type {
    let ty = everlasting(&argument.ty);
    if argument.by_ref { ty } else { syn::parse_quote!(&'static #ty) }
}

/// Describes a candidate for a gate, with the shapes of its first parameters.
fn found(parameters: usize) -> (Vec<TokenStream>, TokenStream) {
    let function = quote!(__flow::Function::of(&__function));
    let shapes = (0..parameters).map(|at| quote!(#function.parameter::<#at>().shape()));
    let questions =
        vec![quote!(#function.step()), quote!(#function.judges()), quote!(#function.count()), quote!((#(#shapes,)*))];
    let at = (0..parameters).map(syn::Index::from);
    let answers = quote! {
        __flow::Found { step: __asked.1, judges: __asked.2, count: __asked.3, shapes: &[#(__asked.4.#at),*] }
    };
    (questions, answers)
}

fn wanted(function: &Function, role: &str, path: &Path, signature: &str) -> TokenStream {
    let (name, step) = (last_name(path), function.plain());
    let early = matches!(role, "gate" | "fix");
    quote! {
        __flow::Wanted {
            role: #role,
            name: #name,
            step: #step,
            before_acceptance: #early,
            signature: #signature,
        }
    }
}
