//! The papers of records: orders to suppliers, count sheets, packing slips and labels, as PDF.
//!
//! What they say is what the domains' own views say to the same caller. The same record in the same
//! state is the same file, byte for byte.

mod labels;
mod order;
mod sheet;
mod slip;

pub use labels::{item_label, package_label, place_label};
pub(crate) use order::drawn_order;
pub use order::order_paper;
pub use sheet::count_sheet;
pub use slip::packing_slip;

use crate::paper::{Face, Flow, Page, Paper, code128, write};
use crate::records::RecordError;
use crate::speech::Speech;
use crate::tables::{self, Address};
use base::{PartnerId, Problem, Rule};
use identity::{Company, Ctx, Denied};
use store::{StoreError, Tx};

/// A file that was printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// What it is called, as in `PO-000123.pdf`.
    pub name: String,
    /// The PDF.
    pub bytes: Vec<u8>,
}

/// Why nothing was printed.
#[derive(thiserror::Error, Debug, Clone, PartialEq)]
pub enum PrintError {
    /// The caller may not see the record.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The record is not there.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The order is not shown.
    #[error(transparent)]
    Order(#[from] purchasing::ListError),
    /// The sheet is not shown.
    #[error(transparent)]
    Count(#[from] counting::ListError),
    /// The package is not shown.
    #[error(transparent)]
    Package(#[from] picking::ListError),
    /// The item is not shown.
    #[error(transparent)]
    Item(#[from] catalog::ReadError),
    /// There is no such place.
    #[error("there is no place {0}")]
    NoPlace(base::PlaceId),
    /// So many labels are not printed at once.
    #[error("{0} labels; print 1 to {MOST_LABELS} at once")]
    Copies(u32),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for PrintError {
    fn problem(&self) -> Problem {
        match self {
            PrintError::Denied(error) => error.problem(),
            PrintError::Record(error) => error.problem(),
            PrintError::Order(error) => error.problem(),
            PrintError::Count(error) => error.problem(),
            PrintError::Package(error) => error.problem(),
            PrintError::Item(error) => error.problem(),
            PrintError::NoPlace(_) => Problem::not_found("place_not_found", self.to_string()),
            PrintError::Copies(_) => {
                Problem::invalid("copies", self.to_string()).with_field("copies")
            }
            PrintError::Store(error) => error.problem(),
        }
    }
}

/// How many labels are printed at once, at the most.
const MOST_LABELS: u32 = 500;

/// The caller's company.
fn company(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Company, StoreError> {
    let found = identity::find_company(tx, ctx.company_id)?;
    found.ok_or_else(|| StoreError::Unusable("the caller's company is gone".to_owned()))
}

/// The address of a partner for a purpose, or the first one.
fn address(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    partner_id: PartnerId,
    kind: &str,
) -> Result<Option<Address>, StoreError> {
    let mut all = tables::addresses(tx, ctx.company_id, partner_id)?;
    let at = all.iter().position(|address| address.kind == kind).unwrap_or(0);
    Ok((at < all.len()).then(|| all.swap_remove(at)))
}

/// The lines of somebody's address.
fn lines_of(name: &str, address: Option<&Address>, country: &str) -> Vec<(Face, String)> {
    let mut lines = vec![(Face::Bold, name.to_owned())];
    let mut add = |text: String| {
        if !text.trim().is_empty() {
            lines.push((Face::Regular, text.trim().to_owned()));
        }
    };
    if let Some(found) = address {
        if found.name != name {
            add(found.name.clone());
        }
        add(found.street.clone());
        add(format!("{} {}", found.postcode, found.city));
        add(found.region.clone());
        add(found.country.clone());
    } else {
        add(country.to_owned());
    }
    lines
}

/// Begins a paper: what it is, its number with its barcode, and who sends it.
fn begin(speech: Speech, company: &Company, what: &str, number: &str) -> Flow {
    let title = format!("{what} {number}");
    let mut flow =
        Flow::new(title.clone(), speech.code(), format!("{title} \u{b7} {}", company.name));
    let (left, top, width) = (flow.left(), flow.top(), flow.width());
    let bars = width * 0.34;
    if let Some(found) = code128(number) {
        flow.page().bars(&found, left + width - bars, top, bars, 28.0);
        flow.page().text_to(left + width, top + 38.0, 8.0, Face::Regular, number);
    }
    let sender = lines_of(&company.name, None, &company.country);
    let end = flow.block((left, top, width - bars - 12.0), &sender);
    flow.below(end.max(top + 46.0));
    flow.skip(14.0);
    flow.heading(&title, 16.0);
    flow.skip(8.0);
    flow
}

/// Ends a paper.
fn end(flow: Flow, speech: Speech, company: &Company, file: String) -> Printed {
    let paper = flow.finish(&company.name, |number, all| speech.page(number, all));
    Printed { name: file, bytes: write(&paper) }
}

/// Labels of one page each, all alike.
fn labels(title: String, (width, height): (f32, f32), page: Page, copies: u32) -> Vec<u8> {
    let pages = (0..copies).map(|_| page.clone()).collect();
    write(&Paper { title, language: "en", width, height, pages })
}

/// How many labels are wanted: one, unless told.
fn copies(asked: Option<u32>) -> Result<u32, PrintError> {
    let copies = asked.unwrap_or(1);
    if (1..=MOST_LABELS).contains(&copies) { Ok(copies) } else { Err(PrintError::Copies(copies)) }
}

/// A name for a file: what could not stand in one is left out.
fn file_name(number: &str) -> String {
    let kept = |c: char| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '-' };
    format!("{}.pdf", number.chars().map(kept).collect::<String>())
}
