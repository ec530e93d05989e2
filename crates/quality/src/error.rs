//! Why a verb of returns was refused.

use base::{
    CustomerReturnId, Day, NumberError, Problem, ProblemKind, Quantity, Rule, SalesOrderId,
    TextError,
};
use identity::Denied;
use store::StoreError;

/// Why nothing came back or was decided, in order of precedence. Nothing has then been booked.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum ReturnError {
    /// There is no such order.
    #[error("there is no order {order_id}; leave it out for a sale that the books do not know")]
    NoOrder {
        /// The id asked for.
        order_id: SalesOrderId,
    },
    /// There is no such return.
    #[error("there is no return {return_id}")]
    NotFound {
        /// The id asked for.
        return_id: CustomerReturnId,
    },
    /// There is no such warehouse.
    #[error("there is no warehouse {code:?}; name the one that the goods come to")]
    NoWarehouse {
        /// The code asked for.
        code: String,
    },
    /// The caller may not, or not in the warehouse.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A text cannot be stored.
    #[error(transparent)]
    Text(#[from] TextError),
    /// Nothing is named.
    #[error("the request has no lines; name what it is about")]
    Empty,
    /// There is no such customer.
    #[error("there is no customer {code:?}")]
    NoPartner {
        /// The code asked for.
        code: String,
    },
    /// The line says too little, or what its order says already.
    #[error(
        "line {line}: name the order's line; or, of a sale that the books do not know, item and price"
    )]
    Unclear {
        /// The line, from 1.
        line: i64,
    },
    /// There is no such line.
    #[error("there is no line {line} with goods")]
    UnknownLine {
        /// The line asked for.
        line: i64,
    },
    /// The line is named twice.
    #[error("line {line} is named twice; name it once with the whole quantity")]
    Twice {
        /// The line.
        line: i64,
    },
    /// There is no such item.
    #[error("line {line}: there is no item {sku:?} that could come back")]
    UnknownItem {
        /// The line.
        line: i64,
        /// The SKU asked for.
        sku: String,
    },
    /// There is no such tax code.
    #[error("line {line}: there is no tax code {code} with a rate on {day}")]
    UnknownTax {
        /// The line.
        line: i64,
        /// The code.
        code: String,
        /// The day of the sale.
        day: Day,
    },
    /// Nothing, or less, or a part of something that is never divided.
    #[error(
        "line {line}: {quantity} cannot come back; give a whole number above zero where the item is never divided"
    )]
    BadQuantity {
        /// The line.
        line: i64,
        /// What was asked.
        quantity: Quantity,
    },
    /// A price below nothing.
    #[error("line {line}: the price is below zero; give what the customer gets for one piece")]
    BadPrice {
        /// The line.
        line: i64,
    },
    /// Sent back too late.
    #[error(
        "line {line} left on {left_on}; goods come back within {days} days; confirm that it is late"
    )]
    TooLate {
        /// The line.
        line: i64,
        /// When it left.
        left_on: Day,
        /// The policy `return_window_days`.
        days: i64,
    },
    /// More than left and did not come back.
    #[error("line {line}: {asked} asked, but {open} left and neither came back nor are expected")]
    ExceedsShipped {
        /// The line.
        line: i64,
        /// What was asked.
        asked: Quantity,
        /// What may come back.
        open: Quantity,
    },
    /// More than is expected.
    #[error("line {line}: {asked} asked, but {expected} are expected; authorize the rest first")]
    ExceedsExpected {
        /// The line.
        line: i64,
        /// What was asked.
        asked: Quantity,
        /// What is expected.
        expected: Quantity,
    },
    /// Goods of that lot did not leave.
    #[error(
        "line {line}: not so many of lot {lot:?} left for this order; look at the shipment's lots"
    )]
    OtherLot {
        /// The line.
        line: i64,
        /// The lot, empty for any.
        lot: String,
    },
    /// More than waits for a decision.
    #[error("line {line}: {asked} asked, but {open} wait for a decision")]
    ExceedsUndecided {
        /// The line.
        line: i64,
        /// What was asked.
        asked: Quantity,
        /// What waits.
        open: Quantity,
    },
    /// What the disposition needs is missing or not there.
    #[error("line {line}: {outcome} needs {needs}")]
    Needs {
        /// The line.
        line: i64,
        /// What is to become of the goods.
        outcome: crate::Disposition,
        /// What it needs.
        needs: &'static str,
    },
    /// Second grade worth more than the goods were.
    #[error(
        "line {line}: second grade cannot be worth {value} when the goods are worth {cost} (minor units)"
    )]
    WorthMore {
        /// The line.
        line: i64,
        /// What it was to be worth.
        value: i64,
        /// What the goods are worth.
        cost: i64,
    },
    /// Goods whose price was given back cannot go to the customer again.
    #[error("line {line}: the customer got the money for them back; sell them anew")]
    Refunded {
        /// The line.
        line: i64,
    },
    /// A number beyond what the books can hold.
    #[error("{0}")]
    Number(#[from] NumberError),
    /// A day outside the calendar.
    #[error(transparent)]
    Day(#[from] base::DayError),
    /// The goods could not be moved.
    #[error(transparent)]
    Post(#[from] stock::PostError),
    /// The sale could not be looked at.
    #[error(transparent)]
    Credit(#[from] sales::CreditError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for ReturnError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        let refused = |code, line: &i64| {
            Problem::refused(code, detail.clone()).with_line(u32::try_from(*line).unwrap_or(0))
        };
        match self {
            ReturnError::NoOrder { .. } => Problem::not_found("order_not_found", detail),
            ReturnError::NotFound { .. } => Problem::not_found("return_not_found", detail),
            ReturnError::NoWarehouse { .. } => Problem::not_found("warehouse_not_found", detail),
            ReturnError::Denied(error) => error.problem(),
            ReturnError::Text(error) => error.problem(),
            ReturnError::Empty => Problem::invalid("return_empty", detail).with_field("lines"),
            ReturnError::NoPartner { .. } => Problem::not_found("partner_not_found", detail),
            ReturnError::Unclear { line } => refused("line_unclear", line),
            ReturnError::UnknownLine { line } => refused("unknown_line", line),
            ReturnError::Twice { line } => refused("line_twice", line),
            ReturnError::UnknownItem { line, .. } => refused("item_not_found", line),
            ReturnError::UnknownTax { line, .. } => refused("tax_code_not_found", line),
            ReturnError::BadQuantity { line, .. } => refused("quantity_not_possible", line),
            ReturnError::BadPrice { line } => refused("price_below_zero", line),
            ReturnError::TooLate { line, .. } => refused("return_too_late", line),
            ReturnError::ExceedsShipped { line, .. } => refused("exceeds_shipped", line),
            ReturnError::ExceedsExpected { line, .. } => refused("exceeds_expected", line),
            ReturnError::OtherLot { line, .. } => refused("lot_did_not_leave", line),
            ReturnError::ExceedsUndecided { line, .. } => refused("exceeds_undecided", line),
            ReturnError::Needs { line, .. } => refused("disposition_incomplete", line),
            ReturnError::WorthMore { line, .. } => refused("worth_more_than_cost", line),
            ReturnError::Refunded { line } => refused("already_refunded", line),
            ReturnError::Number(error) => error.problem(),
            ReturnError::Day(_) => Problem::invalid("day_out_of_range", detail),
            ReturnError::Post(error) => error.problem(),
            ReturnError::Credit(error) => error.problem(),
            ReturnError::Store(error) => error.problem(),
        }
    }
}

/// Why no money was given back, in order of precedence.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum RefundError {
    /// There is no such return.
    #[error("there is no return {return_id}")]
    NoReturn {
        /// The id asked for.
        return_id: CustomerReturnId,
    },
    /// There is no such order.
    #[error("there is no order {order_id}")]
    NoOrder {
        /// The id asked for.
        order_id: SalesOrderId,
    },
    /// There is no such refund.
    #[error("there is no refund {refund_id}")]
    NotFound {
        /// The id asked for.
        refund_id: base::RefundId,
    },
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A text cannot be stored, or a reason is missing.
    #[error(transparent)]
    Text(#[from] TextError),
    /// The refund does not wait.
    #[error("refund {number} is {state}; it does not wait for approval")]
    NotWaiting {
        /// The refund.
        number: String,
        /// How far it is.
        state: crate::RefundState,
    },
    /// There is no such line.
    #[error("there is no line {line}")]
    UnknownLine {
        /// The line asked for.
        line: i64,
    },
    /// The line is named twice.
    #[error("line {line} is named twice; name it once")]
    Twice {
        /// The line.
        line: i64,
    },
    /// Below nothing.
    #[error("line {line}: quantity and amount cannot be below zero, nor both be nothing")]
    NotPositive {
        /// The line.
        line: i64,
    },
    /// Money of another currency.
    #[error("line {line}: the amount is in {currency}; give it in the company's currency")]
    OtherCurrency {
        /// The line.
        line: i64,
        /// The currency asked for.
        currency: base::Currency,
    },
    /// The policy has the refund wait.
    #[error(
        "line {line}: {asked} asked, but {open} may be refunded now; by the policy refund_on it \
         waits for {waits_for}"
    )]
    NotDue {
        /// The line.
        line: i64,
        /// What was asked.
        asked: Quantity,
        /// What may be refunded.
        open: Quantity,
        /// The policy.
        waits_for: String,
    },
    /// Nothing is left to give back.
    #[error("nothing may be refunded now; by the policy refund_on it waits for {waits_for}")]
    Nothing {
        /// The policy.
        waits_for: String,
    },
    /// The sale says no.
    #[error(transparent)]
    Credit(#[from] sales::CreditError),
    /// The approval could not be asked for or given.
    #[error(transparent)]
    Approval(#[from] identity::ApprovalError),
    /// A number beyond what the books can hold.
    #[error("{0}")]
    Number(#[from] NumberError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for RefundError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        let refused = |code, line: &i64| {
            Problem::refused(code, detail.clone()).with_line(u32::try_from(*line).unwrap_or(0))
        };
        match self {
            RefundError::NoReturn { .. } => Problem::not_found("return_not_found", detail),
            RefundError::NoOrder { .. } => Problem::not_found("order_not_found", detail),
            RefundError::NotFound { .. } => Problem::not_found("refund_not_found", detail),
            RefundError::Denied(error) => error.problem(),
            RefundError::Text(error) => error.problem(),
            RefundError::NotWaiting { .. } => {
                Problem::new(ProblemKind::Conflict, "refund_not_waiting", detail)
            }
            RefundError::UnknownLine { line } => refused("unknown_line", line),
            RefundError::Twice { line } => refused("line_twice", line),
            RefundError::NotPositive { line } => refused("amount_not_positive", line),
            RefundError::OtherCurrency { line, .. } => refused("other_currency", line),
            RefundError::NotDue { line, .. } => refused("refund_not_due", line),
            RefundError::Nothing { .. } => Problem::refused("nothing_to_refund", detail),
            RefundError::Credit(error) => error.problem(),
            RefundError::Approval(error) => error.problem(),
            RefundError::Number(error) => error.problem(),
            RefundError::Store(error) => error.problem(),
        }
    }
}
