//! Functions declared inside the body of a workflow, which its graph cannot name from outside.

use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{Block, ItemFn, parse_quote};

/// The names of the functions declared in a body.
pub(super) fn functions(body: &Block) -> Vec<String> {
    #[derive(Default)]
    struct Find(Vec<String>);

    impl<'ast> Visit<'ast> for Find {
        fn visit_item_fn(&mut self, function: &'ast ItemFn) {
            self.0.push(function.sig.ident.to_string());
            visit::visit_item_fn(self, function);
        }
    }

    let mut find = Find::default();
    find.visit_block(body);
    find.0
}

/// Replaces the bodies of functions that are misplaced, so that their awaits cause no further errors.
pub(super) fn emptied(body: &mut Block, names: &[String]) {
    struct Empty<'a>(&'a [String]);

    impl VisitMut for Empty<'_> {
        fn visit_item_fn_mut(&mut self, function: &mut ItemFn) {
            if self.0.iter().any(|name| function.sig.ident == name) {
                *function.block = parse_quote!({ ::core::unimplemented!() });
            }
            visit_mut::visit_item_fn_mut(self, function);
        }
    }

    if !names.is_empty() {
        Empty(names).visit_block_mut(body);
    }
}
