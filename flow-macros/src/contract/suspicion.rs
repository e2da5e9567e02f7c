//! Finds types that may have a flaw that only their shape shows. Each check is a constant that costs compile time, so none is
//! generated if the tokens already rule a flaw out.

use syn::{GenericArgument, PathArguments, Type, TypePath};

use super::model::last_name;

/// Names assumed to be those of the standard library, whose types are never flawed.
const FINE: [&str; 21] = [
    "bool",
    "i8",
    "i16",
    "i32",
    "i64",
    "isize",
    "u8",
    "u16",
    "u32",
    "u64",
    "usize",
    "f32",
    "f64",
    "char",
    "str",
    "String",
    "PathBuf",
    "Path",
    "PhantomData",
    "Duration",
    "SystemTime",
];

/// Those in `FINE` that cannot be map keys, because they are not written as strings.
const NO_KEYS: [&str; 3] = ["PhantomData", "Duration", "SystemTime"];

/// Containers that are fine if their type arguments are.
const CONTAINERS: [&str; 13] = [
    "Vec",
    "VecDeque",
    "LinkedList",
    "BinaryHeap",
    "BTreeSet",
    "HashSet",
    "BTreeMap",
    "HashMap",
    "Box",
    "Rc",
    "Arc",
    "Cow",
    "Map",
];

/// Containers that can be empty.
const EMPTY: [&str; 9] =
    ["Option", "Vec", "VecDeque", "LinkedList", "BinaryHeap", "BTreeSet", "HashSet", "BTreeMap", "HashMap"];

/// How likely a type has a flaw.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Suspicion {
    None,
    /// A name that could be an alias of a flawed type: checked together with others in one constant.
    Name,
    /// A form that is flawed often enough for a separate check.
    Form,
}

/// Whether the tokens of a type show that its contract has no flaw.
pub(crate) fn is_fine(ty: &Type) -> bool {
    of(ty) == Suspicion::None
}

pub(super) fn of(ty: &Type) -> Suspicion {
    match ty {
        Type::Path(path) => of_path(path),
        Type::Reference(reference) => of(&reference.elem),
        Type::Group(group) => of(&group.elem),
        Type::Paren(paren) => of(&paren.elem),
        Type::Slice(slice) => of(&slice.elem),
        Type::Array(array) => of(&array.elem),
        Type::Tuple(tuple) => tuple.elems.iter().map(of).max().unwrap_or(Suspicion::None),
        _ => Suspicion::Form,
    }
}

fn of_path(path: &TypePath) -> Suspicion {
    let name = last_name(&Type::Path(path.clone()));
    let parts = arguments(path).into_iter().map(of).max().unwrap_or(Suspicion::None);
    match name.as_str() {
        name if FINE.contains(&name) => Suspicion::None,
        name if name.ends_with("Map") && CONTAINERS.contains(&name) => parts.max(of_key(path)),
        name if CONTAINERS.contains(&name) => parts,
        "Option" if is_never_null(path) => Suspicion::None,
        _ if path.qself.is_some() => Suspicion::Form,
        "Option" | "i128" | "u128" | "NonZeroI128" | "NonZeroU128" => Suspicion::Form,
        _ if arguments(path).is_empty() => Suspicion::Name,
        _ => Suspicion::Form,
    }
}

/// Checks the key of a map: a type that is fine elsewhere may not be a valid key.
fn of_key(map: &TypePath) -> Suspicion {
    match arguments(map).first() {
        Some(Type::Path(key)) if arguments(key).is_empty() => {
            let name = last_name(&Type::Path(key.clone()));
            let is_key = FINE.contains(&name.as_str()) && !NO_KEYS.contains(&name.as_str());
            if is_key { Suspicion::None } else { Suspicion::Name }
        }
        None => Suspicion::None,
        Some(_) => Suspicion::Form,
    }
}

/// Whether the value in the `Option` is fine and never written as `null`.
fn is_never_null(option: &TypePath) -> bool {
    arguments(option).into_iter().all(|inner| match inner {
        Type::Path(path) => {
            let name = last_name(inner);
            let pointer = matches!(name.as_str(), "Box" | "Rc" | "Arc" | "Cow");
            let written =
                if pointer { is_never_null(path) } else { !matches!(name.as_str(), "Option" | "PhantomData") };
            written && of(inner) == Suspicion::None
        }
        Type::Reference(reference) => matches!(&*reference.elem, Type::Path(_)) && of(inner) == Suspicion::None,
        Type::Slice(_) => of(inner) == Suspicion::None,
        _ => false,
    })
}

/// Whether the type could contain a map.
pub(super) fn may_have_keys(ty: &Type) -> bool {
    match ty {
        Type::Path(path) => {
            let name = last_name(ty);
            let list = name == "Option" || CONTAINERS.contains(&name.as_str()) && !name.ends_with("Map");
            !FINE.contains(&name.as_str()) && (!list || arguments(path).into_iter().any(may_have_keys))
        }
        Type::Reference(reference) => may_have_keys(&reference.elem),
        Type::Array(array) => may_have_keys(&array.elem),
        Type::Tuple(tuple) => tuple.elems.iter().any(may_have_keys),
        _ => true,
    }
}

/// Whether every value of the type might contain a value of an unknown type.
pub(super) fn needs_another(ty: &Type) -> bool {
    match ty {
        Type::Path(path) => {
            let name = last_name(ty);
            let pointer = CONTAINERS.contains(&name.as_str());
            !FINE.contains(&name.as_str())
                && !EMPTY.contains(&name.as_str())
                && (!pointer || arguments(path).into_iter().any(needs_another))
        }
        Type::Reference(reference) => needs_another(&reference.elem),
        Type::Group(group) => needs_another(&group.elem),
        Type::Paren(paren) => needs_another(&paren.elem),
        Type::Array(array) => needs_another(&array.elem),
        Type::Tuple(tuple) => tuple.elems.iter().any(needs_another),
        Type::Slice(_) => false,
        _ => true,
    }
}

fn arguments(path: &TypePath) -> Vec<&Type> {
    let Some(last) = path.path.segments.last() else { return Vec::new() };
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return Vec::new() };
    let types = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    types.collect()
}
