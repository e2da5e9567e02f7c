//! Restores the case of names that an endpoint returned with different capitalization.

use serde_json::Value;

use super::fits::fits;
use super::tree::{Kind, Node, Tree};

/// Replaces strings that differ from a listed name only in case. Values that fit are not touched; values that still do not fit are
/// left for validation to report.
pub(super) fn mend(tree: &Tree, node: &Node, value: &mut Value) {
    if fits(tree, node, value) {
        return;
    }
    let Some(node) = tree.follow(node) else { return };
    match (&node.kind, &mut *value) {
        (Kind::Scalar { values: Some(names), .. }, Value::String(text)) => {
            if let Some(name) = only_like(names, text) {
                name.clone_into(text);
            }
        }
        (Kind::Array(item), Value::Array(items)) => items.iter_mut().for_each(|value| mend(tree, item, value)),
        (Kind::Object { fields, extra }, Value::Object(map)) => {
            for (key, value) in map {
                let field = fields.iter().find(|field| field.name == *key).map(|field| &field.node);
                if let Some(node) = field.or(extra.as_deref()) {
                    mend(tree, node, value);
                }
            }
        }
        (Kind::Union(variants), _) => {
            let mended = variants.iter().find_map(|variant| {
                let mut mended = value.clone();
                mend(tree, variant, &mut mended);
                fits(tree, variant, &mended).then_some(mended)
            });
            if let Some(mended) = mended {
                *value = mended;
            }
        }
        _ => {}
    }
}

/// The only name that equals the text apart from case.
fn only_like<'a>(names: &'a [Value], text: &str) -> Option<&'a str> {
    let mut like = names.iter().filter_map(Value::as_str).filter(|name| name.to_lowercase() == text.to_lowercase());
    let only = like.next()?;
    like.next().is_none().then_some(only)
}
