//! The names that the code of a crate uses, with the files that define them.
//!
//! Methods and fields are not among them, because that would take types.

use std::collections::BTreeSet;

use syn::visit::{self, Visit};
use syn::{Attribute, Block, Expr, Item, Meta, Stmt};

use crate::cfg::{attributes, is_apart};
use crate::modules::{Id, Import, Modules, Scope, imports};
use crate::resolve::{Found, Target};
use crate::tokens;

/// A name as it is used in a file.
#[derive(Debug)]
pub(crate) struct Use {
    /// The module of the file.
    pub(crate) file: Id,
    pub(crate) name: String,
    /// The modules that the path names.
    pub(crate) through: BTreeSet<Id>,
    /// The modules of the files that define it.
    pub(crate) defined: BTreeSet<Id>,
    /// Passed on to other modules, and not used here.
    pub(crate) is_reexport: bool,
}

pub(crate) fn uses(modules: &Modules) -> Vec<Use> {
    let read = |module: Id| {
        let mut reader = Reader { modules, module, blocks: Vec::new(), variables: Vec::new(), uses: Vec::new() };
        modules.all[module].items.iter().for_each(|item| reader.visit_item(item));
        reader.uses
    };
    (0..modules.all.len()).flat_map(read).collect()
}

pub(crate) struct Reader<'m> {
    modules: &'m Modules,
    module: Id,
    /// The items, imports and type parameters of the blocks and items around.
    blocks: Vec<Scope>,
    /// Their variables. No longer path starts with one, but it may hide a function.
    variables: Vec<BTreeSet<String>>,
    uses: Vec<Use>,
}

impl Reader<'_> {
    pub(crate) fn path(&mut self, path: &[String]) {
        let is_variable = path.len() == 1 && self.variables.iter().any(|names| names.contains(&path[0]));
        if path[0] != "Self" && !is_variable {
            let target = self.modules.resolve(self.module, &self.blocks, path);
            let defined = target.items().collect();
            self.add(target, defined, false);
        }
    }

    /// The path of a macro.
    pub(crate) fn macro_path(&mut self, path: &[String]) {
        let target = self.modules.resolve(self.module, &self.blocks, path);
        let mut defined: BTreeSet<_> = target.macros().collect();
        if path.len() == 1 && defined.is_empty() && !target.ends.contains(&Found::Outside) {
            defined.extend(self.modules.macro_above(self.module, &path[0]));
        }
        self.add(target, defined, false);
    }

    fn import(&mut self, import: &Import) {
        let target = self.modules.resolve(self.module, &[], &import.path);
        let mut defined: BTreeSet<_> = target.items().chain(target.macros()).collect();
        // If a module has the same name, the code tells which of the two it needs.
        if target.modules().next().is_some() {
            defined.clear();
        }
        self.add(target, defined, import.is_reexport);
    }

    fn add(&mut self, target: Target, defined: BTreeSet<Id>, is_reexport: bool) {
        let file = self.modules.all[self.module].file;
        self.uses.push(Use { file, name: target.name, through: target.through, defined, is_reexport });
    }

    /// Reads something that introduces names for itself alone.
    fn within(&mut self, scope: Scope, read: impl FnOnce(&mut Self)) {
        self.blocks.push(scope);
        self.variables.push(BTreeSet::new());
        read(self);
        self.blocks.pop();
        self.variables.pop();
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        if is_apart(attributes(item)) {
            return;
        }
        match item {
            Item::Use(item) => imports(item).iter().for_each(|import| self.import(import)),
            // Not a call: `macro_rules` is not looked up.
            Item::Macro(item) if item.ident.is_some() => tokens::call(self, &item.mac),
            item => self.within(Scope::default(), |reader| visit::visit_item(reader, item)),
        }
    }

    fn visit_impl_item(&mut self, item: &'ast syn::ImplItem) {
        let attributes: &[Attribute] = match item {
            syn::ImplItem::Const(item) => &item.attrs,
            syn::ImplItem::Fn(item) => &item.attrs,
            _ => &[],
        };
        if !is_apart(attributes) {
            self.within(Scope::default(), |reader| visit::visit_impl_item(reader, item));
        }
    }

    fn visit_trait_item(&mut self, item: &'ast syn::TraitItem) {
        self.within(Scope::default(), |reader| visit::visit_trait_item(reader, item));
    }

    fn visit_field(&mut self, field: &'ast syn::Field) {
        if !is_apart(&field.attrs) {
            visit::visit_field(self, field);
        }
    }

    fn visit_variant(&mut self, variant: &'ast syn::Variant) {
        if !is_apart(&variant.attrs) {
            visit::visit_variant(self, variant);
        }
    }

    fn visit_block(&mut self, block: &'ast Block) {
        let file = self.modules.all[self.module].file;
        let mut scope = Scope::default();
        for statement in &block.stmts {
            if let Stmt::Item(item) = statement {
                scope.add(item, file);
            }
        }
        self.within(scope, |reader| visit::visit_block(reader, block));
    }

    /// The variables of a condition are known in the block after it.
    fn visit_expr(&mut self, expr: &'ast Expr) {
        match expr {
            Expr::Let(_) | Expr::Binary(_) | Expr::Paren(_) => visit::visit_expr(self, expr),
            _ => self.within(Scope::default(), |reader| visit::visit_expr(reader, expr)),
        }
    }

    fn visit_arm(&mut self, arm: &'ast syn::Arm) {
        if !is_apart(&arm.attrs) {
            self.within(Scope::default(), |reader| visit::visit_arm(reader, arm));
        }
    }

    /// A variable is not yet known in its own value.
    fn visit_local(&mut self, local: &'ast syn::Local) {
        if is_apart(&local.attrs) {
            return;
        }
        if let Some(init) = &local.init {
            self.visit_local_init(init);
        }
        self.visit_pat(&local.pat);
    }

    fn visit_expr_let(&mut self, expr: &'ast syn::ExprLet) {
        self.visit_expr(&expr.expr);
        self.visit_pat(&expr.pat);
    }

    fn visit_expr_for_loop(&mut self, expr: &'ast syn::ExprForLoop) {
        self.visit_expr(&expr.expr);
        self.visit_pat(&expr.pat);
        self.visit_block(&expr.body);
    }

    fn visit_pat_ident(&mut self, pat: &'ast syn::PatIdent) {
        let name = pat.ident.to_string();
        // A constant looks like a variable.
        if name.starts_with(char::is_uppercase) {
            self.path(&[name]);
        } else if let Some(variables) = self.variables.last_mut() {
            variables.insert(name);
        }
        visit::visit_pat_ident(self, pat);
    }

    fn visit_generic_param(&mut self, param: &'ast syn::GenericParam) {
        let name = match param {
            syn::GenericParam::Type(param) => Some(&param.ident),
            syn::GenericParam::Const(param) => Some(&param.ident),
            _ => None,
        };
        if let (Some(name), Some(block)) = (name, self.blocks.last_mut()) {
            block.defined.insert(name.to_string());
        }
        visit::visit_generic_param(self, param);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.leading_colon.is_none() {
            self.path(&names(path));
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        if call.path.leading_colon.is_none() {
            self.macro_path(&names(&call.path));
        }
        tokens::call(self, call);
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        let is_code = !attribute.path().is_ident("doc") && !attribute.path().is_ident("cfg");
        if let Meta::List(list) = &attribute.meta
            && is_code
        {
            tokens::attribute(self, list);
        }
    }

    /// `pub(in crate::path)` depends on nothing.
    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}
}

fn names(path: &syn::Path) -> Vec<String> {
    path.segments.iter().map(|segment| segment.ident.to_string()).collect()
}
