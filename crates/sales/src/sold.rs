//! What was sold on an order, held while somebody decides what of it comes back.
//!
//! Whoever takes goods back or gives money back holds the order here first, decides, and says what
//! happened through [`come_back`] and [`credit`](crate::credit()). Why goods come back is not known here.

use crate::model::{Amounts, LINE, Line, ORDER, Order};
use crate::rules::{self, share};
use crate::tables;
use crate::words::{LineKind, Prices, RevenueAt};
use accounting::Role;
use base::{
    Id, ItemId, NumberError, PartnerId, PlaceId, Quantity, Rounding, SalesLineId, SalesOrderId,
    WarehouseId,
};
use identity::Ctx;
use stock::Counter;
use store::{StoreError, Tx};

use crate::credit::{CreditError, CreditLine, Worth};

/// An order with what was sold on it, held until the transaction ends.
#[derive(Debug, Clone)]
pub struct Sold {
    order: Order,
}

/// A line of an order as whoever takes goods back needs to know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoldLine {
    /// Its number.
    pub line: i64,
    /// Its id.
    pub line_id: SalesLineId,
    /// What it is.
    pub kind: LineKind,
    /// The item, or the kit.
    pub item_id: Option<ItemId>,
    /// Whether it is a kit.
    pub kit: bool,
    /// Whether only whole numbers of it can come back.
    pub whole: bool,
    /// How much left.
    pub shipped: Quantity,
    /// How much came back.
    pub returned: Quantity,
    /// Of how much the price was given back.
    pub credited: Quantity,
}

/// Pieces of a line that came back, or (below zero) went to the customer once more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Back {
    /// The line.
    pub line: i64,
    /// How many.
    pub quantity: Quantity,
}

/// Holds an order, so that nobody else takes of it back meanwhile. For verbs that have their own
/// permission.
///
/// # Errors
/// The store's own.
pub fn hold_sold(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    order_id: SalesOrderId,
) -> Result<Option<Sold>, StoreError> {
    Ok(tables::lock_order(tx, ctx.company_id, order_id)?.map(|order| Sold { order }))
}

/// Says what came back of a held order. The goods themselves are the caller's to move; a line that
/// would have more back than left rolls the command back, as the caller decided under the hold.
///
/// # Errors
/// The store's own.
pub fn come_back(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    sold: &mut Sold,
    lines: &[Back],
) -> Result<(), StoreError> {
    let changed: Vec<_> = lines
        .iter()
        .map(|back| (back.line, back.quantity, Quantity::ZERO, Amounts::default()))
        .collect();
    let order = &mut sold.order;
    tables::add_given_back(tx, ctx.company_id, order.id, &changed)?;
    order.revision = tables::raise_order(tx, ctx.company_id, order, order.state)?;
    let told: Vec<_> = lines
        .iter()
        .map(|back| serde_json::json!({ "line": back.line, "quantity": back.quantity }))
        .collect();
    let payload = serde_json::json!({ "number": order.number, "lines": told });
    ctx.fact(tx, ORDER, order.id.raw(), order.revision, "sales.came_back", payload);
    Ok(())
}

impl Sold {
    pub(crate) fn order(&self) -> &Order {
        &self.order
    }

    pub(crate) fn order_mut(&mut self) -> &mut Order {
        &mut self.order
    }

    /// The order.
    #[must_use]
    pub fn order_id(&self) -> SalesOrderId {
        self.order.id
    }

    /// Its spoken number.
    #[must_use]
    pub fn number(&self) -> &str {
        &self.order.number
    }

    /// The customer, when known.
    #[must_use]
    pub fn partner_id(&self) -> Option<PartnerId> {
        self.order.partner_id
    }

    /// What its prices are.
    #[must_use]
    pub fn prices(&self) -> Prices {
        self.order.prices
    }

    /// The warehouse that shipped it.
    #[must_use]
    pub fn warehouse_id(&self) -> WarehouseId {
        self.order.warehouse_id
    }

    /// Where the goods went.
    #[must_use]
    pub fn customer_place(&self) -> PlaceId {
        self.order.customer_place
    }

    /// Its lines.
    pub fn lines(&self) -> impl Iterator<Item = SoldLine> + '_ {
        self.order.lines.iter().map(|line| SoldLine {
            line: line.line,
            line_id: line.id,
            kind: line.kind,
            item_id: line.item_id,
            kit: line.kit,
            whole: line.whole || line.kit,
            shipped: line.shipped,
            returned: line.returned,
            credited: line.credited,
        })
    }

    /// The account that the cost of a line's goods went to, and comes back from: the goods of a line
    /// of which nothing is invoiced still wait for it.
    ///
    /// # Errors
    /// [`CreditError::UnknownLine`].
    pub fn cost_counter(&self, line: i64) -> Result<Counter, CreditError> {
        let line = self.find(line)?;
        Ok(match (line.kind, self.order.cost_at) {
            (LineKind::Free, _) => Counter::role(Role::Marketing),
            (_, RevenueAt::Invoice) if line.invoiced.is_zero() => {
                Counter::open(Role::DeliveredNotInvoiced, self.order.key(LINE, line.id.raw()))
            }
            _ => Counter::role(Role::Cogs),
        })
    }

    /// What giving back so much of a line comes to, at the tax of the sale, and at most what the line
    /// was sold for and was not given back before. The held order takes it on, so that a line may be
    /// asked twice.
    ///
    /// # Errors
    /// The first broken rule in the order of [`CreditError`].
    pub fn worth(
        &mut self,
        line: i64,
        quantity: Quantity,
        worth: Worth,
    ) -> Result<CreditLine, CreditError> {
        let (prices, revenue_at) = (self.order.prices, self.order.revenue_at);
        let at = self.position(line)?;
        let found = &mut self.order.lines[at];
        let sold = found.sold(revenue_at);
        let credited = found.credited.checked_add(quantity)?;
        if credited > sold {
            let open = sold.checked_sub(found.credited)?;
            return Err(CreditError::NotSold { line, asked: quantity, open });
        }
        let left = found.left_to_credit(prices, revenue_at)?;
        let given = match worth {
            Worth::AsSold => {
                let (from, whole) = (found.credited, found.quantity);
                let part = share(prices, found.amounts, from, credited, whole)?;
                Amounts { net: part.net.min(left.net), tax: part.tax.min(left.tax) }
            }
            Worth::Amount(amount) => {
                let given = found.with_tax(prices, amount)?;
                if given.gross() > left.gross() || given.net > left.net {
                    return Err(CreditError::ExceedsSale { line, left: left.gross() });
                }
                Amounts { net: given.net, tax: given.tax.min(left.tax) }
            }
        };
        found.credited = credited;
        found.given_back = rules::total([found.given_back, given])?;
        Ok(CreditLine {
            order_line: Some(line),
            quantity,
            tax_code_id: found.tax_code_id,
            net: given.net,
            tax: given.tax,
        })
    }

    fn position(&self, line: i64) -> Result<usize, CreditError> {
        let found = self.order.lines.binary_search_by_key(&line, |known| known.line);
        found.map_err(|_| CreditError::UnknownLine { line })
    }

    fn find(&self, line: i64) -> Result<&Line, CreditError> {
        Ok(&self.order.lines[self.position(line)?])
    }
}

impl Line {
    /// How much of the line is income.
    fn sold(&self, revenue_at: RevenueAt) -> Quantity {
        match revenue_at {
            RevenueAt::Shipment => self.shipped,
            RevenueAt::Invoice => self.invoiced,
        }
    }

    /// What the line was sold for and was not given back.
    fn left_to_credit(
        &self,
        prices: Prices,
        revenue_at: RevenueAt,
    ) -> Result<Amounts, NumberError> {
        let sold = self.sold(revenue_at);
        let earned = share(prices, self.amounts, Quantity::ZERO, sold, self.quantity)?;
        let minus = |a: i64, b: i64| a.checked_sub(b).ok_or(NumberError::OutOfRange);
        Ok(Amounts {
            net: minus(earned.net, self.given_back.net)?,
            tax: minus(earned.tax, self.given_back.tax)?,
        })
    }

    /// An amount as the order's prices are, net or gross, with its tax at the rate of the sale.
    fn with_tax(&self, prices: Prices, amount: i64) -> Result<Amounts, NumberError> {
        if self.amounts.tax == 0 {
            return Ok(Amounts { net: amount, tax: 0 });
        }
        let (rate, rounding) = (self.tax_rate, Rounding::HalfUp);
        Ok(match prices {
            Prices::Net => {
                Amounts { net: amount, tax: accounting::rules::tax_on_net(amount, rate, rounding)? }
            }
            Prices::Gross => {
                let tax = accounting::rules::tax_in_gross(amount, rate, rounding)?;
                Amounts { net: amount - tax, tax }
            }
        })
    }
}
