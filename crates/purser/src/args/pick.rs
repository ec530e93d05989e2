//! The command line of `pick`.

use super::ListArgs;
use base::{Day, PackageId, PickListId, SalesOrderId};
use clap::Subcommand;
use std::path::PathBuf;

/// `pick`.
#[derive(Debug, Subcommand)]
pub(crate) enum PickCommand {
    /// Put on lists what is kept for orders that are ready, or for those named.
    Plan(PickPlanArgs),
    /// Show a list in the order in which its places are walked.
    Show(PickListArgs),
    /// Take goods for a list, from a CSV file with place, code, lot, quantity, missing and then.
    Take(PickTakeArgs),
    /// Put back what was taken and is not wanted any more.
    PutBack(PickListArgs),
    /// Give a list up.
    Cancel(PickCancelArgs),
    /// Pack what was picked for an order: all of it, or a CSV file with code, lot and quantity.
    Pack(PickPackArgs),
    /// Ship packages.
    Ship(PickShipArgs),
}

/// `pick plan`.
#[derive(Debug, clap::Args)]
pub(crate) struct PickPlanArgs {
    /// The warehouse's code; the only one when left out.
    pub warehouse: Option<String>,
    /// What shares a list.
    #[arg(long, default_value = "order")]
    pub kind: PickKindArg,
    /// The orders, by id; those that are ready when left out.
    #[arg(long = "order", value_name = "ID")]
    pub orders: Vec<SalesOrderId>,
    /// Of the ready orders only those of this channel.
    #[arg(long)]
    pub channel: Option<String>,
    /// Of the ready orders only those promised for this day or earlier.
    #[arg(long)]
    pub due_by: Option<Day>,
    /// Also orders of which only a part is kept.
    #[arg(long)]
    pub partly: bool,
    /// How many orders a batch has at most.
    #[arg(long)]
    pub orders_per_list: Option<i64>,
    #[command(flatten)]
    pub list: ListArgs,
}

/// What shares a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum PickKindArg {
    /// Each order has its own.
    Order,
    /// Several orders.
    Batch,
    /// All orders of a channel that are promised for one day.
    Wave,
}

/// `pick show` and `pick put-back`.
#[derive(Debug, clap::Args)]
pub(crate) struct PickListArgs {
    /// The list's id.
    pub list_id: PickListId,
    #[command(flatten)]
    pub list: ListArgs,
}

/// `pick take`.
#[derive(Debug, clap::Args)]
pub(crate) struct PickTakeArgs {
    /// The list's id.
    pub list_id: PickListId,
    /// The CSV file; `-` reads standard input. A row with a reason in `missing` says that the rest of
    /// its stop was not found; `then` is relocate or back_order.
    pub file: PathBuf,
    /// A name for this file: taken a second time, nothing is done again.
    #[arg(long, default_value = "")]
    pub client_ref: String,
    /// Ask for no count where goods are missing.
    #[arg(long)]
    pub no_count: bool,
    #[command(flatten)]
    pub list: ListArgs,
}

/// `pick cancel`.
#[derive(Debug, clap::Args)]
pub(crate) struct PickCancelArgs {
    /// The list's id.
    pub list_id: PickListId,
    /// Why.
    #[arg(long)]
    pub reason: String,
    /// What was taken went back to its places.
    #[arg(long)]
    pub put_back: bool,
    #[command(flatten)]
    pub list: ListArgs,
}

/// `pick pack`.
#[derive(Debug, clap::Args)]
pub(crate) struct PickPackArgs {
    /// The order's id.
    pub order_id: SalesOrderId,
    /// The CSV file; everything that is picked when left out.
    pub file: Option<PathBuf>,
    /// Who carries it.
    #[arg(long)]
    pub carrier: Option<String>,
    /// The carrier's service.
    #[arg(long)]
    pub service: Option<String>,
    /// The carrier's number.
    #[arg(long)]
    pub tracking: Option<String>,
    /// Its weight; that of its goods when left out.
    #[arg(long)]
    pub weight_grams: Option<i64>,
    #[command(flatten)]
    pub list: ListArgs,
}

/// `pick ship`.
#[derive(Debug, clap::Args)]
pub(crate) struct PickShipArgs {
    /// Packages, by id.
    #[arg(long = "package", value_name = "ID", required_unless_present = "orders")]
    pub packages: Vec<PackageId>,
    /// Orders whose packages leave, by id.
    #[arg(long = "order", value_name = "ID")]
    pub orders: Vec<SalesOrderId>,
    /// The day on which they left; today when left out.
    #[arg(long)]
    pub day: Option<Day>,
    #[command(flatten)]
    pub list: ListArgs,
}
