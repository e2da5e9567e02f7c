// A type without a contract has no shape.
// says: step `measure` cannot take `upload: &Upload`
// says: add `#[contract]` to `Upload`

use flow::prelude::*;

pub struct Upload { pub bytes: Vec<u8> }
#[step]
async fn measure(upload: &Upload) -> Result<u64> { Ok(upload.bytes.len() as u64) }

fn main() {}
