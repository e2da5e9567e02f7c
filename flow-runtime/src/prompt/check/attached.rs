//! What a template attaches, and what a shape holds.

use super::opaque::{self, Hidden};
use super::say::write_path;
use super::step::{Step, step};
use super::text::Text;
use super::walk::{Defs, Shapes, concrete};
use super::{How, Use};
use crate::contract::{MediaKind, Shape};

/// Returns the kind of the attachment that a use puts into its message, if it is one.
pub const fn attached(arguments: &[(&'static str, &'static Shape)], usage: &Use<'_>) -> Option<MediaKind> {
    if !matches!(usage.how, How::Print) {
        return None;
    }
    let mut defs = Defs::new();
    let mut shapes = Shapes::one(arguments[usage.argument].1);
    let mut place = 0;
    loop {
        let here = concrete(&shapes, &mut defs);
        if place == usage.path.len() {
            let mut i = 0;
            while i < here.shapes.len {
                if let Some(kind) = MediaKind::of_shape(here.shapes.at[i]) {
                    return Some(kind);
                }
                i += 1;
            }
            return None;
        }
        shapes = match step(&here, usage.path[place], &mut defs) {
            Step::To { shapes, .. } => shapes,
            _ => return None,
        };
        place += 1;
    }
}

/// Returns the value that a use reads, as it is written in the template: `resume.photo`.
pub const fn path(arguments: &[(&'static str, &'static Shape)], usage: &Use<'_>) -> Text {
    let mut text = Text::new();
    write_path(&mut text, arguments[usage.argument].0, usage.path);
    text
}

/// Returns the kind of an attachment anywhere in values of a shape.
pub const fn media_in(shape: &'static Shape) -> Option<MediaKind> {
    if let Some(kind) = MediaKind::of_shape(shape) {
        return Some(kind);
    }
    let mut defs = Defs::new();
    let whole = concrete(&Shapes::one(shape), &mut defs);
    let mut i = 0;
    while i < whole.shapes.len {
        if let Some(kind) = MediaKind::of_shape(whole.shapes.at[i]) {
            return Some(kind);
        }
        i += 1;
    }
    match opaque::within(&whole, true, &mut defs) {
        Some(Hidden::Media(kind)) => Some(kind),
        _ => None,
    }
}
