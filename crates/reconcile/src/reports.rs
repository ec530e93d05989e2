//! Reports that join several domains: the stock card, what stock is how old, stock against the ledger,
//! how long buying takes, and who did what two people should do.

mod purchase_cycle;
mod segregation;
mod stock_aging;
mod stock_card;
mod stock_ledger;

pub use purchase_cycle::{
    CycleFilter, CycleOrder, CycleOrderFilter, CycleRow, CycleStep, cycle_orders, purchase_cycle,
};
pub use segregation::{DutyFilter, DutyFinding, DutyRow, segregation_of_duties};
pub use stock_aging::{AgedRow, AgedRowFilter, AgingFilter, AgingRow, aged_rows, stock_aging};
pub use stock_card::{Basis, CardFilter, CardLine, CardLineKind, stock_card};
pub use stock_ledger::{
    StockLedgerBy, StockLedgerDay, StockLedgerDayFilter, StockLedgerFilter, StockLedgerLine,
    StockLedgerLineFilter, StockLedgerRow, stock_ledger, stock_ledger_days, stock_ledger_lines,
};

use crate::tables;
use base::CompanyId;
use std::collections::{BTreeMap, BTreeSet};
use store::{Rows, StoreError, Tx, params, row};

/// A document: its kind and its id.
pub(crate) type Document = (String, i64);

/// The numbers of documents. What has none, such as goods of an opening, is left out.
fn numbers(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    documents: impl IntoIterator<Item = Document>,
) -> Result<BTreeMap<Document, String>, StoreError> {
    let documents: BTreeSet<Document> = documents.into_iter().collect();
    let mut asked = Rows::new(2);
    for (kind, id) in &documents {
        asked.push(row![kind, *id]);
    }
    let found = tx.query(&tables::DOCUMENT_NUMBERS, params![company_id; asked])?;
    let mut numbers = BTreeMap::new();
    for row in &found {
        let number: String = row.get(2)?;
        if !number.is_empty() {
            numbers.insert((row.get(0)?, row.get(1)?), number);
        }
    }
    Ok(numbers)
}
