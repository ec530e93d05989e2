//! `bill`: a supplier's bill is entered, matched with orders and receipts, and owed.
//!
//! A line for goods is matched three ways: what was ordered, what was received, what is billed. What
//! was received and not billed is cleared at the value it came in at; what was not received yet waits
//! as "billed, not received" until it comes. A price other than the order's goes where the policy
//! `price_difference` says; in a foreign currency it is taken at the bill's rate, and what then
//! remains of the debt is an exchange difference.

use crate::charge::{self, Charge, Goods, Where};
use crate::follow::{self, Told};
use crate::into_stock::{DifferenceError, book_differences};
use crate::rules::{self, Matching};
use crate::tables::{self, Loaded};
use crate::words::{BillKind, BillState, Billing, MatchState};
use crate::{BILL, charge::ChargeError};
use accounting::{Books, Entry, Line as EntryLine, OpenKey, Role};
use base::{
    BillId, Currency, Day, EntryId, Id, Money, NumberError, Price, Problem, ProblemKind,
    PurchaseOrderId, Quantity, Rule, TextError, check_code, check_multiline, check_text,
};
use identity::{Ctx, Denied};
use partners::Partner;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// A supplier's bill.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Bill {
    /// The supplier's code.
    pub supplier: String,
    /// The supplier's number of the bill.
    pub reference: String,
    /// The bill's date; today when left out.
    #[serde(default)]
    pub billed_on: Option<Day>,
    /// When it is due; by the supplier's terms when left out.
    #[serde(default)]
    pub due_on: Option<Day>,
    /// Its currency; that of the orders, else the supplier's, when left out.
    #[serde(default)]
    pub currency: Option<Currency>,
    /// Lines for goods of orders.
    #[serde(default)]
    pub goods: Vec<BillGoods>,
    /// Lines for anything else.
    #[serde(default)]
    pub expenses: Vec<BillExpense>,
    /// Enter it although the supplier's number was used before.
    #[serde(default)]
    pub confirm_duplicate: bool,
    /// A note.
    #[serde(default)]
    pub note: String,
    /// The client's own key of the bill: a second one with it is the same bill.
    #[serde(default)]
    pub client_ref: String,
}

/// Goods of an order, billed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BillGoods {
    /// The order.
    pub order_id: PurchaseOrderId,
    /// The number of its line.
    pub line: i64,
    /// How much; what may be billed when left out.
    #[serde(default)]
    pub quantity: Option<Quantity>,
    /// The unit of the quantity: that of the line (when left out), or the item's stock unit.
    #[serde(default)]
    pub unit: Option<String>,
    /// What one unit of the line costs after discount, net; the order's when left out.
    #[serde(default)]
    pub price: Option<Price>,
    /// The tax code; the order's when left out.
    #[serde(default)]
    pub tax_code: Option<String>,
    /// Corrects the price of what was billed before: quantity times price is added to it, or taken
    /// off below zero, and no quantity is billed.
    #[serde(default)]
    pub correction: bool,
}

/// Anything else, billed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BillExpense {
    /// The role of the account it goes to.
    pub role: Role,
    /// What it is for.
    pub description: String,
    /// How much; one when left out.
    #[serde(default = "one")]
    pub quantity: Quantity,
    /// What one costs, net.
    pub price: Price,
    /// The tax code; none when left out.
    #[serde(default)]
    pub tax_code: String,
}

fn one() -> Quantity {
    Quantity::ONE
}

/// A bill as entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Billed {
    /// The bill.
    pub bill_id: BillId,
    /// Its number.
    pub number: String,
    /// The books' day.
    pub posted_on: Day,
    /// What is owed.
    pub total: Money,
    /// Whether every line agrees with order and receipts.
    pub state: BillState,
    /// What was found for the lines for goods, in their order.
    pub matches: Vec<MatchState>,
    /// Whether the bill was there before: nothing was entered again.
    pub repeated: bool,
}

/// Why a bill was not entered, in order of precedence.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum BillError {
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
    /// Nothing is billed.
    #[error("the bill has no lines; name what is billed")]
    Empty,
    /// The supplier's number was used before.
    #[error(
        "{supplier} billed under the number {reference} before ({number}); confirm that this is another bill"
    )]
    Duplicate {
        /// The supplier.
        supplier: String,
        /// The supplier's number.
        reference: String,
        /// The bill entered before.
        number: String,
    },
    /// A line for goods or an expense is wrong.
    #[error(transparent)]
    Charge(#[from] ChargeError),
    /// Nothing is there to be billed.
    #[error("nothing is left to be billed of line {line} of order {number}; give a quantity")]
    NothingToBill {
        /// The order.
        number: String,
        /// The line.
        line: i64,
    },
    /// Bills are of more than nothing.
    #[error("line {line} of order {number}: {quantity} cannot be billed")]
    NotPositive {
        /// The order.
        number: String,
        /// The line.
        line: i64,
        /// What was asked.
        quantity: Quantity,
    },
    /// The bill's currency has no rate.
    #[error(transparent)]
    Rate(#[from] accounting::RateError),
    /// The books cannot be posted to.
    #[error(transparent)]
    Books(#[from] accounting::BooksError),
    /// The bill could not be booked.
    #[error(transparent)]
    Entry(#[from] accounting::PostError),
    /// The goods' cost could not be corrected.
    #[error(transparent)]
    Cost(#[from] valuation::ValueError),
    /// A number cannot be held.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<DifferenceError> for BillError {
    fn from(error: DifferenceError) -> Self {
        match error {
            DifferenceError::Value(error) => error.into(),
            DifferenceError::Number(error) => error.into(),
            DifferenceError::Store(error) => error.into(),
        }
    }
}

impl Rule for BillError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            BillError::Denied(error) => error.problem(),
            BillError::Text(error) => error.problem(),
            BillError::UnknownSupplier { .. } => {
                Problem::refused("unknown_supplier", detail).with_field("supplier")
            }
            BillError::Empty => Problem::invalid("bill_empty", detail).with_field("goods"),
            BillError::Duplicate { .. } => {
                Problem::new(ProblemKind::Conflict, "bill_duplicate", detail)
                    .with_field("reference")
            }
            BillError::Charge(error) => error.problem(),
            BillError::NothingToBill { .. } => Problem::refused("nothing_to_bill", detail),
            BillError::NotPositive { .. } => Problem::refused("quantity_not_positive", detail),
            BillError::Rate(error) => error.problem(),
            BillError::Books(error) => error.problem(),
            BillError::Entry(error) => error.problem(),
            BillError::Cost(error) => error.problem(),
            BillError::Number(error) => error.problem(),
            BillError::Store(error) => error.problem(),
        }
    }
}

/// Enters a supplier's bill. What differs from order and receipts beyond the tolerances is booked as
/// it was billed and marked, so that nobody pays it before somebody has looked.
///
/// # Errors
/// The first broken rule in the order of [`BillError`].
pub fn bill(tx: &mut Tx<'_>, ctx: &Ctx, request: Bill) -> Result<Billed, BillError> {
    ctx.require(BILL)?;
    let mut papers = match load(tx, ctx, &request)? {
        Loading::Fresh(papers) => *papers,
        Loading::Repeated(billed) => return Ok(billed),
    };
    let goods = request
        .goods
        .iter()
        .map(|asked| decide(&mut papers, asked))
        .collect::<Result<Vec<_>, _>>()?;
    let expenses = request
        .expenses
        .iter()
        .map(|asked| Ok((asked, charge::expense(&papers.terms, asked)?)))
        .collect::<Result<Vec<_>, ChargeError>>()?;
    record(tx, ctx, papers, &goods, &expenses, &request)
}

/// What the decision needs to know.
struct Papers {
    supplier: Partner,
    orders: BTreeMap<PurchaseOrderId, Loaded>,
    terms: Where,
    copy: i64,
    into_stock: bool,
    percent: i64,
    amount: i64,
}

enum Loading {
    Fresh(Box<Papers>),
    Repeated(Billed),
}

fn load(tx: &mut Tx<'_>, ctx: &Ctx, request: &Bill) -> Result<Loading, BillError> {
    check_code("reference", &request.reference)?;
    check_text("client_ref", &request.client_ref, 200)?;
    check_multiline("note", &request.note, 4_000)?;
    let mut found = partners::partners_by_code(tx, ctx.company_id, &[&request.supplier])?;
    let supplier = found
        .remove(&request.supplier)
        .filter(|partner| partner.supplier)
        .ok_or_else(|| BillError::UnknownSupplier { code: request.supplier.clone() })?;
    if request.goods.is_empty() && request.expenses.is_empty() {
        return Err(BillError::Empty);
    }
    let ids: BTreeSet<PurchaseOrderId> = request.goods.iter().map(|line| line.order_id).collect();
    let orders = tables::lock_orders(tx, ctx.company_id, &ids)?;
    if let Some(earlier) = tables::bill_by_ref(tx, ctx, &request.client_ref)? {
        return Ok(Loading::Repeated(earlier));
    }
    let same = tables::same_reference(tx, ctx.company_id, supplier.id, &request.reference)?;
    if let Some(earlier) = same.first().filter(|_| !request.confirm_duplicate) {
        return Err(BillError::Duplicate {
            supplier: supplier.code,
            reference: request.reference.clone(),
            number: earlier.number.clone(),
        });
    }
    let billed_on = request.billed_on.unwrap_or(ctx.today);
    let of_orders = orders.values().next().map(|loaded| loaded.order.currency);
    let currency = request.currency.or(of_orders).unwrap_or(supplier.currency);
    let policies = identity::policies(tx, ctx.company_id)?;
    Ok(Loading::Fresh(Box::new(Papers {
        terms: charge::terms(tx, ctx, &orders, supplier.id, currency, billed_on)?,
        copy: same.last().map_or(0, |last| last.copy + 1),
        into_stock: policies.is("price_difference", "into_stock"),
        percent: policies.number("price_tolerance_percent"),
        amount: policies.number("price_tolerance_amount"),
        supplier,
        orders,
    })))
}

/// Matches a line for goods; the order's line takes it on, so that the next is decided against it.
fn decide(papers: &mut Papers, asked: &BillGoods) -> Result<Goods, BillError> {
    let terms = &papers.terms;
    let (order, line) = terms.find(&mut papers.orders, asked.order_id, asked.line)?;
    let (number, home) = (order.number.clone(), terms.home);
    let quantity = if asked.correction {
        Quantity::ZERO
    } else {
        let given = asked.quantity.map(|quantity| terms.in_stock_unit(line, quantity, &asked.unit));
        let most = match order.billing {
            Billing::OnReceipt => line.received,
            Billing::OnOrder if line.closed_short => line.received,
            Billing::OnOrder => line.stock_quantity.max(line.received),
        };
        given.transpose()?.unwrap_or(most.checked_sub(line.billed)?)
    };
    if !quantity.is_positive() && !asked.correction {
        return Err(match asked.quantity {
            Some(quantity) => BillError::NotPositive { number, line: line.line, quantity },
            None => BillError::NothingToBill { number, line: line.line },
        });
    }
    let net = match asked.price {
        Some(price) if asked.correction => {
            let quantity = asked.quantity.unwrap_or(Quantity::ONE);
            rules::net(price, base::Rate::ZERO, quantity, terms.currency)?
        }
        Some(price) => charge::net_of(line, price, quantity, terms.currency)?,
        None => rules::next_share(line.net, line.stock_quantity, line.billed, quantity)?,
    };
    let tax_code = asked.tax_code.clone().unwrap_or_else(|| line.tax_code.clone());
    let charged = terms.charge(net, &tax_code)?;

    let matched = line.grni.take(quantity)?;
    let ahead = quantity.checked_sub(matched.quantity)?;
    let ordered_price = line.price.apply_percent_discount(line.discount)?;
    let mut goods = Goods::new(order, line, quantity, charged, tax_code);
    goods.price = asked.price.unwrap_or(ordered_price);
    goods.settle(terms, matched, ahead, asked.correction)?;
    line.ahead.add(goods.ahead)?;
    line.billed = line.billed.checked_add(quantity)?;
    let allowed = match order.billing {
        Billing::OnReceipt => line.received,
        Billing::OnOrder => line.stock_quantity.max(line.received),
    };
    goods.state = rules::match_line(Matching {
        allowed,
        billed: if asked.correction { Quantity::ZERO } else { line.billed },
        ordered_price: if asked.correction { Price::ZERO } else { ordered_price },
        billed_price: if asked.correction { goods.price.max(Price::ZERO) } else { goods.price },
        difference: rules::at_rate(
            rules::sum([
                net,
                -rules::next_share(line.net, line.stock_quantity, Quantity::ZERO, quantity)?,
            ])?,
            terms.currency,
            terms.rate,
            home,
        )?,
        percent: papers.percent,
        amount: papers.amount,
    });
    Ok(goods)
}

fn record(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    mut papers: Papers,
    goods: &[Goods],
    expenses: &[(&BillExpense, Charge)],
    request: &Bill,
) -> Result<Billed, BillError> {
    let bill_id: BillId = tx.id()?;
    let number = tx.number(ctx.company_id, BillKind::Bill.series())?;
    let due_on = request.due_on.or(papers.terms.day.plus(papers.supplier.payment_days).ok());
    let charges = || goods.iter().map(|line| &line.charge).chain(expenses.iter().map(|(_, c)| c));
    let net = rules::sum(charges().map(|charge| charge.net))?;
    let tax = rules::sum(charges().map(|charge| charge.tax.charged))?;
    let total_home = rules::sum(charges().map(|charge| charge.owed_home))?;
    let total = rules::sum([net, tax])?;

    let mut lines = debits(&papers.terms, goods, expenses, bill_id);
    let key = OpenKey::new("bill", bill_id.raw()).with(papers.supplier.id);
    let (currency, home) = (papers.terms.currency, papers.terms.home);
    let payable = rules::open_line(Role::Payable, key, -total_home, -total, currency, home);
    lines.push(due_on.map_or(payable.clone(), |day| payable.due(day)));
    let (day, into_stock) = (papers.terms.day, papers.into_stock);
    let (books, differences) = book_differences(tx, ctx, day, bill_id, goods, into_stock)?;
    lines.extend(differences);
    let memo = format!("{number}: {} {}", papers.supplier.code, request.reference);
    let entry_id = post(tx, ctx, &books, bill_id, papers.terms.day, memo, lines)?;

    let state = if goods.iter().any(|line| line.state != MatchState::Matched) {
        BillState::Mismatch
    } else {
        BillState::Matched
    };
    let posted_on = books.posted_on();
    let head = tables::NewBill {
        id: bill_id,
        kind: BillKind::Bill,
        number: number.clone(),
        client_ref: request.client_ref.clone(),
        partner_id: papers.supplier.id,
        reference: request.reference.clone(),
        copy: papers.copy,
        currency: papers.terms.currency,
        billed_on: papers.terms.day,
        posted_on,
        due_on,
        net,
        tax,
        total,
        total_home,
        state,
        entry_id,
        note: request.note.clone(),
    };
    tables::insert_bill(tx, ctx, &head, goods, expenses, 1)?;
    let detail = serde_json::json!({ "bill": number, "total": total, "state": state });
    tell(tx, ctx, &mut papers.orders, bill_id, &detail)?;
    Ok(Billed {
        bill_id,
        number,
        posted_on,
        total: Money::new(total, head.currency),
        state,
        matches: goods.iter().map(|line| line.state).collect(),
        repeated: false,
    })
}

/// What the bill books against what is owed, but for price differences.
fn debits(
    terms: &Where,
    goods: &[Goods],
    expenses: &[(&BillExpense, Charge)],
    bill_id: BillId,
) -> Vec<EntryLine> {
    let mut lines: Vec<_> = goods.iter().flat_map(|line| line.debits(terms)).collect();
    for (asked, charge) in expenses {
        lines.extend(expense_lines(terms, asked.role, bill_id, charge));
    }
    lines
}

fn expense_lines(terms: &Where, role: Role, bill_id: BillId, charge: &Charge) -> Vec<EntryLine> {
    let mut debit = EntryLine::new(role, charge.cost_home);
    if role.keeps_open_lines() {
        debit = debit.open(OpenKey::new("bill", bill_id.raw()).with(terms.partner_id));
    }
    let mut lines = vec![debit];
    lines.extend(charge.tax_lines(1));
    lines
}

/// Books what was decided.
pub(crate) fn post(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    books: &Books,
    bill_id: BillId,
    happened_on: Day,
    memo: String,
    lines: Vec<EntryLine>,
) -> Result<EntryId, accounting::PostError> {
    let entry = Entry {
        kind: "bill",
        source_kind: "bill",
        source_id: bill_id.raw(),
        happened_on,
        memo,
        lines,
    };
    let ids = accounting::post(tx, ctx, books, vec![entry])?;
    Ok(ids.first().copied().unwrap_or_else(accounting::no_entry))
}

/// Writes the orders that were billed, and tells of the bill.
pub(crate) fn tell(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    orders: &mut BTreeMap<PurchaseOrderId, Loaded>,
    bill_id: BillId,
    detail: &serde_json::Value,
) -> Result<(), follow::GoodsError> {
    let told = Told { verb: BILL, fact: "purchasing.order_billed", detail: detail.clone() };
    follow::all_goods(tx, ctx, orders.values_mut().collect(), &told)?;
    ctx.audit(tx, BILL, "bill", bill_id.raw(), detail.clone());
    ctx.fact(tx, "bill", bill_id.raw(), 1, "purchasing.billed", detail.clone());
    Ok(())
}
