//! Finds types that hold a secret by name. They would be rejected for lack of a contract anyway, but without the reason.

use syn::Type;
use syn::visit::{self, Visit};

/// Whether a type mentions `Secret<T>` by one of our paths. With any other path prefix it is a different type.
pub(crate) fn holds_secret(ty: &Type) -> bool {
    struct Find(bool);
    impl<'ast> Visit<'ast> for Find {
        fn visit_path(&mut self, path: &'ast syn::Path) {
            let names: Vec<_> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
            let names: Vec<_> = names.iter().map(String::as_str).collect();
            let ours = matches!(names[..], ["Secret"] | ["flow", "Secret"] | ["flow", "prelude", "Secret"]);
            let inner = path.segments.last().is_some_and(|last| !last.arguments.is_none());
            self.0 |= ours && inner;
            visit::visit_path(self, path);
        }
    }
    let mut find = Find(false);
    find.visit_type(ty);
    find.0
}

#[cfg(test)]
mod tests {
    fn holds_secret(ty: &str) -> bool {
        super::holds_secret(&syn::parse_str(ty).expect("a type"))
    }

    #[test]
    fn a_secret_is_found_wherever_it_is() {
        for ty in ["Secret<String>", "Vec<Secret<u8>>", "&Secret<T>", "Option<(u8, flow::Secret<T>)>", "[Secret<T>; 3]"]
        {
            assert!(holds_secret(ty), "{ty}");
        }
        for ty in ["Secret", "crate::Secret<T>", "mine::Secret<T>", "Vec<String>"] {
            assert!(!holds_secret(ty), "{ty}");
        }
    }
}
