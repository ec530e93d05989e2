//! Open lines of the books, and what payments were for, with what they are called: the document's number
//! and the partner's name. `accounting` and `payments` know open lines by kind and id alone.

use crate::tables;
use accounting::{OpenItemFilter, Role};
use base::{AccountId, Day, Money, Page, PartnerId, PaymentId, Timestamp, UserId};
use identity::{Ctx, ReportError};
use payments::{OpenRef, PaymentDetail, PaymentRow, ReadError};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use store::{Rows, StoreError, Tx, params, row};
use utoipa::ToSchema;

/// Which open lines to list.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OpenDocumentFilter {
    /// Only of the account of this role, such as `payable` or `receivable`.
    pub role: Option<Role>,
    /// Only with this partner, by code.
    pub partner: Option<String>,
    /// Only with this partner.
    pub partner_id: Option<PartnerId>,
    /// Only of this kind, such as `bill`.
    pub kind: Option<String>,
    /// Only due on this day or before.
    pub due_through: Option<Day>,
    /// Only what should have an owner and a reason before the books are locked through this day, and
    /// has none.
    pub unowned_through: Option<Day>,
    /// Also those that are settled.
    pub settled: bool,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// An open line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OpenDocument {
    /// The account.
    pub account_id: AccountId,
    /// The account's code.
    pub code: String,
    /// What the account is for.
    pub role: Option<Role>,
    /// The kind of what is open.
    pub kind: String,
    /// Its id.
    pub source_id: i64,
    /// Its number, of a channel its name; empty when it has none.
    pub number: String,
    /// What the other side calls it: the supplier's number of a bill, the channel's of an order.
    pub reference: String,
    /// Whom it is open with.
    pub partner_id: Option<PartnerId>,
    /// The partner's code; empty for none.
    pub partner: String,
    /// The partner's name; empty for none.
    pub partner_name: String,
    /// When it is due.
    pub due_on: Option<Day>,
    /// The books' day on which it was opened.
    pub opened_on: Day,
    /// What is open, debit positive.
    pub amount: Money,
    /// The same in the currency it was agreed in.
    pub agreed: Money,
    /// The name of who looks after it.
    pub owner: Option<String>,
    /// Why it is still open.
    pub reason: Option<String>,
}

/// Open lines with what they are called, by account, kind and id: what a payment may settle.
///
/// # Errors
/// [`ReportError`].
pub fn open_documents(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: OpenDocumentFilter,
) -> Result<Page<OpenDocument>, ReportError> {
    ctx.require(accounting::VIEW)?;
    let mut asked = OpenItemFilter {
        role: filter.role,
        partner_id: filter.partner_id,
        kind: filter.kind,
        due_through: filter.due_through,
        unowned_through: filter.unowned_through,
        settled: filter.settled,
        cursor: filter.cursor,
        limit: filter.limit,
        ..OpenItemFilter::default()
    };
    if let Some(code) = &filter.partner {
        let known = partners::partners_by_code(tx, ctx.company_id, std::slice::from_ref(code))?;
        let other = |id: PartnerId| filter.partner_id.is_some_and(|asked| asked != id);
        let Some(partner) = known.get(code).filter(|partner| !other(partner.id)) else {
            return Ok(Page { lines: Vec::new(), next_cursor: None });
        };
        asked.partner_id = Some(partner.id);
    }
    let page = accounting::open_items(tx, ctx, asked).map_err(refused)?;
    let names = names(tx, ctx, page.lines.iter().map(|line| (line.kind.as_str(), line.source_id)))?;
    let with: BTreeSet<PartnerId> = page.lines.iter().filter_map(|line| line.partner_id).collect();
    let with: Vec<PartnerId> = with.into_iter().collect();
    let partners = partners::partners_by_id(tx, ctx.company_id, &with)?;
    let lines = page.lines.into_iter().map(|line| {
        let partner = line.partner_id.and_then(|id| partners.get(&id));
        let name = names.get(&(line.kind.clone(), line.source_id)).cloned();
        let (number, reference) = name.unwrap_or_default();
        OpenDocument {
            account_id: line.account_id,
            code: line.code,
            role: line.role,
            kind: line.kind,
            source_id: line.source_id,
            number,
            reference,
            partner_id: line.partner_id,
            partner: partner.map(|known| known.code.clone()).unwrap_or_default(),
            partner_name: partner.map(|known| known.name.clone()).unwrap_or_default(),
            due_on: line.due_on,
            opened_on: line.opened_on,
            amount: line.amount,
            agreed: line.agreed,
            owner: line.owner,
            reason: line.reason,
        }
    });
    Ok(Page { lines: lines.collect(), next_cursor: page.next_cursor })
}

/// A payment with what it was for, told by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PaymentShown {
    /// The payment.
    pub payment: PaymentRow,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// By whom.
    pub user_id: UserId,
    /// What it was for; amounts come to the payment's.
    pub allocations: Vec<NamedAllocation>,
}

/// One thing that a payment was for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NamedAllocation {
    /// The account.
    pub role: Role,
    /// The open line, where the account keeps some.
    pub open: Option<OpenRef>,
    /// The number of the open line's document; empty when it has none.
    pub number: String,
    /// What the other side calls it.
    pub reference: String,
    /// The amount in the payment's currency, positive in the payment's direction.
    pub amount: Money,
    /// The amount in the company's currency: of what was settled, the value it was booked at.
    pub amount_company: Money,
}

/// One payment with the numbers of what it was for.
///
/// # Errors
/// [`ReadError`], in its order.
pub fn payment(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    payment_id: PaymentId,
) -> Result<PaymentShown, ReadError> {
    let PaymentDetail { payment, recorded_at, user_id, allocations } =
        payments::payment(tx, ctx, payment_id)?;
    let open = allocations.iter().filter_map(|part| part.open.as_ref());
    let names = names(tx, ctx, open.map(|open| (open.kind.as_str(), open.id)))?;
    let named = allocations.into_iter().map(|part| {
        let key = part.open.as_ref().map(|open| (open.kind.clone(), open.id));
        let name = key.and_then(|key| names.get(&key).cloned());
        let (number, reference) = name.unwrap_or_default();
        NamedAllocation {
            role: part.role,
            open: part.open,
            number,
            reference,
            amount: part.amount,
            amount_company: part.amount_company,
        }
    });
    let allocations = named.collect();
    Ok(PaymentShown { payment, recorded_at, user_id, allocations })
}

fn refused(error: accounting::ListError) -> ReportError {
    match error {
        accounting::ListError::Denied(denied) => denied.into(),
        accounting::ListError::Cursor(cursor) => cursor.into(),
        accounting::ListError::Day(error) => {
            ReportError::Filter { field: "unowned_through", detail: error.to_string() }
        }
        accounting::ListError::Store(error) => error.into(),
    }
}

/// What documents are called, by kind and id: their own number, and the other side's.
type Names = BTreeMap<(String, i64), (String, String)>;

/// What open lines are called.
fn names<'k>(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    lines: impl Iterator<Item = (&'k str, i64)>,
) -> Result<Names, StoreError> {
    let mut asked = Rows::new(2);
    for (kind, id) in lines.collect::<BTreeSet<_>>() {
        asked.push(row![kind.to_owned(), id]);
    }
    let found = tx.query(&tables::OPEN_NAMES, params![ctx.company_id; asked])?;
    let read = |row: &store::Row| Ok(((row.get(0)?, row.get(1)?), (row.get(2)?, row.get(3)?)));
    found.iter().map(read).collect()
}
