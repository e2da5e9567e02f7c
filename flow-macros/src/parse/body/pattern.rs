//! Patterns: the part of a value that each name binds.

use syn::{Member, Pat};

use super::reader::Reader;
use crate::model::{Origin, Seg, last_name, plain};

impl Reader {
    /// Binds the names of a pattern to the parts of a value.
    pub(super) fn bind(&mut self, pat: &Pat, value: Origin) {
        match pat {
            Pat::Ident(ident) => {
                if let Some((_, inner)) = &ident.subpat {
                    self.bind(inner, value.clone());
                }
                let name = ident.ident.to_string();
                if name.starts_with('_') {
                    self.read(&value);
                }
                self.scope.bind(&name, value);
                if ident.mutability.is_some() {
                    self.scope.declare_mutable(&name);
                }
            }
            Pat::Type(typed) => self.bind(&typed.pat, value),
            Pat::Reference(reference) => self.bind(&reference.pat, value),
            Pat::Paren(paren) => self.bind(&paren.pat, value),
            Pat::Tuple(tuple) => self.bind_parts(&tuple.elems, &value, |index| value.clone().part(Seg::Index(index))),
            Pat::Slice(slice) => self.bind_items(&slice.elems, &value),
            Pat::Wild(_) => self.read(&value),
            Pat::TupleStruct(tuple) => self.bind_variant(tuple, &value),
            Pat::Struct(fields) => self.bind_fields(fields, &value),
            Pat::Or(or) => self.bind_either(or, &value),
            _ => {}
        }
    }

    /// Positions after `..` are unknown.
    fn bind_parts<'p>(
        &mut self,
        parts: impl IntoIterator<Item = &'p Pat>,
        whole: &Origin,
        part: impl Fn(usize) -> Origin,
    ) {
        let mut skipped = false;
        for (index, pat) in parts.into_iter().enumerate() {
            skipped |= matches!(pat, Pat::Rest(_));
            self.bind(pat, if skipped { Origin::lost([whole.clone()]) } else { part(index) });
        }
    }

    /// `[first, rest @ ..]`: items and a list of the rest.
    fn bind_items<'p>(&mut self, items: impl IntoIterator<Item = &'p Pat>, list: &Origin) {
        for pat in items {
            match pat {
                Pat::Ident(ident) if ident.subpat.as_ref().is_some_and(|(_, of)| matches!(**of, Pat::Rest(_))) => {
                    self.scope.bind(&ident.ident.to_string(), list.clone());
                }
                other => self.bind(other, list.clone().part(Seg::Item)),
            }
        }
    }

    fn bind_variant(&mut self, tuple: &syn::PatTupleStruct, value: &Origin) {
        let name = last_name(&tuple.path);
        self.bind_parts(&tuple.elems, value, |index| match name.as_str() {
            "Ok" => value.clone(),
            "Err" => Origin::lost([value.clone()]),
            "Some" => value.clone().part(Seg::Some),
            name => value.clone().part(Seg::Payload(name.to_owned(), index.to_string())),
        });
    }

    fn bind_fields(&mut self, fields: &syn::PatStruct, value: &Origin) {
        let name = last_name(&fields.path);
        for field in &fields.fields {
            let member = match &field.member {
                Member::Named(ident) => plain(ident),
                Member::Unnamed(index) => index.index.to_string(),
            };
            self.bind(&field.pat, value.clone().part(Seg::Payload(name.clone(), member)));
        }
    }

    /// `A(x) | B(x)`: the name may hold either value.
    fn bind_either(&mut self, or: &syn::PatOr, value: &Origin) {
        let mut names: Vec<(String, Origin)> = Vec::new();
        for case in &or.cases {
            self.scope.enter();
            self.bind(case, value.clone());
            for name in names_of(case) {
                let found = self.scope.value(&name);
                match names.iter_mut().find(|(known, _)| *known == name) {
                    Some((_, origin)) => *origin = std::mem::replace(origin, Origin::Nothing).or(found),
                    None => names.push((name, found)),
                }
            }
            self.scope.leave();
        }
        for (name, origin) in names {
            self.scope.bind(&name, origin);
        }
    }
}

fn names_of(pat: &Pat) -> Vec<String> {
    struct Names(Vec<String>);
    impl<'ast> syn::visit::Visit<'ast> for Names {
        fn visit_pat_ident(&mut self, ident: &'ast syn::PatIdent) {
            self.0.push(ident.ident.to_string());
            syn::visit::visit_pat_ident(self, ident);
        }
    }
    let mut names = Names(Vec::new());
    syn::visit::Visit::visit_pat(&mut names, pat);
    names.0
}
