//! Merges two descriptions of the same value.

use super::keywords;
use super::read::{Reader, Trail};
use super::tree::{Field, Kind, Node, Presence, Type};
use super::union::union;

impl Reader<'_> {
    /// The conjunction of two nodes. A reference is followed only if it has siblings.
    pub(super) fn merge(&self, mut left: Node, mut right: Node, trail: &mut Trail) -> Node {
        let description = left.description.take().or_else(|| right.description.take());
        let merged = match (left, right) {
            (open, node) | (node, open) if open.is_open() => node,
            (Node { kind: Kind::Ref(target), .. }, right) => {
                let left = self.resolve(&target, trail);
                self.merge(left, right, trail)
            }
            (left, Node { kind: Kind::Ref(target), .. }) => {
                let right = self.resolve(&target, trail);
                self.merge(left, right, trail)
            }
            (Node { kind: Kind::Union(variants), .. }, right) => {
                union(variants.into_iter().map(|variant| self.merge(variant, right.clone(), trail)).collect())
            }
            (left, Node { kind: Kind::Union(variants), .. }) => {
                union(variants.into_iter().map(|variant| self.merge(left.clone(), variant, trail)).collect())
            }
            (left, right) => self.merge_plain(left, right, trail),
        };
        Node { description: description.or(merged.description), ..merged }
    }

    fn merge_plain(&self, left: Node, right: Node, trail: &mut Trail) -> Node {
        let mut merged = Node::new(self.merge_kinds(left.kind, right.kind, trail));
        for (key, value) in left.constraints.into_iter().chain(right.constraints) {
            if keywords::concerns(&key, &merged.kind) {
                keywords::tighten(&mut merged.constraints, &key, value);
            }
        }
        merged
    }

    fn merge_kinds(&self, left: Kind, right: Kind, trail: &mut Trail) -> Kind {
        match (left, right) {
            (Kind::Any, kind) | (kind, Kind::Any) => kind,
            (Kind::Object { fields, extra }, Kind::Object { fields: others, extra: other }) => Kind::Object {
                fields: self.merge_fields(fields, others, trail),
                extra: match (extra, other) {
                    (Some(left), Some(right)) => Some(Box::new(self.merge(*left, *right, trail))),
                    (left, right) => left.or(right),
                },
            },
            (Kind::Array(left), Kind::Array(right)) => Kind::Array(Box::new(self.merge(*left, *right, trail))),
            (Kind::Tuple(left), Kind::Tuple(right)) if left.len() == right.len() => {
                Kind::Tuple(left.into_iter().zip(right).map(|(left, right)| self.merge(left, right, trail)).collect())
            }
            (Kind::Tuple(items), Kind::Array(_)) | (Kind::Array(_), Kind::Tuple(items)) => Kind::Tuple(items),
            (Kind::Scalar { types, values }, Kind::Scalar { types: others, values: wanted }) => {
                let types: Vec<_> = types.into_iter().filter_map(|ty| common(ty, &others)).collect();
                let values = match (values, wanted) {
                    (Some(left), Some(right)) => Some(left.into_iter().filter(|value| right.contains(value)).collect()),
                    (left, right) => left.or(right),
                };
                if types.is_empty() { Kind::Never } else { Kind::Scalar { types, values } }
            }
            _ => Kind::Never,
        }
    }

    /// All fields of both, those of the left first. A field required by either is required.
    fn merge_fields(&self, mut fields: Vec<Field>, others: Vec<Field>, trail: &mut Trail) -> Vec<Field> {
        for other in others {
            let Some(field) = fields.iter_mut().find(|field| field.name == other.name) else {
                fields.push(other);
                continue;
            };
            let node = std::mem::replace(&mut field.node, Node::new(Kind::Never));
            field.node = self.merge(node, other.node, trail);
            if other.presence == Presence::Required {
                field.presence = Presence::Required;
            }
        }
        fields
    }
}

/// The narrower of a type and its counterpart in a list.
fn common(ty: Type, others: &[Type]) -> Option<Type> {
    match ty {
        _ if others.contains(&ty) => Some(ty),
        Type::Integer if others.contains(&Type::Number) => Some(Type::Integer),
        Type::Number if others.contains(&Type::Integer) => Some(Type::Integer),
        _ => None,
    }
}
