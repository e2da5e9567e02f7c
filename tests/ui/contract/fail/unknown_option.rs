// A field has the options `as` and `opaque`, of which at most one may be set.
// errors: 2
use flow::contract;

#[contract]
struct Job {
    #[contract(opaqe = "seconds")]
    a: u64,
    #[contract(as = u64, opaque = "seconds")]
    b: u64,
}

fn main() {}
