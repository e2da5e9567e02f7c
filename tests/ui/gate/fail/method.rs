// A gate must be a free function.
use flow::prelude::*;

struct Judge;

impl Judge {
    #[gate]
    fn small(&self, _years: &u32) -> Verdict {
        Verdict::accept()
    }
}

fn main() {}
