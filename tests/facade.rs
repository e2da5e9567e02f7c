//! Every public name of `flow` is listed in its root and in `public_api.txt`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use syn::{Item, ItemMod, UseTree, Visibility};

/// The names exported by the root, with their paths and required features.
#[derive(Default)]
struct Names {
    found: BTreeSet<String>,
    globs: Vec<String>,
}

impl Names {
    fn items(&mut self, path: &str, needs: &str, items: &[Item]) {
        for item in items {
            let needs = [needs, &feature(attributes(item))].join("");
            if is_hidden(attributes(item)) {
                continue;
            }
            match item {
                Item::Use(shown) if is_public(&shown.vis) => self.tree(path, &needs, &shown.tree),
                Item::Mod(module) if is_public(&module.vis) => self.module(path, &needs, module),
                Item::Macro(shown) if exported(&shown.attrs) => {
                    self.add(path, &needs, &format!("{}!", shown.ident.as_ref().expect("a macro has a name")));
                }
                Item::Fn(shown) if is_public(&shown.vis) => self.add(path, &needs, &shown.sig.ident.to_string()),
                Item::Struct(shown) if is_public(&shown.vis) => self.add(path, &needs, &shown.ident.to_string()),
                Item::Enum(shown) if is_public(&shown.vis) => self.add(path, &needs, &shown.ident.to_string()),
                Item::Trait(shown) if is_public(&shown.vis) => self.add(path, &needs, &shown.ident.to_string()),
                _ => {}
            }
        }
    }

    fn module(&mut self, path: &str, needs: &str, module: &ItemMod) {
        self.add(path, needs, &module.ident.to_string());
        if let Some((_, items)) = &module.content {
            self.items(&format!("{path}::{}", module.ident), needs, items);
        }
    }

    fn tree(&mut self, path: &str, needs: &str, tree: &UseTree) {
        match tree {
            UseTree::Path(step) => self.tree(path, needs, &step.tree),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.tree(path, needs, tree)),
            UseTree::Name(name) => self.add(path, needs, &name.ident.to_string()),
            UseTree::Rename(name) if name.rename == "_" => self.add(path, needs, &format!("{} as _", name.ident)),
            UseTree::Rename(name) => self.add(path, needs, &name.rename.to_string()),
            UseTree::Glob(_) => self.globs.push(path.to_owned()),
        }
    }

    fn add(&mut self, path: &str, needs: &str, name: &str) {
        self.found.insert(format!("{path}::{name}{needs}"));
    }
}

fn attributes(item: &Item) -> &[syn::Attribute] {
    match item {
        Item::Use(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        _ => &[],
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

fn is_hidden(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("doc")
            && attribute.parse_args::<syn::Ident>().is_ok_and(|argument| argument == "hidden")
    })
}

fn exported(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| attribute.path().is_ident("macro_export"))
}

/// ` (cli)` for `#[cfg(feature = "cli")]`.
fn feature(attributes: &[syn::Attribute]) -> String {
    let features = attributes.iter().filter(|attribute| attribute.path().is_ident("cfg")).filter_map(|attribute| {
        let condition: syn::MetaNameValue = attribute.parse_args().ok()?;
        let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(feature), .. }) = condition.value else { return None };
        condition.path.is_ident("feature").then(|| format!(" ({})", feature.value()))
    });
    features.collect()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

#[test]
fn every_public_name_is_known() {
    let source = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let mut names = Names::default();
    names.items("flow", "", &syn::parse_file(&source).unwrap().items);
    assert_eq!(names.globs, Vec::<String>::new(), "every name is written out");
    let found: String = names.found.iter().map(|name| format!("{name}\n")).collect();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("public_api.txt");
    if std::env::var_os("FLOW_PUBLIC_API").is_some_and(|value| value == "write") {
        fs::write(&file, &found).unwrap();
    }
    let known = fs::read_to_string(&file).unwrap();
    let both = |one: &str, other: &str| {
        let other: BTreeSet<&str> = other.lines().collect();
        one.lines().filter(|line| !other.contains(line)).map(str::to_owned).collect::<Vec<_>>()
    };
    let (added, removed) = (both(&found, &known), both(&known, &found));
    assert!(
        added.is_empty() && removed.is_empty(),
        "the public names have changed: added {added:?}, removed {removed:?}; write them with FLOW_PUBLIC_API=write and review the difference"
    );
}
