//! The attributes of `flow`.

mod near;
#[cfg_attr(not(test), expect(dead_code, reason = "the expansion of a step is what calls it"))]
mod template;
