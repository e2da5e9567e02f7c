//! Numbers in the graph: literals and constants declared outside the body.

use syn::visit::{self, Visit};
use syn::{Expr, Path};

use super::expr::strip;
use super::reader::Reader;
use crate::model::{Count, NamedCount};
use crate::parse::options::number;

/// Why an expression is not a valid count.
pub(super) enum NoCount {
    Zero,
    /// A constant declared inside the body, where the graph cannot see it.
    Inside(Path),
    /// Neither a number nor the name of a constant.
    Other,
}

impl Reader {
    /// Reads a number of at least 1. Constants are checked separately, when they are evaluated.
    pub(super) fn count(&mut self, value: &Expr) -> Result<Count, NoCount> {
        match strip(value) {
            Expr::Path(path) => self.named_count(&path.path).map(Count::Named),
            value => match number::<u32>(value) {
                Some(Ok(0)) => Err(NoCount::Zero),
                Some(Ok(count)) => Ok(Count::Literal(count)),
                _ => Err(NoCount::Other),
            },
        }
    }

    fn named_count(&mut self, path: &Path) -> Result<usize, NoCount> {
        if let Some(name) = path.get_ident().map(ToString::to_string) {
            if self.constants.contains(&name) {
                return Err(NoCount::Inside(path.clone()));
            }
            if self.scope.contains(&name) {
                return Err(NoCount::Other);
            }
        }
        self.flow.counts.push(NamedCount { path: path.clone(), turns: None });
        Ok(self.flow.counts.len() - 1)
    }
}

/// The names of the constants declared in a body.
pub(super) fn constants(body: &syn::Block) -> Vec<String> {
    struct Names(Vec<String>);
    impl<'ast> Visit<'ast> for Names {
        fn visit_item_const(&mut self, item: &'ast syn::ItemConst) {
            self.0.push(item.ident.to_string());
            visit::visit_item_const(self, item);
        }
    }
    let mut names = Names(Vec::new());
    names.visit_block(body);
    names.0
}
