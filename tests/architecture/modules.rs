//! The modules of a crate, and the names that each of them introduces.

use std::collections::{BTreeMap, BTreeSet};

use syn::{Item, ItemMod, ItemUse, UseTree, Visibility};

use crate::cfg::{attributes, is_apart};
use crate::tokens;

/// The text of source files, by their paths below `src`.
pub(crate) type Files = BTreeMap<String, String>;

/// The index of a module.
pub(crate) type Id = usize;

pub(crate) const ROOT: Id = 0;

pub(crate) struct Modules {
    pub(crate) all: Vec<Module>,
}

pub(crate) struct Module {
    /// The names from the root to this module.
    pub(crate) path: Vec<String>,
    pub(crate) parent: Option<Id>,
    /// The module of the file that contains this one: itself, unless it is inline.
    pub(crate) file: Id,
    pub(crate) scope: Scope,
    /// Without `mod` items.
    pub(crate) items: Vec<Item>,
}

/// The names that a module or a block introduces.
#[derive(Default)]
pub(crate) struct Scope {
    pub(crate) defined: BTreeSet<String>,
    pub(crate) modules: BTreeMap<String, Vec<Id>>,
    pub(crate) imports: Vec<Import>,
    /// Macros, with the modules of the files that define them.
    pub(crate) macros: BTreeMap<String, Id>,
}

pub(crate) struct Import {
    pub(crate) path: Vec<String>,
    /// `None` is a glob.
    pub(crate) name: Option<String>,
    pub(crate) is_reexport: bool,
}

impl Modules {
    pub(crate) fn of(files: &Files) -> Self {
        let mut tree = Tree { files, all: Vec::new(), exported: BTreeMap::new() };
        tree.file("lib.rs", Vec::new(), None);
        let Tree { mut all, exported, .. } = tree;
        all[ROOT].scope.macros.extend(exported);
        Self { all }
    }

    /// The path of a module's file below `src`, without its ending.
    pub(crate) fn shown(&self, id: Id) -> String {
        let path = &self.all[self.all[id].file].path;
        if path.is_empty() { "lib".to_owned() } else { path.join("/") }
    }
}

/// The modules read so far.
struct Tree<'f> {
    files: &'f Files,
    all: Vec<Module>,
    /// Exported macros belong to the root, wherever they are defined.
    exported: BTreeMap<String, Id>,
}

impl Tree<'_> {
    fn file(&mut self, file: &str, path: Vec<String>, parent: Option<Id>) -> Id {
        let source = syn::parse_file(&self.files[file]).unwrap_or_else(|error| panic!("{file}: {error}"));
        let stem = file.trim_end_matches(".rs");
        let (folder, name) = stem.rsplit_once('/').unwrap_or(("", stem));
        let inner = if matches!(name, "lib" | "mod") { folder } else { stem };
        self.module(inner, source.items, path, parent, None)
    }

    /// Adds a module whose own modules are files in the folder `inner`.
    fn module(&mut self, inner: &str, items: Vec<Item>, path: Vec<String>, parent: Option<Id>, file: Option<Id>) -> Id {
        let id = self.all.len();
        let file = file.unwrap_or(id);
        self.all.push(Module { path, parent, file, scope: Scope::default(), items: Vec::new() });
        let mut scope = Scope::default();
        let mut kept = Vec::new();
        for item in items.into_iter().filter(|item| !is_apart(attributes(item))) {
            if let Item::Mod(module) = item {
                let name = module.ident.to_string();
                scope.modules.entry(name).or_default().push(self.child(inner, module, id));
                continue;
            }
            scope.add(&item, file);
            if let Some(name) = exported(&item) {
                self.exported.insert(name, file);
            }
            kept.push(item);
        }
        self.all[id].scope = scope;
        self.all[id].items = kept;
        id
    }

    fn child(&mut self, inner: &str, module: ItemMod, parent: Id) -> Id {
        let name = module.ident.to_string();
        let path = [&self.all[parent].path[..], std::slice::from_ref(&name)].concat();
        let below = if inner.is_empty() { name } else { format!("{inner}/{name}") };
        if let Some((_, items)) = module.content {
            let file = self.all[parent].file;
            return self.module(&below, items, path, Some(parent), Some(file));
        }
        let places = [format!("{below}.rs"), format!("{below}/mod.rs")];
        let file = places.into_iter().find(|place| self.files.contains_key(place));
        self.file(&file.unwrap_or_else(|| panic!("the module {below} has no file")), path, Some(parent))
    }
}

impl Scope {
    pub(crate) fn add(&mut self, item: &Item, file: Id) {
        let name = match item {
            Item::Const(item) => &item.ident,
            Item::Enum(item) => &item.ident,
            Item::Fn(item) => &item.sig.ident,
            Item::Static(item) => &item.ident,
            Item::Struct(item) => &item.ident,
            Item::Trait(item) => &item.ident,
            Item::TraitAlias(item) => &item.ident,
            Item::Type(item) => &item.ident,
            Item::Union(item) => &item.ident,
            Item::Macro(item) => {
                match &item.ident {
                    Some(name) => _ = self.macros.insert(name.to_string(), file),
                    None => self.defined.extend(tokens::defined(&item.mac)),
                }
                return;
            }
            Item::Use(item) => return self.imports.extend(imports(item)),
            // A method is found through its type.
            _ => return,
        };
        self.defined.insert(name.to_string());
    }
}

/// The names that a `use` item introduces, with their paths.
pub(crate) fn imports(item: &ItemUse) -> Vec<Import> {
    let mut found = Vec::new();
    // No name is empty: the path leads out of the crate.
    let start = if item.leading_colon.is_some() { vec![String::new()] } else { Vec::new() };
    let is_reexport = !matches!(item.vis, Visibility::Inherited);
    flatten(&item.tree, &start, &mut |path, name| found.push(Import { path, name, is_reexport }));
    found
}

fn flatten(tree: &UseTree, path: &[String], add: &mut impl FnMut(Vec<String>, Option<String>)) {
    let to = |name: &syn::Ident| match name.to_string() {
        name if name == "self" && !path.is_empty() => path.to_vec(),
        name => [path, &[name]].concat(),
    };
    match tree {
        UseTree::Path(step) => flatten(&step.tree, &to(&step.ident), add),
        UseTree::Group(group) => group.items.iter().for_each(|tree| flatten(tree, path, add)),
        UseTree::Name(name) => add(to(&name.ident), to(&name.ident).pop()),
        UseTree::Rename(name) => add(to(&name.ident), Some(name.rename.to_string())),
        UseTree::Glob(_) => add(path.to_vec(), None),
    }
}

fn exported(item: &Item) -> Option<String> {
    let Item::Macro(item) = item else { return None };
    let is_exported = item.attrs.iter().any(|attribute| attribute.path().is_ident("macro_export"));
    item.ident.as_ref().filter(|_| is_exported).map(ToString::to_string)
}
