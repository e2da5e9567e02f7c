//! `tools = […]` and the options that go with it.

use syn::ext::IdentExt;
use syn::{Expr, Ident, Member};

use super::options::{Entry, expect_path, text};
use crate::model::{Bound, Tool};

/// The form of the option.
const FORM: &str = "tools = [STEP, STEP(argument), STEP(argument = own.field)]";

pub(super) fn tools(entry: Entry) -> syn::Result<Vec<Tool>> {
    match entry.expr(FORM)? {
        Expr::Array(array) if array.elems.is_empty() => {
            Err(syn::Error::new_spanned(array, "empty list of tools: name at least one"))
        }
        Expr::Array(array) => array.elems.iter().map(tool).collect(),
        other => Err(syn::Error::new_spanned(other, format!("invalid tools: expected `{FORM}`"))),
    }
}

fn tool(written: &Expr) -> syn::Result<Tool> {
    match written {
        Expr::MethodCall(call) if call.method == "id" && call.args.len() == 1 => {
            let wrong = || syn::Error::new_spanned(&call.args, "the id of a tool is a literal: `.id(\"…\")`");
            let id = super::id::id(text(&call.args[0]).ok_or_else(wrong)?)?;
            Ok(Tool { id: Some(id), ..tool(&call.receiver)? })
        }
        Expr::Call(call) => {
            let bound = call.args.iter().map(bound).collect::<syn::Result<_>>()?;
            Ok(Tool { path: expect_path(&call.func)?, id: None, bound })
        }
        other => Ok(Tool { path: expect_path(other)?, id: None, bound: Vec::new() }),
    }
}

/// `argument`, short for `argument = argument`, or `argument = own.field`.
fn bound(written: &Expr) -> syn::Result<Bound> {
    match written {
        Expr::Assign(assign) => match &*assign.left {
            Expr::Path(path) if path.path.get_ident().is_some() => {
                Ok(Bound { argument: path.path.require_ident()?.clone(), path: field_path(&assign.right)? })
            }
            other => Err(refused(other)),
        },
        other => {
            let path = field_path(other)?;
            match path.as_slice() {
                [name] => Ok(Bound { argument: name.clone(), path }),
                _ => Err(refused(other)),
            }
        }
    }
}

/// `own`, or `own.field.field`.
fn field_path(written: &Expr) -> syn::Result<Vec<Ident>> {
    match written {
        Expr::Path(path) => match path.path.get_ident() {
            Some(name) => Ok(vec![name.clone()]),
            None => Err(refused(written)),
        },
        Expr::Field(field) => {
            let mut path = field_path(&field.base)?;
            match &field.member {
                Member::Named(name) => path.push(name.clone()),
                Member::Unnamed(_) => return Err(refused(written)),
            }
            Ok(path)
        }
        other => Err(refused(other)),
    }
}

fn refused(written: &Expr) -> syn::Error {
    let form = "invalid argument of a tool: expected the name of an argument of this step, or `argument = own.field`";
    syn::Error::new_spanned(written, form)
}

/// `on_tool_error = tell` or `on_tool_error = fail`; returns whether it is `fail`.
pub(super) fn on_error(entry: Entry) -> syn::Result<bool> {
    let value = entry.expr("on_tool_error = tell / fail")?;
    match &value {
        Expr::Path(path) if path.path.get_ident().is_some_and(|name| name.unraw() == "tell") => Ok(false),
        Expr::Path(path) if path.path.get_ident().is_some_and(|name| name.unraw() == "fail") => Ok(true),
        other => Err(syn::Error::new_spanned(other, "`on_tool_error` must be `tell` or `fail`")),
    }
}
