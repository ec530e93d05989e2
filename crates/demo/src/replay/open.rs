//! The opening: stock and cash against capital, the days before locked, and what is on its way.

use accounting::{Area, Entry, Line, LockPeriod, Role};
use base::Day;
use base::Quantity;
use stock::{Cost, Counter, Kind, Move, Posting};
use store::Tx;

use super::buy::Placing;
use super::found::Frame;
use super::{DemoError, Replay, clock, refused};

/// How many open orders are entered in one transaction.
const ORDERS: usize = 50;

impl Replay<'_> {
    /// Opens the books with the world's balances, then enters the orders that are open.
    pub(super) fn open(&mut self, day: Day) -> Result<(), DemoError> {
        let mut goods = Vec::new();
        for row in &self.world.opening_stock {
            let item = self.frame.items[row.item.0];
            goods.push(Move {
                cost: Cost::Given(row.value_minor),
                kind: Kind::Opening,
                counter: Some(Counter::role(Role::Capital)),
                ..Move::plain(
                    item,
                    self.frame.warehouse.loss,
                    self.frame.warehouse.stock,
                    Quantity::from_units(row.quantity)?,
                )
            });
        }
        let (bank, frame) = (self.world.trial_balance.bank, self.frame.clone());
        self.write(move |tx| balances(tx, &frame, day, &goods, bank))?;
        let open: Vec<usize> = (0..self.world.planned_orders.len())
            .filter(|at| self.world.is_open_at_opening(&self.world.planned_orders[*at]))
            .collect();
        for chunk in open.chunks(ORDERS) {
            let placings =
                chunk.iter().map(|at| self.planned(*at)).collect::<Result<Vec<_>, _>>()?;
            let ids = self.place(day, clock(6, 30), placings)?;
            for (at, id) in chunk.iter().zip(ids) {
                self.know_planned(*at, id);
            }
        }
        self.tally.opening_orders = open.len() as u64;
        Ok(())
    }

    /// A planned order as it is entered.
    pub(super) fn planned(&self, at: usize) -> Result<Placing, DemoError> {
        let order = &self.world.planned_orders[at];
        Placing::of(self.world, &order.as_supplier_order(), order.due_on)
    }
}

fn balances(
    tx: &mut Tx<'_>,
    frame: &Frame,
    day: Day,
    goods: &[Move],
    bank: i64,
) -> Result<(), DemoError> {
    let fay = frame.at(&frame.fay, day, clock(6, 0))?;
    let before = LockPeriod { area: Area::All, through: day.plus(-1)?, hard: true };
    accounting::lock_period(tx, &fay, before).map_err(refused("lock before the opening"))?;
    let posting = Posting {
        area: Area::Stock,
        happened_on: day,
        source_kind: "opening",
        source_id: 1,
        memo: "opening stock".to_owned(),
        moves: goods.to_vec(),
        lines: Vec::new(),
    };
    stock::post(tx, &fay, posting).map_err(refused("opening stock"))?;
    let books = accounting::open_books(tx, &fay, Area::All, day).map_err(refused("books"))?;
    let entry = Entry {
        kind: "opening",
        source_kind: "opening",
        source_id: 1,
        happened_on: day,
        memo: "opening balances".to_owned(),
        lines: vec![Line::debit(Role::Bank, bank), Line::credit(Role::Capital, bank)],
    };
    accounting::post(tx, &fay, &books, vec![entry]).map_err(refused("opening balances"))?;
    Ok(())
}
