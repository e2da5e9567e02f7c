//! Two versions of one contract.

/// The direction in which two versions are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evolution {
    /// Written by the old version and read by the new one; otherwise the reverse.
    pub forward: bool,
    /// Everything written must be read: ignored values are differences, too.
    pub whole: bool,
}

impl Evolution {
    /// Old values, read now.
    pub const READ_NOW: Self = Self { forward: true, whole: false };
    /// Old values, all of which must still be read.
    pub const KEPT: Self = Self { forward: true, whole: true };
    /// New values, read by the old version.
    pub const READ_BEFORE: Self = Self { forward: false, whole: false };
    /// New values, which must not contain anything new.
    pub const NOTHING_NEW: Self = Self { forward: false, whole: true };
}
