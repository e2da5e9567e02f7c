//! Contracts of tuples with up to twelve elements.

use crate::contract::{Contract, Shape};

macro_rules! tuples {
    ($($($name:ident)+;)+) => {$(
        impl<$($name: Contract),+> Contract for ($($name,)+) {
            const SHAPE: &'static Shape = &Shape::Tuple(&[$($name::SHAPE),+]);
        }
    )+};
}

tuples! {
    A;
    A B;
    A B C;
    A B C D;
    A B C D E;
    A B C D E F;
    A B C D E F G;
    A B C D E F G H;
    A B C D E F G H I;
    A B C D E F G H I J;
    A B C D E F G H I J K;
    A B C D E F G H I J K L;
}
