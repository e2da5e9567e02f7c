// A field renamed on one side only is missing on the other.
// says: step `notify` cannot accept the output of step `ship`
// says: missing field `tracking_code` (string); the producer writes `trackingCode`

use flow::prelude::*;

#[contract]
#[serde(rename_all = "camelCase")]
pub struct Shipment { pub tracking_code: String }
#[contract]
pub struct Parcel { pub tracking_code: String }
#[step]
async fn ship(order: u64) -> Result<Shipment> { Ok(Shipment { tracking_code: order.to_string() }) }
#[step]
async fn notify(parcel: &Parcel) -> Result<String> { Ok(parcel.tracking_code.clone()) }
#[workflow]
async fn deliver(order: u64) -> Result<String> {
    let shipment = ship(order).await?;
    notify(&shipment).await
}

fn main() {}
