//! Reads a receipt from a picture or a PDF: the shop, the date, the currency and every line. The gates add the lines up and check
//! date and currency; what they reject goes back to the model with the reasons.
//!
//! ```text
//! cargo run --example receipt                                      # a receipt from examples/data, offline
//! cargo run --example receipt -- run --file scan.photo=PATH        # any picture
//! cargo run --example receipt -- run --file scan.document=PATH     # any PDF
//! ```
//!
//! Offline, no model is asked and nothing reads the attachment, so the receipt stays in doubt. With a real model:
//!
//! ```text
//! OPENAI_API_KEY=… cargo run --example receipt
//! ANTHROPIC_API_KEY=… FLOW_MODEL_READER=anthropic/claude-haiku-4-5 cargo run --example receipt
//! ```

use flow::ErrorKind;
use flow::media::{Image, Pdf};
use flow::prelude::*;

/// A receipt on paper, as a picture, a document or both.
#[contract]
#[derive(Debug, Clone)]
pub struct Scan {
    /// A photograph.
    pub photo: Option<Image>,
    /// A PDF.
    pub document: Option<Pdf>,
}

/// What a receipt says.
#[contract]
#[derive(Debug, Clone, PartialEq)]
pub struct Receipt {
    /// The name of the shop.
    pub shop: String,
    /// The date of the purchase, as `2026-03-14`.
    pub date: String,
    /// The currency by its ISO 4217 code, such as `GBP`.
    pub currency: String,
    /// One for each line with an item.
    pub lines: Vec<Line>,
    /// The total as printed, in hundredths.
    pub total: i64,
}

/// One line of a receipt.
#[contract]
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The item as printed.
    pub item: String,
    /// How many of it.
    pub quantity: u32,
    /// The amount of the whole line in hundredths; negative for a discount.
    pub amount: i64,
}

/// A receipt that adds up, or what is in doubt.
#[contract]
#[derive(Debug, Clone, PartialEq)]
pub struct Booking {
    /// The receipt.
    pub receipt: Option<Receipt>,
    /// Why the receipt could not be booked.
    pub doubts: Vec<String>,
}

const READER: Model = Model::new("openai/gpt-5-mini").name("reader").max_output_tokens(2_000);

/// Reads the receipt.
#[step(
    model = READER,
    system = "Take every value as it is printed. Invent nothing.",
    prompt = "Read this receipt.
{% if scan.photo is not none %}{{ scan.photo }}{% endif %}
{% if scan.document is not none %}{{ scan.document }}{% endif %}
",
    gate = adds_up,
    gate = dated,
    gate = priced,
    repair = 2
)]
pub async fn read(scan: &Scan) -> Result<Receipt>;

/// Books a receipt, or says what is in doubt.
#[workflow(strict, max_model_calls = 9)]
pub async fn book(scan: Scan) -> Result<Booking> {
    if scan.photo.is_none() && scan.document.is_none() {
        flow::bail!("there is nothing to read: attach a photo or a document");
    }
    match read(&scan).await {
        Ok(receipt) => Ok(Booking { receipt: Some(receipt), doubts: Vec::new() }),
        Err(error) => match error.kind() {
            ErrorKind::Rejected { reasons, .. } => Ok(Booking { receipt: None, doubts: reasons.clone() }),
            _ => Err(error),
        },
    }
}

/// The lines add up to the total.
#[gate]
fn adds_up(receipt: &Receipt) -> Verdict {
    let sum = receipt.lines.iter().fold(0_i64, |sum, line| sum.saturating_add(line.amount));
    Verdict::ensure(!receipt.lines.is_empty(), "there is no line; a receipt has at least one").and(Verdict::ensure(
        sum == receipt.total,
        format!(
            "the lines add up to {}, but the total is {}; read the amounts again",
            money(sum),
            money(receipt.total)
        ),
    ))
}

/// The date exists.
#[gate]
fn dated(receipt: &Receipt) -> Verdict {
    Verdict::ensure(is_date(&receipt.date), format!("`{}` is not a date such as 2026-03-14", receipt.date))
}

/// The currency is a code of three letters.
#[gate]
fn priced(receipt: &Receipt) -> Verdict {
    let is_code = receipt.currency.len() == 3 && receipt.currency.bytes().all(|letter| letter.is_ascii_uppercase());
    Verdict::ensure(is_code, format!("`{}` is not a currency code such as GBP", receipt.currency))
}

fn money(hundredths: i64) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", hundredths.unsigned_abs() / 100, hundredths.unsigned_abs() % 100)
}

fn is_date(text: &str) -> bool {
    let [year, month, day] = text.split('-').collect::<Vec<_>>()[..] else { return false };
    let number = |text: &str, length| text.parse::<u32>().ok().filter(|_| text.len() == length);
    let (Some(year), Some(month), Some(day)) = (number(year, 4), number(month, 2), number(day, 2)) else {
        return false;
    };
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let last = match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    (1..=last).contains(&day)
}

const RECEIPT: &str = concat!("scan.document=", env!("CARGO_MANIFEST_DIR"), "/data/receipt_corner_bakery.pdf");

flow::main!(flow::App::new().workflow(book).offline_without_key().default_arguments(["run", "--file", RECEIPT]));

#[cfg(test)]
mod tests {
    use super::*;

    fn scan() -> Scan {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/data/receipt_corner_bakery.pdf");
        Scan { photo: None, document: Some(Pdf::open(file).unwrap()) }
    }

    fn receipt() -> Receipt {
        let line = |item: &str, quantity, amount| Line { item: item.to_owned(), quantity, amount };
        Receipt {
            shop: "Corner Bakery".to_owned(),
            date: "2026-03-14".to_owned(),
            currency: "GBP".to_owned(),
            lines: vec![line("Sourdough loaf", 2, 780), line("Cinnamon bun", 1, 260), line("Flat white", 3, 1_050)],
            total: 2_090,
        }
    }

    #[test]
    fn dates_and_amounts_are_checked() {
        for date in ["2026-03-14", "2024-02-29", "2000-02-29", "2025-12-31"] {
            assert!(is_date(date), "{date}");
        }
        for date in
            ["", "14 March 2026", "2026-02-29", "1900-02-29", "2026-13-01", "2026-04-31", "2026-3-14", "2026-00-10"]
        {
            assert!(!is_date(date), "{date}");
        }
        assert_eq!([money(5), money(-1_250), money(i64::MIN)], ["0.05", "-12.50", "-92233720368547758.08"]);
    }

    #[tokio::test]
    async fn a_receipt_that_adds_up_is_booked() {
        let runtime = Runtime::test().answer(read, receipt());
        let booking = runtime.run(book(scan())).await.unwrap();
        assert_eq!(booking, Booking { receipt: Some(receipt()), doubts: Vec::new() });
    }

    #[tokio::test]
    async fn a_misread_amount_is_read_again_with_the_reason() {
        let mut misread = receipt();
        misread.lines[0].amount = 180;
        let (runtime, happened) = Runtime::test().answers(read, [misread, receipt()]).build().unwrap();
        assert_eq!(runtime.run(book(scan())).await.unwrap().receipt, Some(receipt()));
        let told = happened.lines().join("\n");
        assert!(told.contains("the lines add up to 14.90, but the total is 20.90"), "{told}");
    }

    #[tokio::test]
    async fn what_stays_wrong_is_in_doubt() {
        let wrong = Receipt { date: "14/03/2026".to_owned(), currency: "£".to_owned(), ..receipt() };
        let runtime = Runtime::test().answers(read, [wrong.clone(), wrong.clone(), wrong]);
        let booking = runtime.run(book(scan())).await.unwrap();
        assert_eq!(
            booking.doubts,
            ["`14/03/2026` is not a date such as 2026-03-14", "`£` is not a currency code such as GBP"]
        );
    }

    #[tokio::test]
    async fn an_empty_scan_asks_no_model() {
        let nothing = Scan { photo: None, document: None };
        let error = Runtime::test().run(book(nothing)).await.unwrap_err();
        assert_eq!(error.message(), "there is nothing to read: attach a photo or a document");
    }
}
