//! The opening, through the verb that opens any going company: files as its people would write them,
//! taken over on the first day.

use base::{Currency, Day, Money, PurchaseOrderId};
use opening::{Files, Open};
use purchasing::OrderFilter;
use std::collections::BTreeMap;

use super::found::{SHELF, WAREHOUSE};
use super::order::Placing;
use super::{DemoError, Replay, clock, refused};

/// The accounts of the trial balance.
const STOCK: &str = "1000";
const BANK: &str = "1300";
const CAPITAL: &str = "3000";

impl Replay<'_> {
    /// Opens the books with the world's balances, stock and open orders to suppliers.
    pub(super) fn open(&mut self, day: Day) -> Result<(), DemoError> {
        let open: Vec<usize> = (0..self.world.planned_orders.len())
            .filter(|at| self.world.is_open_at_opening(&self.world.planned_orders[*at]))
            .collect();
        let files = Files {
            trial_balance: self.trial_balance()?,
            stock: self.stock()?,
            purchase_orders: self.orders(&open)?,
            ..Files::default()
        };
        let request = Open { opened_on: day, files, dry_run: false, book_difference: None };
        let lee = self.at(&self.frame.lee, day, clock(6, 0))?;
        self.write(move |tx| {
            let opened = opening::open(tx, &lee, request.clone()).map_err(refused("open"))?;
            let wrong = opened.errors.first().map(ToString::to_string);
            let off = |off: &opening::AccountCompared| {
                format!("account {} is off {}", off.account, off.off)
            };
            match wrong.or(opened.differences.first().map(off)) {
                Some(told) => Err(DemoError::Opening(told)),
                None => Ok(()),
            }
        })?;
        self.know_opened(&open)?;
        self.tally.opening_orders = open.len() as u64;
        self.tally.purchase_orders += open.len() as u64;
        Ok(())
    }

    /// Finds the orders that were opened by their numbers.
    fn know_opened(&mut self, open: &[usize]) -> Result<(), DemoError> {
        let lee = self.frame.lee.clone();
        let ids: BTreeMap<String, PurchaseOrderId> = self.look(move |tx| {
            let (mut ids, mut cursor) = (BTreeMap::new(), None);
            loop {
                let filter = OrderFilter { cursor, ..OrderFilter::default() };
                let page = purchasing::list_orders(tx, &lee, filter).map_err(refused("list"))?;
                ids.extend(page.lines.into_iter().map(|order| (order.client_ref, order.order_id)));
                cursor = page.next_cursor;
                if cursor.is_none() {
                    return Ok(ids);
                }
            }
        })?;
        for at in open {
            let number = self.number(*at);
            let missing = || DemoError::Opening(format!("order {number} is missing"));
            let id = ids.get(&number).copied().ok_or_else(missing)?;
            self.know_planned(*at, id);
        }
        Ok(())
    }

    /// The number of a planned order.
    fn number(&self, at: usize) -> String {
        let order = &self.world.planned_orders[at];
        format!("{}/{}", self.world.supplier(order.supplier).code, order.reference)
    }

    /// A planned order as it is entered.
    pub(super) fn planned(&self, at: usize) -> Result<Placing, DemoError> {
        let order = &self.world.planned_orders[at];
        Placing::of(self.world, &order.as_supplier_order(), order.due_on)
    }

    fn trial_balance(&self) -> Result<String, DemoError> {
        let worth: i64 = self.world.opening_stock.iter().map(|row| row.value_minor).sum();
        let bank = self.world.trial_balance.bank;
        let row = |account: &str, debit: i64, credit: i64| {
            [account.to_owned(), pounds(debit), pounds(credit)]
        };
        let rows = [row(STOCK, worth, 0), row(BANK, bank, 0), row(CAPITAL, 0, worth + bank)];
        file(["account", "debit", "credit"], rows)
    }

    fn stock(&self) -> Result<String, DemoError> {
        let rows = self.world.opening_stock.iter().map(|row| {
            let sku = self.world.item(row.item).code.clone();
            [sku, SHELF.to_owned(), row.quantity.to_string(), pounds(row.value_minor)]
        });
        file(["sku", "place", "quantity", "value"], rows)
    }

    fn orders(&self, open: &[usize]) -> Result<String, DemoError> {
        let mut rows = Vec::new();
        for at in open {
            let order = &self.world.planned_orders[*at];
            let (sent, due) = (order.as_supplier_order().ordered_on, order.due_on);
            for line in &order.lines {
                rows.push([
                    self.number(*at),
                    self.world.supplier(order.supplier).code.clone(),
                    WAREHOUSE.to_owned(),
                    sent.to_string(),
                    sent.to_string(),
                    self.world.item(line.item).code.clone(),
                    line.quantity.to_string(),
                    line.price.to_string(),
                    due.to_string(),
                    due.to_string(),
                ]);
            }
        }
        let headings = [
            "order",
            "supplier",
            "warehouse",
            "ordered_on",
            "sent_on",
            "sku",
            "quantity",
            "price",
            "due_on",
            "promised_on",
        ];
        file(headings, rows)
    }
}

/// An amount in pounds as a file has it.
fn pounds(pence: i64) -> String {
    Money::new(pence, Currency::GBP).amount_text()
}

/// A file of rows under headings.
fn file<const N: usize>(
    headings: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> Result<String, DemoError> {
    let unwritten = |error: csv::Error| DemoError::Opening(error.to_string());
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(headings).map_err(unwritten)?;
    for row in rows {
        writer.write_record(&row).map_err(unwritten)?;
    }
    let bytes = writer.into_inner().map_err(|error| DemoError::Opening(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| DemoError::Opening(error.to_string()))
}
