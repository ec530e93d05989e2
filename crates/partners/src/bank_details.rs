//! `change_bank_details`, `confirm_bank_details`: the account that a partner is paid on.
//!
//! For suppliers it takes two people, unless the company's policy says otherwise: one asks, another
//! confirms, and until then the old account holds. Every change is kept; readers see the ends of both
//! accounts.

use std::collections::{BTreeSet, HashMap};

use base::{
    BadCursor, BankChangeId, Id, Page, Paging, PartnerId, Problem, Rule, TextError, Timestamp,
    UserId,
};
use identity::{
    Agreed, ApprovalError, ApprovalKind, Ctx, Decide, Denied, FactKind, NamedFact, Otherwise,
    RequestApproval, Verdict,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Row, Rows, StoreError, Tx, params};
use utoipa::ToSchema;

use crate::amend_partner::{AmendPartnerError, seen};
use crate::model::Partner;
use crate::permissions::{CHANGE_BANK, READ};
pub use crate::words::BankChangeState;
use crate::{rules, tables};

/// Bank details, as approvals know them.
pub static BANK_DETAILS: ApprovalKind = ApprovalKind {
    name: "bank_details",
    permission: CHANGE_BANK,
    another: true,
    facts: &[
        FactKind { name: "side", number: false, about: "supplier, customer" },
        FactKind { name: "supplier_category", number: false, about: "the supplier's category" },
        FactKind { name: "first", number: false, about: "yes when there was no account before" },
    ],
};

/// The account that a partner is to be paid on.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeBankDetails {
    /// The partner.
    pub partner_id: PartnerId,
    /// The revision that the caller has seen.
    pub revision: i64,
    /// The IBAN, with or without blanks; empty for none.
    pub bank_account: String,
}

/// A second person's yes or no to other bank details.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmBankDetails {
    /// The partner.
    pub partner_id: PartnerId,
    /// The number of the change that was looked at.
    pub number: i64,
    /// Yes or no.
    pub verdict: Verdict,
    /// Why; a refusal needs it.
    #[serde(default)]
    pub reason: String,
}

/// Bank details as they stand after a change was asked for or decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BankDetailsChanged {
    /// The partner.
    pub partner_id: PartnerId,
    /// Its revision now; the same as before while the old details hold.
    pub revision: i64,
    /// The number of the change; 0 when there was nothing to change.
    pub number: i64,
    /// Whether the change waits for a second person; until then the old details hold.
    pub waits: bool,
}

/// Why bank details were not changed, in order of precedence.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum BankDetailsError {
    /// The caller may not, the partner is not there, or it changed.
    #[error(transparent)]
    Partner(#[from] AmendPartnerError),
    /// The account's check digits are wrong.
    #[error(
        "the bank account is no IBAN with right check digits; write one such as GB82 WEST 1234 5698 7654 32"
    )]
    BankAccount,
    /// Nothing waits.
    #[error("no other bank details of {code} wait for anybody")]
    NothingWaits {
        /// The partner.
        code: String,
    },
    /// The change could not be asked for or decided.
    #[error(transparent)]
    Approval(#[from] ApprovalError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Denied> for BankDetailsError {
    fn from(error: Denied) -> Self {
        AmendPartnerError::from(error).into()
    }
}

impl From<TextError> for BankDetailsError {
    fn from(error: TextError) -> Self {
        ApprovalError::from(error).into()
    }
}

impl Rule for BankDetailsError {
    fn problem(&self) -> Problem {
        match self {
            BankDetailsError::Partner(error) => error.problem(),
            BankDetailsError::Approval(error) => error.problem(),
            BankDetailsError::Store(error) => error.problem(),
            BankDetailsError::BankAccount => {
                Problem::refused("bank_account_invalid", self.to_string())
                    .with_field("bank_account")
            }
            BankDetailsError::NothingWaits { .. } => {
                Problem::new(base::ProblemKind::Conflict, "nothing_waits", self.to_string())
            }
        }
    }
}

/// Changes the account that a partner is paid on, or asks a second person to confirm it. What waited
/// before is replaced.
///
/// # Errors
/// See [`BankDetailsError`].
pub fn change_bank_details(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: ChangeBankDetails,
) -> Result<BankDetailsChanged, BankDetailsError> {
    ctx.require(CHANGE_BANK)?;
    let account = rules::iban(&request.bank_account).ok_or(BankDetailsError::BankAccount)?;
    let partner = seen(tx, ctx, request.partner_id, request.revision)?;
    let (partner_id, revision) = (partner.id, partner.revision);
    if partner.bank_account == account {
        // Whoever asks for the account that holds takes back what waits.
        identity::void_waiting(tx, ctx, &BANK_DETAILS, partner_id.raw())?;
        end(tx, ctx, partner_id, BankChangeState::Replaced, "")?;
        return Ok(BankDetailsChanged { partner_id, revision, number: 0, waits: false });
    }
    let last = tx.query(&tables::LAST_BANK_CHANGE, params![ctx.company_id, partner_id])?;
    let number = last.first().map_or(Ok(0), |row| row.get::<i64>(0))? + 1;
    identity::void_waiting(tx, ctx, &BANK_DETAILS, partner_id.raw())?;
    end(tx, ctx, partner_id, BankChangeState::Replaced, "")?;
    let waits = ask(tx, ctx, &partner, &account, number)?;
    let id: BankChangeId = tx.id()?;
    let state = if waits { BankChangeState::Waiting } else { BankChangeState::InForce };
    let nobody = (0_i64, if waits { 0 } else { ctx.at.micros() });
    tx.write(
        &tables::INSERT_BANK_CHANGE,
        params![
            ctx.company_id,
            id,
            partner_id,
            number,
            partner.bank_account,
            account,
            state,
            ctx.user_id,
            ctx.at,
            nobody.0,
            nobody.1
        ],
    )?;
    let detail = json!({
        "before": rules::masked(&partner.bank_account), "after": rules::masked(&account),
        "number": number, "waits": waits,
    });
    ctx.audit(tx, CHANGE_BANK, "partner", partner_id.raw(), detail);
    let payload = json!({ "code": partner.code, "partner_id": partner_id });
    if waits {
        ctx.fact(tx, "bank_change", id.raw(), 1, "partners.bank_details_asked", payload);
        return Ok(BankDetailsChanged { partner_id, revision, number, waits });
    }
    hold(tx, ctx, &partner, &account)?;
    Ok(BankDetailsChanged { partner_id, revision: revision + 1, number, waits })
}

/// Confirms or refuses other bank details: another person than who asked. Confirmed, they hold at once.
///
/// # Errors
/// See [`BankDetailsError`].
pub fn confirm_bank_details(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: ConfirmBankDetails,
) -> Result<BankDetailsChanged, BankDetailsError> {
    let ConfirmBankDetails { partner_id, number, verdict, reason } = request;
    let partner = tables::lock_partners(tx, ctx.company_id, &[partner_id])?
        .remove(&partner_id)
        .ok_or(AmendPartnerError::NotFound { partner_id })?;
    let change = waiting(tx, ctx, &[partner_id])?.remove(&partner_id);
    let nothing = || BankDetailsError::NothingWaits { code: partner.code.clone() };
    let change = change.ok_or_else(nothing)?;
    let subject_id = partner_id.raw();
    let told = reason.clone();
    let decision = Decide { kind: &BANK_DETAILS, subject_id, revision: number, verdict, reason };
    let agreed = identity::decide(tx, ctx, decision)?.agreed;
    let revision = partner.revision;
    if agreed == Agreed::NotYet {
        return Ok(BankDetailsChanged { partner_id, revision, number, waits: true });
    }
    let yes = agreed == Agreed::Yes;
    let state = if yes { BankChangeState::InForce } else { BankChangeState::Refused };
    end(tx, ctx, partner_id, state, &told)?;
    let detail = json!({
        "before": rules::masked(&change.before), "after": rules::masked(&change.after),
        "number": number, "confirmed": yes, "asked_by": change.requested_by, "reason": told,
    });
    ctx.audit(tx, CHANGE_BANK, "partner", subject_id, detail);
    let payload = json!({ "code": partner.code, "partner_id": partner_id, "confirmed": yes });
    ctx.fact(tx, "bank_change", change.id.raw(), 2, "partners.bank_details_decided", payload);
    if !yes {
        return Ok(BankDetailsChanged { partner_id, revision, number, waits: false });
    }
    hold(tx, ctx, &partner, &change.after)?;
    Ok(BankDetailsChanged { partner_id, revision: revision + 1, number, waits: false })
}

/// Whether a second person has to confirm: who is then asked.
fn ask(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    partner: &Partner,
    account: &str,
    number: i64,
) -> Result<bool, BankDetailsError> {
    // Of every partner: whoever may amend one makes a customer of a supplier and a supplier of a
    // customer, and would else come to an account that nobody confirmed.
    let two = identity::policies(tx, ctx.company_id)?.is("bank_details", "two_people");
    let always = two.then(|| "because bank details take two people".to_owned());
    let mut named = Vec::new();
    let side = if partner.supplier { "supplier" } else { "customer" };
    named.push(NamedFact::word("side", side, format!("{} is a {side}", partner.code)));
    if !partner.category.is_empty() {
        let told = format!("{} is of category {}", partner.code, partner.category);
        named.push(NamedFact::word("supplier_category", &partner.category, told));
    }
    if partner.bank_account.is_empty() {
        let told = format!("{} had no account before", partner.code);
        named.push(NamedFact::word("first", "yes", told));
    }
    let request = RequestApproval {
        kind: &BANK_DETAILS,
        subject_id: partner.id.raw(),
        number: partner.code.clone(),
        revision: number,
        facts: json!({
            "partner": partner.code, "name": partner.name,
            "before": rules::masked(&partner.bank_account), "after": rules::masked(account),
        }),
        named,
        amount: 0,
        otherwise: Otherwise { always, without_rules: None },
    };
    Ok(identity::request_approval(tx, ctx, request)?.is_some())
}

/// Puts an account in force.
fn hold(tx: &mut Tx<'_>, ctx: &Ctx, partner: &Partner, account: &str) -> Result<(), StoreError> {
    tx.write_exactly(
        1,
        &tables::UPDATE_BANK_ACCOUNT,
        params![ctx.company_id, partner.id, partner.revision, account, ctx.at],
    )?;
    let (id, revision) = (partner.id.raw(), partner.revision + 1);
    let payload = json!({ "code": partner.code });
    ctx.fact(tx, "partner", id, revision, "partners.bank_details_changed", payload);
    Ok(())
}

/// Ends what waits for a partner, if anything does.
fn end(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    partner_id: PartnerId,
    state: BankChangeState,
    reason: &str,
) -> Result<(), StoreError> {
    let params = params![ctx.company_id, partner_id, state, ctx.user_id, ctx.at, reason];
    tx.write(&tables::END_BANK_CHANGE, params)
}

/// Other bank details, whole.
#[derive(Debug, Clone)]
pub(crate) struct BankChange {
    id: BankChangeId,
    partner_id: PartnerId,
    code: String,
    name: String,
    number: i64,
    before: String,
    after: String,
    state: BankChangeState,
    requested_by: UserId,
    requested_name: String,
    requested_at: Timestamp,
    decided_by: UserId,
    decided_name: String,
    decided_at: Timestamp,
    reason: String,
}

/// Other bank details of a partner, asked for or in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BankChangeRow {
    /// The change.
    pub bank_change_id: BankChangeId,
    /// The partner.
    pub partner_id: PartnerId,
    /// Its number.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Which of the partner's changes it is.
    pub number: i64,
    /// The end of the account before; empty for none.
    pub before: String,
    /// The end of the new account; whole for those who may confirm it, while it waits.
    pub after: String,
    /// What became of it.
    pub state: BankChangeState,
    /// Who asked.
    pub requested_by: UserId,
    /// That name.
    pub requested_by_name: String,
    /// When.
    pub requested_at: Timestamp,
    /// Who decided; none while it waits and when nobody had to.
    pub decided_by: Option<UserId>,
    /// That name; empty without one.
    pub decided_by_name: String,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
    /// Why so.
    pub reason: String,
}

impl BankChange {
    /// As those see it who may confirm it.
    pub(crate) fn whole(self) -> BankChangeRow {
        let after = self.after.clone();
        BankChangeRow { after, ..self.masked() }
    }

    /// As everybody else sees it.
    pub(crate) fn masked(self) -> BankChangeRow {
        BankChangeRow {
            bank_change_id: self.id,
            partner_id: self.partner_id,
            code: self.code,
            name: self.name,
            number: self.number,
            before: rules::masked(&self.before),
            after: rules::masked(&self.after),
            state: self.state,
            requested_by: self.requested_by,
            requested_by_name: self.requested_name,
            requested_at: self.requested_at,
            decided_by: (self.decided_by.raw() != 0).then_some(self.decided_by),
            decided_by_name: self.decided_name,
            decided_at: (self.decided_at.micros() != 0).then_some(self.decided_at),
            reason: self.reason,
        }
    }
}

fn change_of(row: &Row) -> Result<BankChange, StoreError> {
    Ok(BankChange {
        id: row.get(0)?,
        partner_id: row.get(1)?,
        code: row.get(2)?,
        name: row.get(3)?,
        number: row.get(4)?,
        before: row.get(5)?,
        after: row.get(6)?,
        state: row.get(7)?,
        requested_by: row.get(8)?,
        requested_name: row.get(9)?,
        requested_at: row.get(10)?,
        decided_by: row.get(11)?,
        decided_name: row.get(12)?,
        decided_at: row.get(13)?,
        reason: row.get(14)?,
    })
}

/// What waits for partners, in one statement.
pub(crate) fn waiting(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    partners: &[PartnerId],
) -> Result<HashMap<PartnerId, BankChange>, StoreError> {
    let params = params![ctx.company_id; Rows::column(partners)];
    let rows = tx.query(&tables::BANK_CHANGES_WAITING, params)?;
    rows.iter().map(|row| change_of(row).map(|change| (change.partner_id, change))).collect()
}

/// The partners for whom other bank details wait, for whoever is about to pay them.
///
/// # Errors
/// Those of the store.
pub fn bank_details_wait(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<BTreeSet<PartnerId>, StoreError> {
    let rows = tx.query(&tables::PARTNERS_WAITING, params![ctx.company_id])?;
    rows.iter().map(|row| row.get(0)).collect()
}

/// Which changes of bank details.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BankChangeFilter {
    /// Only of this partner.
    pub partner_id: Option<PartnerId>,
    /// Only those of which this became.
    pub state: Option<BankChangeState>,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// How many rows, 1 to 200.
    pub limit: Option<i64>,
}

/// Why changes were not listed, in order of precedence.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum BankChangeListError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The cursor is not one of this list.
    #[error(transparent)]
    Cursor(#[from] BadCursor),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for BankChangeListError {
    fn problem(&self) -> Problem {
        match self {
            BankChangeListError::Denied(error) => error.problem(),
            BankChangeListError::Cursor(error) => error.problem(),
            BankChangeListError::Store(error) => error.problem(),
        }
    }
}

/// Changes of bank details, the newest first, with the ends of both accounts.
///
/// # Errors
/// [`BankChangeListError`].
pub fn list_bank_changes(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: BankChangeFilter,
) -> Result<Page<BankChangeRow>, BankChangeListError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (at, id): (i64, i64) = paging.after((i64::MAX, i64::MAX))?;
    let partner = filter.partner_id.map_or(0, Id::raw);
    let state = filter.state.map_or("", BankChangeState::word);
    let params = params![ctx.company_id, partner, state, at, id, paging.limit()];
    let rows = tx.query(&tables::BANK_CHANGES, params)?;
    let lines = rows.iter().map(|row| change_of(row).map(BankChange::masked));
    let lines = lines.collect::<Result<Vec<_>, StoreError>>()?;
    Ok(paging.page(lines, |line| (line.requested_at.micros(), line.bank_change_id.raw())))
}
