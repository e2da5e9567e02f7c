//! Contracts of pointers, which are written as the value they point to.

use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;

use crate::contract::{Contract, Shape};

impl<T: Contract + ?Sized> Contract for &T {
    const SHAPE: &'static Shape = T::SHAPE;
}

impl<T: Contract + ?Sized> Contract for Box<T> {
    const SHAPE: &'static Shape = T::SHAPE;
}

impl<T: Contract + ?Sized> Contract for Rc<T> {
    const SHAPE: &'static Shape = T::SHAPE;
}

impl<T: Contract + ?Sized> Contract for Arc<T> {
    const SHAPE: &'static Shape = T::SHAPE;
}

impl<T: Contract + ToOwned + ?Sized> Contract for Cow<'_, T> {
    const SHAPE: &'static Shape = T::SHAPE;
}
