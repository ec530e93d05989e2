//! Cancelling: what could not be found in 14 days is given up, and web customers get back what they
//! paid for it.

use base::{Currency, Day, Id, Money, SalesOrderId};
use payments::{OpenRef, Refund, RefundOf, Through};
use sales::CancelOrder;
use store::Tx;

use super::sell::ORDER;
use super::{DemoError, Replay, clock, refused};

impl Replay<'_> {
    /// What orders of a day still lack is cancelled, and web customers get it back.
    pub(super) fn cancel_back_orders(
        &mut self,
        day: Day,
        ordered_on: Day,
    ) -> Result<(), DemoError> {
        let of_day = self.selling.by_day.remove(&ordered_on).unwrap_or_default();
        let mut requests = Vec::with_capacity(of_day.len());
        for at in of_day {
            let Some(order) = self.selling.forget(at) else { continue };
            self.tally.back_orders_cancelled += 1;
            for line in &order.goods {
                if line.sold {
                    self.tally.unfilled += line.open;
                } else {
                    self.tally.free_unfilled += line.open;
                }
            }
            let reason = "not filled within 14 days".to_owned();
            let cancel = |order_id| CancelOrder { order_id, lines: None, reason };
            requests.extend(order.order_id.map(cancel));
        }
        if requests.is_empty() {
            return Ok(());
        }
        let lee = self.at(&self.frame.lee, day, clock(22, 0))?;
        let fay = self.at(&self.frame.fay, day, clock(22, 0))?;
        let web = self.frame.web;
        self.tally.refunded += self.write(move |tx| {
            let mut refunded = 0;
            for request in requests.clone() {
                let order_id = request.order_id;
                let done = sales::cancel(tx, &lee, request).map_err(refused("cancel"))?;
                refunded += give_back(tx, &fay, (web, day), order_id, done.to_refund.minor)?;
            }
            Ok(refunded)
        })?;
        Ok(())
    }
}

/// Gives a web customer a deposit back through the channel. Returns how much.
pub(super) fn give_back(
    tx: &mut Tx<'_>,
    fay: &identity::Ctx,
    (web, day): (i64, Day),
    order_id: SalesOrderId,
    minor: i64,
) -> Result<i64, DemoError> {
    if minor <= 0 {
        return Ok(0);
    }
    let request = Refund {
        of: RefundOf::Deposit,
        open: OpenRef { kind: ORDER.to_owned(), id: order_id.raw() },
        through: Through::Channel(web),
        amount: Money::new(minor, Currency::GBP),
        bank_amount: None,
        happened_on: Some(day),
        partner_id: None,
        method: "card".to_owned(),
        reference: String::new(),
        client_ref: String::new(),
        memo: String::new(),
    };
    payments::refund(tx, fay, request).map_err(refused("refund"))?;
    Ok(minor)
}
