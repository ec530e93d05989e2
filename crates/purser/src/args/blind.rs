//! The command line of blind receipts.

use super::ListArgs;
use base::BlindReceiptId;
use clap::Subcommand;
use std::path::PathBuf;

/// `blind`.
#[derive(Debug, Subcommand)]
pub(crate) enum BlindCommand {
    /// Open a blind receipt of a supplier.
    Open(BlindOpenArgs),
    /// Take down the scans of a CSV file: code, quantity, pack_holds, lot, expires_on, damaged,
    /// description.
    Scan(BlindScanArgs),
    /// Tell for which orders the goods came; nothing is booked.
    Match(BlindReceiptArgs),
    /// Receive what fits an order; the rest waits as unknown goods.
    Book(BlindBookArgs),
    /// Give a blind receipt up.
    Cancel(BlindCancelArgs),
}

/// `blind open`.
#[derive(Debug, clap::Args)]
pub(crate) struct BlindOpenArgs {
    /// The supplier's code.
    pub supplier: String,
    /// The code of the warehouse; the only one when left out.
    #[arg(long)]
    pub warehouse: Option<String>,
    /// The number on the supplier's delivery note.
    #[arg(long, default_value = "")]
    pub delivery_note: String,
    #[command(flatten)]
    pub list: ListArgs,
}

/// `blind scan`.
#[derive(Debug, clap::Args)]
pub(crate) struct BlindScanArgs {
    /// The blind receipt's id.
    pub blind_receipt_id: BlindReceiptId,
    /// The CSV file; `-` reads standard input.
    pub file: PathBuf,
    /// A name for this file: taken a second time, nothing is done again.
    #[arg(long, default_value = "")]
    pub client_ref: String,
    #[command(flatten)]
    pub list: ListArgs,
}

/// `blind match`.
#[derive(Debug, clap::Args)]
pub(crate) struct BlindReceiptArgs {
    /// The blind receipt's id.
    pub blind_receipt_id: BlindReceiptId,
    #[command(flatten)]
    pub list: ListArgs,
}

/// `blind book`.
#[derive(Debug, clap::Args)]
pub(crate) struct BlindBookArgs {
    /// The blind receipt's id.
    pub blind_receipt_id: BlindReceiptId,
    /// The `seq` that `blind match` told: refused when somebody scanned since.
    #[arg(long)]
    pub seq: i64,
    /// The fingerprint that `blind match` told: refused when what is due changed since.
    #[arg(long)]
    pub fingerprint: String,
    /// Take in more than the tolerance allows.
    #[arg(long)]
    pub confirm_over: bool,
    #[command(flatten)]
    pub list: ListArgs,
}

/// `blind cancel`.
#[derive(Debug, clap::Args)]
pub(crate) struct BlindCancelArgs {
    /// The blind receipt's id.
    pub blind_receipt_id: BlindReceiptId,
    /// Why.
    #[arg(long)]
    pub reason: String,
    #[command(flatten)]
    pub list: ListArgs,
}
