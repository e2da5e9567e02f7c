// Contracts nested forty levels deep are compared within the compiler's default limits.
use flow::Contract;
use flow::contract::{enforce, fits};

macro_rules! chain {
    ($module:ident: $first:ident $($rest:ident)*) => {
        mod $module {
            chain!(@ $first $($rest)*);
            pub type Top = $first;
        }
    };
    (@ $only:ident) => {
        #[flow::contract]
        pub struct $only { value: u8 }
    };
    (@ $outer:ident $inner:ident $($rest:ident)*) => {
        #[flow::contract]
        pub struct $outer { inner: $inner, list: Vec<$inner> }
        chain!(@ $inner $($rest)*);
    };
}

chain!(one: A B C D E F G H I J K L M N O P Q R S T U V W X Y Z AA BB CC DD EE FF GG HH II JJ KK LL MM NN OO PP);
chain!(two: A B C D E F G H I J K L M N O P Q R S T U V W X Y Z AA BB CC DD EE FF GG HH II JJ KK LL MM NN OO PP);

const _: () = enforce(&fits(<one::Top as Contract>::SHAPE, <two::Top as Contract>::SHAPE));

fn main() {}
