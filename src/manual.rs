//! The manual, one page a concept.
