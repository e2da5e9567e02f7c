// A field has the options `as` and `opaque`, and one of them at most.
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
