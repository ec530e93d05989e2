//! The command line of documents.

use super::ListArgs;
use base::{Day, DocumentId};
use clap::Subcommand;
use documents::DocumentType;
use paperwork::RecordKind;
use std::path::PathBuf;

/// `attach`.
#[derive(Debug, clap::Args)]
pub(crate) struct AttachArgs {
    /// The file; `-` is standard input, which needs --name.
    pub file: PathBuf,
    /// The record, by kind and by what it is called: `--to purchase-order PO-000123`.
    #[arg(long, num_args = 2, value_names = ["KIND", "NAME"], required = true)]
    pub to: Vec<String>,
    /// What it is: order-confirmation, delivery-note, photo-of-damage, certificate and so on.
    #[arg(long = "type", value_name = "TYPE", default_value = "other", value_parser = document_type)]
    pub document_type: DocumentType,
    /// The name it is kept under; that of the file when left out.
    #[arg(long)]
    pub name: Option<String>,
    /// The last day on which it holds.
    #[arg(long, value_name = "DAY")]
    pub expires_on: Option<Day>,
    /// The document whose next version it is.
    #[arg(long, value_name = "ID")]
    pub replaces: Option<DocumentId>,
    /// What else there is to say.
    #[arg(long, default_value = "")]
    pub note: String,
    #[command(flatten)]
    pub list: ListArgs,
}

/// `documents`.
#[derive(Debug, clap::Args)]
pub(crate) struct DocumentsArgs {
    /// Only those of one record: `--of purchase-order PO-000123`.
    #[arg(long, num_args = 2, value_names = ["KIND", "NAME"])]
    pub of: Vec<String>,
    /// Only of this type.
    #[arg(long = "type", value_name = "TYPE", value_parser = document_type)]
    pub document_type: Option<DocumentType>,
    /// Only those that expire before this day.
    #[arg(long, value_name = "DAY")]
    pub expires_before: Option<Day>,
    /// Only those uploaded by this user, by login.
    #[arg(long, value_name = "LOGIN")]
    pub uploaded_by: Option<String>,
    /// Also those that were replaced or detached.
    #[arg(long)]
    pub all: bool,
    #[command(flatten)]
    pub list: ListArgs,
}

/// `document`.
#[derive(Debug, Subcommand)]
pub(crate) enum DocumentCommand {
    /// Write a document's file.
    Get(DocumentGetArgs),
    /// Detach a document from its record; it is kept, with the reason.
    Detach(DocumentDetachArgs),
}

/// `document get`.
#[derive(Debug, clap::Args)]
pub(crate) struct DocumentGetArgs {
    /// The document.
    #[arg(value_name = "ID")]
    pub document_id: DocumentId,
    /// Where to write it; `-` is standard output. Its own name in this folder when left out.
    pub file: Option<PathBuf>,
    /// The company, when there are several.
    #[arg(long)]
    pub company: Option<String>,
}

/// `document detach`.
#[derive(Debug, clap::Args)]
pub(crate) struct DocumentDetachArgs {
    /// The document.
    #[arg(value_name = "ID")]
    pub document_id: DocumentId,
    /// Why.
    #[arg(long)]
    pub reason: String,
    #[command(flatten)]
    pub list: ListArgs,
}

/// `print`.
#[derive(Debug, clap::Args)]
pub(crate) struct PrintArgs {
    /// What is printed.
    pub paper: PaperArg,
    /// Of which record: what it is called, such as PO-000123, an SKU or a place's path; or its id.
    pub name: String,
    /// Where to write it; `-` is standard output. Its own name in this folder when left out.
    pub file: Option<PathBuf>,
    /// How many labels.
    #[arg(long)]
    pub copies: Option<u32>,
    /// The company, when there are several.
    #[arg(long)]
    pub company: Option<String>,
}

/// What is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum PaperArg {
    /// An order to a supplier.
    PurchaseOrder,
    /// A count sheet.
    Count,
    /// What goes into a package.
    PackingSlip,
    /// A package's label.
    PackageLabel,
    /// An item's label.
    ItemLabel,
    /// A place's label.
    PlaceLabel,
}

/// A word of the contract, as it is written on a command line.
fn worded<T: std::str::FromStr<Err = store::UnknownWord>>(text: &str) -> Result<T, String> {
    text.replace('-', "_").parse().map_err(|error: store::UnknownWord| error.to_string())
}

fn document_type(text: &str) -> Result<DocumentType, String> {
    worded(text)
}

/// A kind of record, as it is written on a command line.
pub(crate) fn record_kind(text: &str) -> Result<RecordKind, String> {
    worded(text)
}
