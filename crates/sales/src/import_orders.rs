//! `import_orders`: taking over a file of orders, one row for each line.

use crate::accept::{AcceptLine, AcceptOrder};
use crate::accept_orders::{AcceptOrders, BatchResult, accept_orders};
use crate::batch::{BatchError, ElementOutcome, MAX_BATCH};
use crate::words::LineKind;
use crate::{ACCEPT, OPEN};
use accounting::Role;
use base::{Day, Price, Problem, Quantity, Rule, SalesOrderId, Timestamp};
use identity::{Ctx, Denied};
use std::collections::HashMap;
use store::{StoreError, Tx};
use tabular::{Cells, Column, ImportReport, RowError};

const CHANNEL: Column = Column::text("channel", "the code of a channel").required();
const EXTERNAL_REF: Column =
    Column::text("external_ref", "the order's number at the channel").required();
const CLIENT_REF: Column = Column::text("client_ref", "what you call the order, or nothing");
const PARTNER: Column = Column::text("partner", "the code of a customer, or nothing");
const COUNTRY: Column = Column::text("country", "where the goods go, or nothing");
const ORDERED_ON: Column = Column::plain("ordered_on", "a day such as 2026-01-31");
const ORDERED_AT: Column = Column::plain("ordered_at", "a moment such as 2026-01-31T09:30:00Z");
const KIND: Column = Column::plain("kind", "goods, service, charge, discount or free");
const SKU: Column = Column::text("sku", "an item's number, or nothing");
const DESCRIPTION: Column = Column::text("description", "what the customer reads, or nothing");
const QUANTITY: Column = Column::plain("quantity", "a quantity such as 12").required();
const PRICE: Column = Column::plain("price", "a price such as 12.50");
const TAX_CODE: Column = Column::text("tax_code", "the code of a tax, or nothing");
const ROLE: Column = Column::plain("role", "an account's role such as shipping_income");

/// The columns of a file of orders. Rows of the same channel and external reference are lines of
/// one order, which takes everything else that concerns the order from its first row.
pub const ORDER_COLUMNS: [Column; 14] = [
    CHANNEL,
    EXTERNAL_REF,
    CLIENT_REF,
    PARTNER,
    COUNTRY,
    ORDERED_ON,
    ORDERED_AT,
    KIND,
    SKU,
    DESCRIPTION,
    QUANTITY,
    PRICE,
    TAX_CODE,
    ROLE,
];

/// Why a file was not read at all. What is wrong inside a file, the report says.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum ImportOrdersError {
    /// No permission.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// More orders than one transaction takes.
    #[error("the file has {count} orders; split it into files of at most {MAX_BATCH}")]
    TooMany {
        /// How many it has.
        count: usize,
    },
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for ImportOrdersError {
    fn problem(&self) -> Problem {
        match self {
            ImportOrdersError::Denied(error) => error.problem(),
            ImportOrdersError::TooMany { .. } => {
                Problem::new(base::ProblemKind::TooLarge, "file_too_large", self.to_string())
            }
            ImportOrdersError::Store(error) => error.problem(),
        }
    }
}

/// One row of a file.
struct FileRow {
    row: u64,
    head: AcceptOrder,
    line: AcceptLine,
}

/// An order of a file, and the row of each of its lines.
struct FileOrder {
    rows: Vec<u64>,
    order: AcceptOrder,
}

/// Accepts the orders of a file. A file with any bad cell or refused order changes nothing; orders
/// that are known by their channel and external reference count as unchanged, so that the same file
/// again changes nothing.
///
/// With `dry_run` everything is tried and undone, stock included, and the report says what would
/// have happened.
///
/// # Errors
/// See [`ImportOrdersError`].
pub fn import_orders(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    csv: &[u8],
    dry_run: bool,
) -> Result<ImportReport, ImportOrdersError> {
    ctx.require(ACCEPT)?;
    let (count, orders) = match read(csv) {
        Ok(read) => read,
        Err(report) => return Ok(report),
    };
    if orders.len() > MAX_BATCH {
        return Err(ImportOrdersError::TooMany { count: orders.len() });
    }
    let tried = tx.trial(|tx| {
        let report = report(count, &orders, &accept_file(tx, ctx, &orders, &mut |_| {})?);
        if dry_run || !report.errors.is_empty() {
            return Err(Undone::Told(report));
        }
        Ok(report)
    });
    match tried {
        Ok(report) => Ok(ImportReport { applied: true, ..report }),
        Err(Undone::Told(report)) if report.errors.is_empty() => Ok(report),
        Err(Undone::Told(report)) => Ok(ImportReport::refused(count, report.errors)),
        Err(Undone::Failed(BatchError::Denied(error))) => Err(error.into()),
        Err(Undone::Failed(BatchError::Store(error))) => Err(error.into()),
        Err(Undone::Failed(BatchError::TooMany { count })) => {
            Err(ImportOrdersError::TooMany { count })
        }
        Err(Undone::Failed(error @ BatchError::Element { .. })) => {
            let errors = vec![RowError::whole(1, error.to_string())];
            Ok(ImportReport::refused(count, errors))
        }
    }
}

/// Why the open orders of a going company were not accepted.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum OpenOrdersError {
    /// No permission.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The file has errors: all of them.
    #[error("{} errors in the file of orders; the first: {}", .0.len(), .0[0])]
    Refused(Vec<RowError>),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for OpenOrdersError {
    fn problem(&self) -> Problem {
        match self {
            OpenOrdersError::Denied(error) => error.problem(),
            OpenOrdersError::Refused(_) => Problem::refused("orders_not_opened", self.to_string()),
            OpenOrdersError::Store(error) => error.problem(),
        }
    }
}

/// An order of a going company as it was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedOrder {
    /// The order.
    pub order_id: SalesOrderId,
    /// The code of its channel.
    pub channel: String,
    /// Its number there.
    pub external_ref: String,
    /// The code of its customer, empty when not known.
    pub partner: String,
    /// How many rows of the file it had.
    pub rows: usize,
}

/// Accepts the open orders of a going company from the same file as [`import_orders`], however many
/// there are, all or none. Answers them in the order of the file, and tells after every thousand how many
/// rows those had that it has accepted.
///
/// # Errors
/// See [`OpenOrdersError`]; then the transaction is to be given up.
pub fn open_orders(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    csv: &[u8],
    told: &mut dyn FnMut(usize),
) -> Result<Vec<OpenedOrder>, OpenOrdersError> {
    ctx.require(OPEN)?;
    let (count, orders) = read(csv).map_err(|report| OpenOrdersError::Refused(report.errors))?;
    let answers = match accept_file(tx, ctx, &orders, told) {
        Ok(answers) => answers,
        Err(BatchError::Denied(error)) => return Err(error.into()),
        Err(BatchError::Store(error)) => return Err(error.into()),
        Err(error) => return Err(StoreError::Unusable(error.to_string()).into()),
    };
    let mut errors = report(count, &orders, &answers).errors;
    let here = |outcome| outcome == ElementOutcome::Repeated;
    for (file, _) in orders.iter().zip(&answers).filter(|(_, answer)| here(answer.outcome)) {
        let row = file.rows.first().copied().unwrap_or(1);
        errors.push(RowError::of(row, EXTERNAL_REF, "the order is here already; leave it out"));
    }
    if !errors.is_empty() {
        return Err(OpenOrdersError::Refused(errors));
    }
    let opened = |(file, answer): (&FileOrder, &BatchResult)| {
        Some(OpenedOrder {
            order_id: answer.order.as_ref()?.order_id,
            channel: file.order.channel.clone(),
            external_ref: file.order.external_ref.clone().unwrap_or_default(),
            partner: file.order.partner.clone().unwrap_or_default(),
            rows: file.rows.len(),
        })
    };
    Ok(orders.iter().zip(&answers).filter_map(opened).collect())
}

/// Reads the file of [`open_orders`] as it is written, before anything that it names is looked up; answers
/// how many rows it has.
///
/// # Errors
/// What is wrong with its headings, rows and cells.
pub fn read_open_orders(csv: &[u8]) -> Result<u64, Vec<RowError>> {
    read(csv).map(|(count, _)| count).map_err(|report| report.errors)
}

/// The orders of a file and how many rows it has, or the report of what is wrong with it.
fn read(csv: &[u8]) -> Result<(u64, Vec<FileOrder>), ImportReport> {
    let table =
        tabular::read(csv, &ORDER_COLUMNS).map_err(|errors| ImportReport::refused(0, errors))?;
    let count = table.len() as u64;
    let rows = table.map(file_row).map_err(|errors| ImportReport::refused(count, errors))?;
    Ok((count, group(rows)))
}

/// Accepts the orders of a file and answers for each.
fn accept_file(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    orders: &[FileOrder],
    told: &mut dyn FnMut(usize),
) -> Result<Vec<BatchResult>, BatchError> {
    let mut answers = Vec::with_capacity(orders.len());
    let mut rows = 0;
    for orders in orders.chunks(MAX_BATCH) {
        let request = AcceptOrders {
            orders: orders.iter().map(|file| file.order.clone()).collect(),
            all_or_nothing: false,
        };
        answers.extend(accept_orders(tx, ctx, request)?.results);
        rows += orders.iter().map(|file| file.rows.len()).sum::<usize>();
        told(rows);
    }
    Ok(answers)
}

/// Why the batch of a file was taken back.
enum Undone {
    Told(ImportReport),
    Failed(BatchError),
}

impl From<BatchError> for Undone {
    fn from(error: BatchError) -> Undone {
        Undone::Failed(error)
    }
}

impl From<StoreError> for Undone {
    fn from(error: StoreError) -> Undone {
        Undone::Failed(error.into())
    }
}

fn file_row(cells: &mut Cells<'_>) -> FileRow {
    let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let role = cells.text(ROLE);
    let role = match role {
        "" => None,
        word => cells.accept(ROLE, Role::parse(word).ok_or("no such role")),
    };
    let line = AcceptLine {
        kind: cells.value::<LineKind>(KIND),
        sku: given(cells.text(SKU)),
        description: given(cells.text(DESCRIPTION)),
        quantity: cells.value_or(QUANTITY, Quantity::ZERO),
        price: cells.value::<Price>(PRICE),
        tax_code: given(cells.text(TAX_CODE)),
        role,
    };
    let head = AcceptOrder {
        channel: cells.text(CHANNEL).to_owned(),
        external_ref: given(cells.text(EXTERNAL_REF)),
        client_ref: given(cells.text(CLIENT_REF)),
        partner: given(cells.text(PARTNER)),
        country: given(cells.text(COUNTRY)),
        ordered_on: cells.value::<Day>(ORDERED_ON),
        ordered_at: cells.value::<Timestamp>(ORDERED_AT),
        ..AcceptOrder::default()
    };
    FileRow { row: cells.row(), head, line }
}

/// Rows of one channel and external reference are one order, in the order of their first rows.
fn group(rows: Vec<FileRow>) -> Vec<FileOrder> {
    let mut orders: Vec<FileOrder> = Vec::new();
    let mut places: HashMap<(String, Option<String>), usize> = HashMap::new();
    for FileRow { row, head, line } in rows {
        let key = (head.channel.clone(), head.external_ref.clone());
        let place = *places.entry(key).or_insert(orders.len());
        if place == orders.len() {
            orders.push(FileOrder { rows: Vec::new(), order: head });
        }
        orders[place].rows.push(row);
        orders[place].order.lines.push(line);
    }
    orders
}

fn report(count: u64, orders: &[FileOrder], answers: &[BatchResult]) -> ImportReport {
    let mut report = ImportReport { rows: count, ..ImportReport::default() };
    for (file, answer) in orders.iter().zip(answers) {
        let rows = file.rows.len() as u64;
        match answer.outcome {
            ElementOutcome::Done => report.created += rows,
            ElementOutcome::Repeated => report.unchanged += rows,
            ElementOutcome::Refused => report.errors.push(row_error(file, answer)),
        }
    }
    report
}

fn row_error(file: &FileOrder, answer: &BatchResult) -> RowError {
    let line = answer.line.and_then(|line| file.rows.get(line.saturating_sub(1) as usize));
    let row = line.or(file.rows.first()).copied().unwrap_or(1);
    RowError::whole(row, answer.detail.clone().unwrap_or_default())
}
