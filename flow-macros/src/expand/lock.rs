//! A contract lock as constants, and the check against it.

use std::collections::BTreeMap;

use flow_base::lock::{Field, Form, Lock, Object, OneOf, Shape, Step, Variant};
use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};

use super::tokens::{option, spanned};
use crate::model::Workflow;
use flow_base::hash::fnv;

/// The check against the lock, if the workflow has one. Cargo tracks the file and the variable that disables the check.
pub(crate) fn check(workflow: &Workflow) -> TokenStream {
    let Some(lock) = &workflow.lock else { return TokenStream::new() };
    let check = lock.file.as_ref().ok().and_then(Option::as_ref).map(|file| {
        let (path, types, locked) = (&file.path, types(&file.lock), locked(&file.lock));
        let (type_count, step_count) = (file.lock.types.len(), file.lock.steps.len());
        let parts = 0..step_count + 2;
        let function = spanned(quote!(__flow::lock), lock.span);
        let check =
            quote_spanned!(lock.span => #function(&__META, &__LOCKED, &__STANDINGS, &[#(__Part::<#parts>::KEPT),*]));
        quote! {
            const _: &[u8] = ::core::include_bytes!(#path);
            #types
            static __LOCKED: __flow::Locked = #locked;
            static __STANDINGS: __flow::Standings<#type_count, #step_count> = __flow::Standings::of(&__META, &__LOCKED);
            struct __Part<const PART: usize>;
            impl<const PART: usize> __Part<PART> {
                const KEPT: __flow::Kept = __STANDINGS.kept(&__META, &__LOCKED, PART);
            }
            #[cfg(not(rust_analyzer))]
            const _: () = #check;
        }
    });
    quote! {
        const _: () = {
            const _: ::core::option::Option<&str> = ::core::option_env!("FLOW_LOCK");
            #check
        };
    }
}

/// The types as statics, which may refer to each other.
fn types(lock: &Lock) -> TokenStream {
    let names: Vec<_> = lock.types.keys().map(String::as_str).collect();
    let writer = Writer { names: &names };
    let all = lock.types.iter().zip(0_u64..).map(|((name, shape), number)| {
        let (constant, body) = (writer.name(name), writer.shape(shape));
        let id = format!("lock {name}");
        quote! {
            static #constant: __flow::Def = __flow::Def {
                id: #id,
                name: #name,
                hash: #number,
                access: __flow::Access::Members,
                body: #body,
            };
        }
    });
    quote!(#(#all)*)
}

fn locked(lock: &Lock) -> TokenStream {
    let names: Vec<_> = lock.types.keys().map(String::as_str).collect();
    let writer = Writer { names: &names };
    let file = format!("contracts/{}.json", lock.workflow);
    let (version, input, output) = (lock.version, writer.arguments(&lock.input), writer.shape(&lock.output));
    let steps = lock.steps.iter().map(|(place, step)| writer.step(place, step));
    quote! {
        __flow::Locked {
            file: #file,
            version: #version,
            input: #input,
            output: &#output,
            steps: &[#(#steps),*],
        }
    }
}

struct Writer<'a> {
    /// The names of the types, in order.
    names: &'a [&'a str],
}

impl Writer<'_> {
    /// The static of a type, numbered because a type name need not be a Rust identifier.
    fn name(&self, name: &str) -> syn::Ident {
        let at = self.names.iter().position(|other| *other == name);
        format_ident!("__LOCKED_{}", at.unwrap_or(self.names.len()))
    }

    fn step(&self, place: &str, step: &Step) -> TokenStream {
        let (input, output) = (self.arguments(&step.input), self.shape(&step.output));
        let from = step.from.iter().flat_map(|(name, all)| all.iter().map(move |source| quote!((#name, #source))));
        quote! {
            __flow::LockedStep { place: #place, input: #input, output: &#output, from: &[#(#from),*] }
        }
    }

    fn arguments(&self, arguments: &BTreeMap<String, Shape>) -> TokenStream {
        let all = arguments.iter().map(|(name, shape)| {
            let shape = self.shape(shape);
            quote!(__flow::LockedArgument { name: #name, shape: &#shape })
        });
        quote!(&[#(#all),*])
    }

    fn shape(&self, shape: &Shape) -> TokenStream {
        let inner = |shape| self.shape(shape);
        let shape = match shape {
            Shape::Any => quote!(Any),
            Shape::Null => quote!(Null),
            Shape::Bool => quote!(Bool),
            Shape::Number => quote!(Number),
            Shape::Float(bits) => quote!(Float { bits: #bits }),
            Shape::Int(min, max) => quote!(Int { min: #min, max: #max }),
            Shape::Char => quote!(Char),
            Shape::Str(format) => {
                let format = option(format.as_ref());
                quote!(Str { format: #format })
            }
            Shape::Opaque(name) => quote!(Opaque(#name)),
            Shape::Named(name) => {
                let name = self.name(name);
                quote!(Named(__flow::DefPtr::new(&#name)))
            }
            Shape::Array(item) => {
                let item = inner(item);
                quote!(Array(&#item))
            }
            Shape::Option(item) => {
                let item = inner(item);
                quote!(Option(&#item))
            }
            Shape::Tuple(items) => {
                let items = items.iter().map(inner);
                quote!(Tuple(&[#(&#items),*]))
            }
            Shape::Map(key, value) => {
                let (key, value) = (inner(key), inner(value));
                quote!(Map { key: &#key, value: &#value })
            }
            Shape::Split(write, read) => {
                let (write, read) = (inner(write), inner(read));
                quote!(Split { write: &#write, read: &#read })
            }
            Shape::Object(object) => self.object(object),
            Shape::OneOf(one_of) => self.one_of(one_of),
        };
        quote!(__flow::Shape::#shape)
    }

    fn object(&self, object: &Object) -> TokenStream {
        let fields = object.fields.iter().map(|(name, field)| self.member(name, field));
        let flattened = object.flatten.iter().map(|shape| {
            let shape = self.shape(shape);
            quote!(Flatten { rust: "", shape: &#shape })
        });
        let closed = object.closed;
        quote! {
            Struct(__flow::StructShape {
                members: &[#(__flow::Member::#fields,)* #(__flow::Member::#flattened,)*],
                deny_unknown: #closed,
            })
        }
    }

    fn member(&self, name: &str, field: &Field) -> TokenStream {
        let shape = self.shape(&field.shape);
        if field.is_plain() {
            let hash = fnv(name);
            return quote!(Plain(#name, #hash, &#shape));
        }
        let (written, read) = (wire(name, field.written.as_ref()), wire(name, field.read.as_ref()));
        let (hash_written, hash_read) = (fnv(written.unwrap_or_default()), fnv(read.unwrap_or_default()));
        let (rust, written, read) = (written.or(read).unwrap_or_default(), option(written), option(read));
        let Field { aliases, always_written, never_null, required, .. } = field;
        quote! {
            Field(__flow::Field {
                rust: #rust,
                ser: #written,
                de: #read,
                hash: (#hash_written, #hash_read),
                aliases: &[#(#aliases),*],
                always_written: #always_written,
                never_null: #never_null,
                required: #required,
                by_hand: false,
                shape: &#shape,
            })
        }
    }

    fn one_of(&self, one_of: &OneOf) -> TokenStream {
        let repr = match &one_of.form {
            Form::External => quote!(External),
            Form::Internal(tag) => quote!(Internal { tag: #tag }),
            Form::Adjacent(tag, content) => quote!(Adjacent { tag: #tag, content: #content }),
            Form::Untagged => quote!(Untagged),
        };
        let variants = one_of.variants.iter().map(|variant| self.variant(variant));
        let closed = one_of.closed;
        quote! {
            Enum(__flow::EnumShape {
                repr: __flow::Repr::#repr,
                variants: &[#(#variants),*],
                deny_unknown: #closed,
            })
        }
    }

    fn variant(&self, variant: &Variant) -> TokenStream {
        let Variant { name, written, read, aliases, other, content } = variant;
        let (written, read) = (option(wire(name, written.as_ref())), option(wire(name, read.as_ref())));
        let content = option(content.as_ref().map(|content| {
            let content = self.shape(content);
            quote!(&#content)
        }));
        quote! {
            __flow::Variant {
                rust: #name,
                ser: #written,
                de: #read,
                aliases: &[#(#aliases),*],
                other: #other,
                newtype: false,
                shape: #content,
            }
        }
    }
}

/// The name on the wire, if there is one in this direction.
fn wire<'a>(name: &'a str, other: Option<&'a Option<String>>) -> Option<&'a str> {
    match other {
        None => Some(name),
        Some(other) => other.as_deref(),
    }
}
