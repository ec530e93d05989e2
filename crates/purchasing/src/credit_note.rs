//! `credit_note`: a supplier gives back what was billed for goods that went back or never came.

use crate::bill::{self, Billed};
use crate::charge::{self, ChargeError, Goods};
use crate::tables;
use crate::words::{BillKind, BillState};
use crate::{BILL, rules};
use accounting::{Area, OpenKey, Role};
use base::{
    BillId, Currency, Day, Id, Money, NumberError, Price, Problem, ProblemKind, PurchaseOrderId,
    Quantity, Rule, TextError, check_code, check_multiline, check_text,
};
use identity::{Ctx, Denied};
use partners::Partner;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// A supplier's credit note.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreditNote {
    /// The supplier's code.
    pub supplier: String,
    /// The supplier's number of the credit note.
    pub reference: String,
    /// Its date; today when left out.
    #[serde(default)]
    pub credited_on: Option<Day>,
    /// The goods credited.
    pub goods: Vec<CreditGoods>,
    /// Enter it although the supplier's number was used before.
    #[serde(default)]
    pub confirm_duplicate: bool,
    /// A note.
    #[serde(default)]
    pub note: String,
    /// The client's own key: a second credit note with it is the same one.
    #[serde(default)]
    pub client_ref: String,
}

/// Goods of an order, credited.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreditGoods {
    /// The order.
    pub order_id: PurchaseOrderId,
    /// The number of its line.
    pub line: i64,
    /// How much; all that may be credited when left out.
    #[serde(default)]
    pub quantity: Option<Quantity>,
    /// The unit of the quantity: that of the line (when left out), or the item's stock unit.
    #[serde(default)]
    pub unit: Option<String>,
    /// What is given back for one unit of the line, net; the order's price when left out.
    #[serde(default)]
    pub price: Option<Price>,
    /// The tax code; the order's when left out.
    #[serde(default)]
    pub tax_code: Option<String>,
}

/// Why a credit note was not entered, in order of precedence.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum CreditNoteError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A text cannot be stored.
    #[error(transparent)]
    Text(#[from] TextError),
    /// There is no such supplier.
    #[error("there is no supplier {code:?}")]
    UnknownSupplier {
        /// The code asked for.
        code: String,
    },
    /// Nothing is credited.
    #[error("the credit note has no lines; name what is credited")]
    Empty,
    /// The supplier's number was used before.
    #[error(
        "the supplier used the number {reference} before ({number}); confirm that this is another one"
    )]
    Duplicate {
        /// The supplier's number.
        reference: String,
        /// The document entered before.
        number: String,
    },
    /// A line is wrong.
    #[error(transparent)]
    Charge(#[from] ChargeError),
    /// More is credited than was billed and is not here.
    #[error(
        "line {line} of order {number}: {quantity} cannot be credited, {most} were billed and are not here; a price alone is corrected by a bill"
    )]
    TooMuch {
        /// The order.
        number: String,
        /// The line.
        line: i64,
        /// What was asked, in the stock unit.
        quantity: Quantity,
        /// What may be credited, in the same.
        most: Quantity,
    },
    /// The currency has no rate.
    #[error(transparent)]
    Rate(#[from] accounting::RateError),
    /// The books cannot be posted to.
    #[error(transparent)]
    Books(#[from] accounting::BooksError),
    /// The credit note could not be booked.
    #[error(transparent)]
    Entry(#[from] accounting::PostError),
    /// A number cannot be held.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for CreditNoteError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            CreditNoteError::Denied(error) => error.problem(),
            CreditNoteError::Text(error) => error.problem(),
            CreditNoteError::UnknownSupplier { .. } => Problem::refused("unknown_supplier", detail),
            CreditNoteError::Empty => Problem::invalid("credit_note_empty", detail),
            CreditNoteError::Duplicate { .. } => {
                Problem::new(ProblemKind::Conflict, "bill_duplicate", detail)
            }
            CreditNoteError::Charge(error) => error.problem(),
            CreditNoteError::TooMuch { .. } => Problem::refused("credit_too_much", detail),
            CreditNoteError::Rate(error) => error.problem(),
            CreditNoteError::Books(error) => error.problem(),
            CreditNoteError::Entry(error) => error.problem(),
            CreditNoteError::Number(error) => error.problem(),
            CreditNoteError::Store(error) => error.problem(),
        }
    }
}

/// Enters a credit note: what waited on "billed, not received" is cleared, the supplier owes us, and
/// what is given back at another price is a price difference.
///
/// # Errors
/// The first broken rule in the order of [`CreditNoteError`].
pub fn credit_note(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: CreditNote,
) -> Result<Billed, CreditNoteError> {
    ctx.require(BILL)?;
    let supplier = check(tx, ctx, &request)?;
    let ids: BTreeSet<PurchaseOrderId> = request.goods.iter().map(|line| line.order_id).collect();
    let mut orders = tables::lock_orders(tx, ctx.company_id, &ids)?;
    if let Some(earlier) = tables::bill_by_ref(tx, ctx, &request.client_ref)? {
        return Ok(earlier);
    }
    let same = tables::same_reference(tx, ctx.company_id, supplier.id, &request.reference)?;
    if let Some(earlier) = same.first().filter(|_| !request.confirm_duplicate) {
        let (reference, number) = (request.reference, earlier.number.clone());
        return Err(CreditNoteError::Duplicate { reference, number });
    }
    let day = request.credited_on.unwrap_or(ctx.today);
    let currency: Currency =
        orders.values().next().map_or(supplier.currency, |loaded| loaded.order.currency);
    let terms = charge::terms(tx, ctx, &orders, supplier.id, currency, day)?;
    let decided = request.goods.iter().map(|asked| decide(&terms, &mut orders, asked));
    let goods = decided.collect::<Result<Vec<_>, _>>()?;

    let bill_id: BillId = tx.id()?;
    let number = tx.number(ctx.company_id, BillKind::CreditNote.series())?;
    let net = rules::sum(goods.iter().map(|line| line.charge.net))?;
    let tax = rules::sum(goods.iter().map(|line| line.charge.tax.charged))?;
    let (total, home) =
        (rules::sum([net, tax])?, rules::sum(goods.iter().map(|line| line.charge.owed_home))?);
    let key = OpenKey::new("bill", bill_id.raw()).with(supplier.id);
    let mut lines: Vec<_> = goods.iter().flat_map(|line| line.credits(&terms)).collect();
    lines.push(rules::open_line(Role::Payable, key, home, total, currency, ctx.currency).due(day));
    let books = accounting::open_books(tx, ctx, Area::Purchasing, day)?;
    let memo = format!("{number}: {} {}", supplier.code, request.reference);
    let entry_id = bill::post(tx, ctx, &books, bill_id, day, memo, lines)?;
    let head = tables::NewBill {
        id: bill_id,
        kind: BillKind::CreditNote,
        number: number.clone(),
        client_ref: request.client_ref,
        partner_id: supplier.id,
        reference: request.reference,
        copy: same.last().map_or(0, |last| last.copy + 1),
        currency,
        billed_on: day,
        posted_on: books.posted_on(),
        due_on: Some(day),
        net: -net,
        tax: -tax,
        total: -total,
        total_home: -home,
        state: BillState::Matched,
        entry_id,
        note: request.note,
    };
    tables::insert_bill(tx, ctx, &head, &goods, &[], -1)?;
    let told = serde_json::json!({ "bill": number, "total": -total });
    bill::tell(tx, ctx, &mut orders, bill_id, &told)?;
    Ok(Billed {
        bill_id,
        number,
        posted_on: books.posted_on(),
        total: Money::new(-total, currency),
        state: BillState::Matched,
        matches: goods.iter().map(|line| line.state).collect(),
        repeated: false,
    })
}

/// Checks what does not depend on the orders, and finds the supplier.
fn check(tx: &mut Tx<'_>, ctx: &Ctx, request: &CreditNote) -> Result<Partner, CreditNoteError> {
    check_code("reference", &request.reference)?;
    check_text("client_ref", &request.client_ref, 200)?;
    check_multiline("note", &request.note, 4_000)?;
    let mut found = partners::partners_by_code(tx, ctx.company_id, &[&request.supplier])?;
    let supplier = found
        .remove(&request.supplier)
        .filter(|partner| partner.supplier)
        .ok_or_else(|| CreditNoteError::UnknownSupplier { code: request.supplier.clone() })?;
    if request.goods.is_empty() {
        return Err(CreditNoteError::Empty);
    }
    Ok(supplier)
}

/// Credits a line; the order's line takes it on.
fn decide(
    terms: &charge::Where,
    orders: &mut std::collections::BTreeMap<PurchaseOrderId, tables::Loaded>,
    asked: &CreditGoods,
) -> Result<Goods, CreditNoteError> {
    let (order, line) = terms.find(orders, asked.order_id, asked.line)?;
    let most = line.ahead.quantity;
    let given = asked.quantity.map(|quantity| terms.in_stock_unit(line, quantity, &asked.unit));
    let quantity = given.transpose()?.unwrap_or(most);
    if !quantity.is_positive() || quantity > most {
        let number = order.number.clone();
        return Err(CreditNoteError::TooMuch { number, line: line.line, quantity, most });
    }
    let price = match asked.price {
        Some(price) => price,
        None => line.price.apply_percent_discount(line.discount)?,
    };
    let net = charge::net_of(line, price, quantity, terms.currency)?;
    let tax_code = asked.tax_code.clone().unwrap_or_else(|| line.tax_code.clone());
    let mut goods = Goods::new(order, line, quantity, terms.charge(net, &tax_code)?, tax_code);
    goods.price = price;
    let waited = line.ahead.take(quantity)?;
    goods.settle(terms, waited, Quantity::ZERO, false)?;
    line.billed = line.billed.checked_sub(quantity)?;
    Ok(goods)
}
