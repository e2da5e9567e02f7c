// Contract options belong on fields.
use flow::contract;

#[contract]
enum Job {
    #[contract(as = u64)]
    Paid(u64),
}

fn main() {}
