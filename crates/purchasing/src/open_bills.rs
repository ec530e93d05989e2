//! `open_bills`: bills of suppliers that a going company brings along, not yet paid.
//!
//! What a bill was for was booked elsewhere. Here it is a balance: its open amount, owed to the
//! supplier under the supplier's number, so that it is paid like any other and the same bill is not
//! entered twice.
//!
//! | | debit | credit |
//! | --- | --- | --- |
//! | owed to the supplier | opening difference | payable |

use crate::OPEN;
use crate::rules;
use crate::tables::{self, NewBill};
use crate::words::{BillKind, BillState};
use accounting::{Area, Entry, Line as EntryLine, OpenKey, RateError, Role};
use base::{
    BillId, Currency, Day, EntryId, Id, Money, NumberError, OpeningId, Price, Problem, ProblemKind,
    Quantity, Rate, Rounding, Rule, TextError, check_code,
};
use identity::{Ctx, Denied};
use partners::Partner;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::{StoreError, Tx};

/// What the one line of such a bill says.
const DESCRIPTION: &str = "open when the books were opened";

/// Bills of a going company. No client sends it: the opening reads it from its files.
#[derive(Debug, Clone)]
pub struct OpenBills {
    /// The opening that they belong to.
    pub opening_id: OpeningId,
    /// The day the books open.
    pub opened_on: Day,
    /// The bills.
    pub bills: Vec<OpenBill>,
}

/// A bill that is not paid in full.
#[derive(Debug, Clone)]
pub struct OpenBill {
    /// The supplier's code.
    pub supplier: String,
    /// The supplier's number of the bill.
    pub reference: String,
    /// The bill's date.
    pub billed_on: Day,
    /// When it is due; by the supplier's terms when left out.
    pub due_on: Option<Day>,
    /// What is open of it, in its currency; below zero for a credit note.
    pub open: Money,
    /// The same in minor units of the company's currency, as the books have it; by the rate of the
    /// opening day when left out.
    pub value: Option<i64>,
}

/// Why one bill was not opened, in order of precedence.
#[derive(thiserror::Error, Debug, Clone, PartialEq)]
pub enum OpenBillError {
    /// The number cannot be stored.
    #[error(transparent)]
    Text(#[from] TextError),
    /// There is no such supplier.
    #[error("there is no supplier {code:?}")]
    UnknownSupplier {
        /// The code asked for.
        code: String,
    },
    /// Nothing is open.
    #[error("nothing is open of bill {reference}; leave it out")]
    NothingOpen {
        /// The supplier's number.
        reference: String,
    },
    /// It is dated after the books open.
    #[error("bill {reference} is of {billed_on}, not before the books open; enter it as a bill")]
    NotBefore {
        /// The supplier's number.
        reference: String,
        /// Its date.
        billed_on: Day,
    },
    /// Amount and value have different signs.
    #[error("bill {reference}: the open amount and its value have different signs")]
    OtherSign {
        /// The supplier's number.
        reference: String,
    },
    /// In the company's own currency a value can only be the amount.
    #[error("bill {reference} is in {currency}, the company's own; leave the value out")]
    OtherValue {
        /// The supplier's number.
        reference: String,
        /// The currency.
        currency: Currency,
    },
    /// The supplier's number is used twice.
    #[error("{supplier} has bill {reference} twice; leave one out")]
    Twice {
        /// The supplier.
        supplier: String,
        /// The supplier's number.
        reference: String,
    },
    /// The bill is here.
    #[error("bill {reference} of {supplier} is here already as {number}; leave it out")]
    AlreadyHere {
        /// The supplier.
        supplier: String,
        /// The supplier's number.
        reference: String,
        /// Ours.
        number: String,
    },
    /// Its currency has no rate on the day the books open.
    #[error(transparent)]
    Rate(#[from] RateError),
    /// A number cannot be held.
    #[error(transparent)]
    Number(#[from] NumberError),
}

/// Why no bill was opened, in order of precedence.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum OpenBillsError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Some of the bills were refused: their positions, from 0, and why.
    #[error("{} of the bills cannot be opened; the first: {}", .0.len(), .0[0].1)]
    Refused(Vec<(usize, OpenBillError)>),
    /// The books cannot be posted to.
    #[error(transparent)]
    Books(#[from] accounting::BooksError),
    /// What is owed could not be booked.
    #[error(transparent)]
    Entry(#[from] accounting::PostError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for OpenBillsError {
    fn problem(&self) -> Problem {
        match self {
            OpenBillsError::Denied(error) => error.problem(),
            OpenBillsError::Refused(_) => {
                Problem::new(ProblemKind::Refused, "bills_not_opened", self.to_string())
            }
            OpenBillsError::Books(error) => error.problem(),
            OpenBillsError::Entry(error) => error.problem(),
            OpenBillsError::Store(error) => error.problem(),
        }
    }
}

/// What was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BillsOpened {
    /// The bills in the order asked.
    pub ids: Vec<BillId>,
    /// The entry that books them; none when there are no bills.
    pub entry_id: EntryId,
}

/// Enters the bills that a going company still owes, all or none, and books them against the opening
/// difference.
///
/// # Errors
/// The first broken rule in the order of [`OpenBillsError`]; then the transaction is to be given up.
pub fn open_bills(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: &OpenBills,
) -> Result<BillsOpened, OpenBillsError> {
    ctx.require(OPEN)?;
    let known = load(tx, ctx, request)?;
    let mut seen = BTreeSet::new();
    let (mut owed, mut refused) = (Vec::with_capacity(request.bills.len()), Vec::new());
    for (at, bill) in request.bills.iter().enumerate() {
        match decide(&known, bill, &mut seen) {
            Ok(decided) => owed.push(decided),
            Err(error) => refused.push((at, error)),
        }
    }
    if !refused.is_empty() {
        return Err(OpenBillsError::Refused(refused));
    }
    record(tx, ctx, request, &owed)
}

/// What the bills name.
struct Known {
    home: Currency,
    opened_on: Day,
    suppliers: HashMap<String, Partner>,
    rates: BTreeMap<Currency, Result<Rate, RateError>>,
    here: BTreeMap<(base::PartnerId, String), Vec<tables::SameReference>>,
}

fn load(tx: &mut Tx<'_>, ctx: &Ctx, request: &OpenBills) -> Result<Known, StoreError> {
    let bills = &request.bills;
    let codes: BTreeSet<&str> = bills.iter().map(|bill| bill.supplier.as_str()).collect();
    let codes: Vec<&str> = codes.into_iter().collect();
    let suppliers = partners::partners_by_code(tx, ctx.company_id, &codes)?;
    let numbers = bills
        .iter()
        .filter_map(|bill| Some((suppliers.get(&bill.supplier)?.id, bill.reference.as_str())))
        .collect();
    let here = tables::bills_by_reference(tx, ctx.company_id, &numbers)?;
    let mut rates = BTreeMap::new();
    let foreign = bills.iter().filter(|bill| bill.value.is_none()).map(|bill| bill.open.currency);
    for currency in foreign.collect::<BTreeSet<_>>() {
        let rate = match accounting::rate_on(tx, ctx, currency, request.opened_on) {
            Err(RateError::Store(error)) => return Err(error),
            answer => answer,
        };
        rates.insert(currency, rate);
    }
    Ok(Known { home: ctx.currency, opened_on: request.opened_on, suppliers, rates, here })
}

/// A bill as decided.
struct Owed<'a> {
    asked: &'a OpenBill,
    supplier: &'a Partner,
    /// In minor units of the company's currency.
    value: i64,
    price: Price,
    due_on: Option<Day>,
    copy: i64,
}

fn decide<'a>(
    known: &'a Known,
    asked: &'a OpenBill,
    seen: &mut BTreeSet<(base::PartnerId, &'a str)>,
) -> Result<Owed<'a>, OpenBillError> {
    check_code("reference", &asked.reference)?;
    let found = known.suppliers.get(&asked.supplier).filter(|partner| partner.supplier);
    let supplier =
        found.ok_or_else(|| OpenBillError::UnknownSupplier { code: asked.supplier.clone() })?;
    let (open, reference) = (asked.open, || asked.reference.clone());
    if open.minor == 0 {
        return Err(OpenBillError::NothingOpen { reference: reference() });
    }
    if asked.billed_on >= known.opened_on {
        let billed_on = asked.billed_on;
        return Err(OpenBillError::NotBefore { reference: reference(), billed_on });
    }
    let value = match (asked.value, known.rates.get(&open.currency)) {
        (Some(value), _) if value.signum() != open.minor.signum() => {
            return Err(OpenBillError::OtherSign { reference: reference() });
        }
        (Some(value), _) if open.currency == known.home && value != open.minor => {
            let currency = open.currency;
            return Err(OpenBillError::OtherValue { reference: reference(), currency });
        }
        (Some(value), _) => value,
        (None, Some(rate)) => rules::at_rate(open.minor, open.currency, rate.clone()?, known.home)?,
        (None, None) => open.minor,
    };
    if !seen.insert((supplier.id, &asked.reference)) {
        let supplier = supplier.code.clone();
        return Err(OpenBillError::Twice { supplier, reference: reference() });
    }
    let here = known.here.get(&(supplier.id, reference())).map_or(&[][..], Vec::as_slice);
    // Bills of an opening that was taken back come to nothing together.
    if here.iter().map(|bill| i128::from(bill.total)).sum::<i128>() != 0 {
        let (supplier, number) = (supplier.code.clone(), here[0].number.clone());
        return Err(OpenBillError::AlreadyHere { supplier, reference: reference(), number });
    }
    Ok(Owed {
        asked,
        supplier,
        value,
        price: Price::of(open.minor.abs(), Quantity::ONE, open.currency, Rounding::HalfUp)?,
        due_on: asked.due_on.or(asked.billed_on.plus(supplier.payment_days).ok()),
        copy: here.last().map_or(0, |last| last.copy + 1),
    })
}

fn record(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: &OpenBills,
    owed: &[Owed<'_>],
) -> Result<BillsOpened, OpenBillsError> {
    let books = accounting::open_books(tx, ctx, Area::All, request.opened_on)?;
    let ids = owed.iter().map(|_| tx.id()).collect::<Result<Vec<BillId>, _>>()?;
    let lines =
        ids.iter().zip(owed).flat_map(|(id, owed)| lines(*id, owed, ctx.currency)).collect();
    let entry =
        Entry::of_opening(request.opening_id, request.opened_on, "open bills of suppliers", lines);
    let entries = accounting::post(tx, ctx, &books, vec![entry])?;
    let entry_id = entries.first().copied().unwrap_or_else(accounting::no_entry);
    let mut bills = Vec::with_capacity(owed.len());
    for (id, owed) in ids.iter().zip(owed) {
        let total = owed.asked.open.minor;
        let kind = if total < 0 { BillKind::CreditNote } else { BillKind::Bill };
        let number = tx.number(ctx.company_id, kind.series())?;
        let detail = serde_json::json!({ "bill": number, "total": total, "value": owed.value });
        ctx.audit(tx, OPEN, "bill", id.raw(), detail.clone());
        ctx.fact(tx, "bill", id.raw(), 1, "purchasing.bill_opened", detail);
        let bill = NewBill {
            id: *id,
            kind,
            number,
            client_ref: String::new(),
            partner_id: owed.supplier.id,
            reference: owed.asked.reference.clone(),
            copy: owed.copy,
            currency: owed.asked.open.currency,
            billed_on: owed.asked.billed_on,
            posted_on: books.posted_on(),
            due_on: owed.due_on,
            net: total,
            tax: 0,
            total,
            total_home: owed.value,
            state: BillState::Matched,
            entry_id,
            note: String::new(),
        };
        bills.push((bill, owed.price));
    }
    tables::insert_balances(tx, ctx, &bills, DESCRIPTION)?;
    Ok(BillsOpened { ids, entry_id })
}

/// What is owed, against the opening difference.
fn lines(id: BillId, owed: &Owed<'_>, home: Currency) -> [EntryLine; 2] {
    let key = OpenKey::new("bill", id.raw()).with(owed.supplier.id);
    let open = owed.asked.open;
    let mut payable =
        rules::open_line(Role::Payable, key, -owed.value, -open.minor, open.currency, home);
    payable.due_on = owed.due_on;
    [payable, EntryLine::new(Role::OpeningDifference, owed.value)]
}
