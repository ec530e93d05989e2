//! `expect`: goods planned to come in or go out, kept for whoever plans them.

use crate::tables;
use base::{Day, ExpectationId, ItemId, Quantity, WarehouseId};
use identity::Ctx;
use store::{Rows, StoreError, Tx, params, row};

/// Which way planned goods go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// They are due to come.
    Incoming,
    /// They are due to leave.
    Outgoing,
}

impl Way {
    fn flag(self) -> bool {
        self == Way::Incoming
    }
}

/// Goods that a document's line plans.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expectation {
    /// The document's line.
    pub source_id: i64,
    /// The item.
    pub item_id: ItemId,
    /// How much is still to come or go, in the stock unit, not below zero.
    pub quantity: Quantity,
    /// When.
    pub due_on: Day,
}

/// Plans goods of one kind of document at one warehouse.
///
/// # Errors
/// The store's own; a line planned twice is a fault of the caller and refused by the schema.
pub fn expect(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    warehouse_id: WarehouseId,
    way: Way,
    source_kind: &'static str,
    planned: &[Expectation],
) -> Result<(), StoreError> {
    let mut set = Rows::new(5);
    for line in planned {
        let id: ExpectationId = tx.id()?;
        set.push(row![id, line.item_id, line.quantity, line.due_on, line.source_id]);
    }
    tx.write(
        &tables::ADD_EXPECTATIONS,
        params![ctx.company_id, warehouse_id, way.flag(), source_kind; set],
    )
}

/// Sets what is still planned and when: an amended order, a changed promise, a line closed at zero.
///
/// # Errors
/// The store's own; a line that was never planned rolls the command back.
pub fn amend_expectations(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    way: Way,
    source_kind: &'static str,
    planned: &[Expectation],
) -> Result<(), StoreError> {
    let mut set = Rows::new(4);
    for line in planned {
        set.push(row![line.source_id, line.item_id, line.quantity, line.due_on]);
    }
    tx.write_exactly(
        planned.len(),
        &tables::AMEND_EXPECTATIONS,
        params![ctx.company_id, source_kind, way.flag(); set],
    )
}

/// Lowers what is still planned by what came or went; never below zero, for more may come than was
/// planned.
///
/// # Errors
/// The store's own; a line that was never planned rolls the command back.
pub fn meet_expectations(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    way: Way,
    source_kind: &'static str,
    met: &[(i64, ItemId, Quantity)],
) -> Result<(), StoreError> {
    let mut set = Rows::new(3);
    for (source_id, item_id, quantity) in met {
        set.push(row![source_id, item_id, quantity]);
    }
    tx.write_exactly(
        met.len(),
        &tables::MEET_EXPECTATIONS,
        params![ctx.company_id, source_kind, way.flag(); set],
    )
}
