//! What arriving goods of an order are owed at.

use crate::model::{Line, Order, Waiting};
use crate::receive::ReceiveError;
use crate::{follow, rules};
use accounting::TaxRate;
use base::{Currency, Day, Quantity, Rate};
use identity::Ctx;
use std::collections::BTreeMap;
use store::Tx;

/// What decides the value of goods that arrive on a day.
pub(crate) struct Terms {
    /// The day.
    pub day: Day,
    taxes: BTreeMap<String, TaxRate>,
    currency: Currency,
    /// What one unit of the order's currency is worth in the company's.
    rate: Rate,
    home: Currency,
}

impl Terms {
    /// Reads the taxes and the rate of the day.
    pub fn load(
        tx: &mut Tx<'_>,
        ctx: &Ctx,
        order: &Order,
        day: Day,
    ) -> Result<Terms, ReceiveError> {
        let (currency, home) = (order.currency, ctx.currency);
        let taxes = follow::taxes(tx, ctx, day)?;
        let rate = accounting::rate_on(tx, ctx, currency, day)?;
        Ok(Terms { day, taxes, currency, rate, home })
    }

    /// What is owed for the part of `quantity` that was not billed ahead: its share of the line's cost,
    /// which is its net price and the tax that nobody gives back, at the rate of the day.
    pub fn owed(
        &self,
        line: &Line,
        ahead: Quantity,
        quantity: Quantity,
    ) -> Result<Waiting, ReceiveError> {
        let tax = self.taxes.get(&line.tax_code);
        if tax.is_none() && !line.tax_code.is_empty() {
            let (code, day) = (line.tax_code.clone(), self.day);
            return Err(ReceiveError::UnknownTax { line: line.line, code, day });
        }
        let cost = rules::sum([line.net, rules::tax_on(line.net, tax)?.sunk])?;
        let before = line.received.checked_add(ahead)?;
        let quantity = quantity.checked_sub(ahead)?;
        let foreign = rules::next_share(cost, line.stock_quantity, before, quantity)?;
        let value = rules::at_rate(foreign, self.currency, self.rate, self.home)?;
        Ok(Waiting { quantity, value, foreign })
    }
}
