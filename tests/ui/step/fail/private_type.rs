// A public step exposes its types, like any public function.
#![deny(private_interfaces)]

pub mod steps {
    use flow::prelude::*;

    #[contract]
    struct Candidate {
        name: String,
    }

    #[step]
    pub async fn count(candidate: &Candidate) -> Result<usize> {
        Ok(candidate.name.len())
    }
}

fn main() {}
