// A number on one side does not fit a text on the other.
// says: step `book` cannot accept the output of step `parse` (argument `booking`)
// says: at `.lines[].cents`: expected integer
// says: found string
// says: change one of the types, or convert the value

use flow::prelude::*;

#[contract]
pub struct Scan { pub text: String }
#[contract]
pub struct Invoice { pub number: String, pub lines: Vec<Line> }
#[contract]
pub struct Line { pub article: String, pub cents: String }
#[contract]
pub struct Booking { pub number: String, pub lines: Vec<Posting> }
#[contract]
pub struct Posting { pub article: String, pub cents: i64 }

#[step]
async fn parse(scan: &Scan) -> Result<Invoice> { Ok(Invoice { number: scan.text.clone(), lines: vec![] }) }
#[step]
async fn book(booking: &Booking) -> Result<u64> { Ok(booking.lines.len() as u64) }

#[workflow]
async fn pay(scan: Scan) -> Result<u64> {
    let invoice = parse(&scan).await?;
    book(&invoice).await
}

fn main() {}
