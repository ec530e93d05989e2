//! Changing a partner: its data, its contacts, and whether it is in use.

use base::{Currency, Id, PartnerId, Problem, ProblemKind, Rule, TextError, check_text};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Rows, StoreError, Tx, params, row};
use utoipa::ToSchema;

use crate::model::{Draft, Partner};
use crate::partner::{NewPartner, PartnerError};
use crate::permissions::EDIT;
use crate::views::{AddressRow, ContactRow};
use crate::{Country, CustomerKind, rules, tables};

/// The most contacts, and the most addresses, of a partner.
pub const MAX_CONTACTS: usize = 200;

/// A change of a partner: what is not given stays.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AmendPartner {
    /// The partner.
    pub partner_id: PartnerId,
    /// The revision that the caller has seen.
    pub revision: i64,
    /// Another number.
    #[serde(default)]
    pub code: Option<String>,
    /// Another name.
    #[serde(default)]
    pub name: Option<String>,
    /// Whether it may be bought from.
    #[serde(default)]
    pub supplier: Option<bool>,
    /// Whether it may be sold to.
    #[serde(default)]
    pub customer: Option<bool>,
    /// What it is as a customer.
    #[serde(default)]
    pub customer_kind: Option<CustomerKind>,
    /// Another country.
    #[serde(default)]
    pub country: Option<Country>,
    /// Another currency.
    #[serde(default)]
    pub currency: Option<Currency>,
    /// Another number of days to pay.
    #[serde(default)]
    pub payment_days: Option<i64>,
    /// Another e-mail address; empty for none.
    #[serde(default)]
    pub email: Option<String>,
    /// Another tax number; empty for none.
    #[serde(default)]
    pub tax_number: Option<String>,
    /// Another language; empty for the company's.
    #[serde(default)]
    pub language: Option<String>,
    /// Another category; empty for none.
    #[serde(default)]
    pub category: Option<String>,
}

impl AmendPartner {
    /// A change of nothing yet, of this partner as seen at this revision.
    #[must_use]
    pub fn new(partner_id: PartnerId, revision: i64) -> AmendPartner {
        AmendPartner {
            partner_id,
            revision,
            code: None,
            name: None,
            supplier: None,
            customer: None,
            customer_kind: None,
            country: None,
            currency: None,
            payment_days: None,
            email: None,
            tax_number: None,
            language: None,
            category: None,
        }
    }

    fn onto(self, partner: &Partner) -> NewPartner {
        let was = NewPartner::of(partner);
        NewPartner {
            code: self.code.unwrap_or(was.code),
            name: self.name.unwrap_or(was.name),
            supplier: self.supplier.unwrap_or(was.supplier),
            customer: self.customer.unwrap_or(was.customer),
            customer_kind: self.customer_kind.unwrap_or(was.customer_kind),
            country: self.country.unwrap_or(was.country),
            currency: self.currency.or(was.currency),
            payment_days: self.payment_days.unwrap_or(was.payment_days),
            email: self.email.unwrap_or(was.email),
            tax_number: self.tax_number.unwrap_or(was.tax_number),
            language: self.language.unwrap_or(was.language),
            category: self.category.unwrap_or(was.category),
        }
    }
}

/// Taking a partner out of use, or back into it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RetirePartner {
    /// The partner.
    pub partner_id: PartnerId,
    /// The revision that the caller has seen.
    pub revision: i64,
}

/// All contacts and addresses of a partner; they take the place of those it had.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetContacts {
    /// The partner.
    pub partner_id: PartnerId,
    /// The revision that the caller has seen.
    pub revision: i64,
    /// Its contacts, at most 200.
    pub contacts: Vec<ContactRow>,
    /// Its addresses, at most 200.
    pub addresses: Vec<AddressRow>,
}

/// A partner after a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PartnerChanged {
    /// The partner.
    pub partner_id: PartnerId,
    /// Its revision now; the same as before when there was nothing to change.
    pub revision: i64,
}

/// Why a partner was not changed.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum AmendPartnerError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The company has no such partner.
    #[error("there is no partner {partner_id}")]
    NotFound {
        /// The partner asked for.
        partner_id: PartnerId,
    },
    /// Somebody changed it meanwhile.
    #[error("{code} is at revision {found}, not {seen}; look at it again and repeat the change")]
    Stale {
        /// The partner.
        code: String,
        /// The revision that the caller has seen.
        seen: i64,
        /// The revision it has.
        found: i64,
    },
    /// The partner would not be sound.
    #[error(transparent)]
    Partner(#[from] PartnerError),
    /// There are too many contacts or addresses.
    #[error("{got} {of}; a partner has at most {max}")]
    TooMany {
        /// Contacts or addresses.
        of: &'static str,
        /// The most allowed.
        max: usize,
        /// The number asked for.
        got: usize,
    },
    /// A contact or address is not sound.
    #[error("{of} {line}: {error}")]
    Line {
        /// Contact or address.
        of: &'static str,
        /// Its position, from 1.
        line: u32,
        /// What is wrong with it.
        error: PartnerError,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for AmendPartnerError {
    fn problem(&self) -> Problem {
        match self {
            AmendPartnerError::Denied(error) => error.problem(),
            AmendPartnerError::NotFound { .. } => {
                Problem::not_found("partner_not_found", self.to_string())
            }
            AmendPartnerError::Stale { .. } => {
                Problem::new(ProblemKind::Conflict, "partner_changed", self.to_string())
            }
            AmendPartnerError::Partner(error) => error.problem(),
            AmendPartnerError::TooMany { .. } => {
                Problem::invalid("too_many_contacts", self.to_string())
            }
            AmendPartnerError::Line { line, error, .. } => error.problem().with_line(*line),
            AmendPartnerError::Store(error) => error.problem(),
        }
    }
}

/// Changes a partner.
///
/// # Errors
/// See [`AmendPartnerError`].
pub fn amend_partner(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: AmendPartner,
) -> Result<PartnerChanged, AmendPartnerError> {
    ctx.require(EDIT)?;
    let partner = seen(tx, ctx, request.partner_id, request.revision)?;
    let draft = rules::draft(&request.onto(&partner), partner.active, ctx.currency)?;
    if draft.code != partner.code
        && !tables::partners_by_code(tx, ctx.company_id, &[&draft.code])?.is_empty()
    {
        return Err(PartnerError::CodeTaken { code: draft.code }.into());
    }
    record(tx, ctx, &partner, &draft, "partners.partner_amended")
}

/// Takes a partner out of use: it stays in every document, but new documents refuse it.
///
/// # Errors
/// See [`AmendPartnerError`].
pub fn retire_partner(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: RetirePartner,
) -> Result<PartnerChanged, AmendPartnerError> {
    set_active(tx, ctx, &request, false, "partners.partner_retired")
}

/// Takes a retired partner into use again.
///
/// # Errors
/// See [`AmendPartnerError`].
pub fn restore_partner(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: RetirePartner,
) -> Result<PartnerChanged, AmendPartnerError> {
    set_active(tx, ctx, &request, true, "partners.partner_restored")
}

/// Says who is to be talked to and where things go.
///
/// # Errors
/// See [`AmendPartnerError`].
pub fn set_contacts(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: SetContacts,
) -> Result<PartnerChanged, AmendPartnerError> {
    ctx.require(EDIT)?;
    let SetContacts { partner_id, revision, contacts, addresses } = request;
    for (of, got) in [("contacts", contacts.len()), ("addresses", addresses.len())] {
        if got > MAX_CONTACTS {
            return Err(AmendPartnerError::TooMany { of, max: MAX_CONTACTS, got });
        }
    }
    let mut contact_rows = Rows::new(5);
    for (line, found) in (1_u32..).zip(&contacts) {
        check_contact(found).map_err(|error| AmendPartnerError::Line {
            of: "contact",
            line,
            error,
        })?;
        contact_rows.push(row![line, found.name, found.job, found.email, found.phone]);
    }
    let mut address_rows = Rows::new(8);
    for (line, found) in (1_u32..).zip(&addresses) {
        check_address(found).map_err(|error| AmendPartnerError::Line {
            of: "address",
            line,
            error: error.into(),
        })?;
        let AddressRow { kind, name, street, city, region, postcode, country } = found;
        address_rows.push(row![line, kind, name, street, city, region, postcode, country]);
    }
    let partner = seen(tx, ctx, partner_id, revision)?;
    let company_id = ctx.company_id;
    tx.write(&tables::DELETE_CONTACTS, params![company_id, partner_id])?;
    tx.write(&tables::DELETE_ADDRESSES, params![company_id, partner_id])?;
    tx.write(&tables::INSERT_CONTACTS, params![company_id, partner_id; contact_rows])?;
    tx.write(&tables::INSERT_ADDRESSES, params![company_id, partner_id; address_rows])?;
    tables::touch_partner(tx, company_id, partner_id, partner.revision, ctx.at)?;
    let (id, revision) = (partner_id.raw(), partner.revision + 1);
    let payload = json!({ "code": partner.code });
    ctx.fact(tx, "partner", id, revision, "partners.contacts_set", payload);
    let detail = json!({ "contacts": contacts, "addresses": addresses });
    ctx.audit(tx, EDIT, "partner", id, detail);
    Ok(PartnerChanged { partner_id, revision })
}

fn check_contact(contact: &ContactRow) -> Result<(), PartnerError> {
    rules::check_name("name", &contact.name)?;
    check_text("job", &contact.job, rules::NAME_LENGTH)?;
    check_text("phone", &contact.phone, 64)?;
    rules::check_email(&contact.email)
}

fn check_address(address: &AddressRow) -> Result<(), TextError> {
    check_text("name", &address.name, rules::NAME_LENGTH)?;
    check_text("street", &address.street, rules::NAME_LENGTH)?;
    rules::check_name("city", &address.city)?;
    check_text("region", &address.region, rules::NAME_LENGTH)?;
    check_text("postcode", &address.postcode, 32)
}

fn set_active(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: &RetirePartner,
    active: bool,
    fact: &'static str,
) -> Result<PartnerChanged, AmendPartnerError> {
    ctx.require(EDIT)?;
    let partner = seen(tx, ctx, request.partner_id, request.revision)?;
    let draft = Draft { active, ..Draft::of(&partner) };
    record(tx, ctx, &partner, &draft, fact)
}

/// The partner, locked, if it is still as the caller has seen it.
pub(crate) fn seen(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    partner_id: PartnerId,
    revision: i64,
) -> Result<Partner, AmendPartnerError> {
    let partner = tables::lock_partners(tx, ctx.company_id, &[partner_id])?
        .remove(&partner_id)
        .ok_or(AmendPartnerError::NotFound { partner_id })?;
    let (code, found) = (&partner.code, partner.revision);
    if found == revision {
        return Ok(partner);
    }
    Err(AmendPartnerError::Stale { code: code.clone(), seen: revision, found })
}

fn record(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    partner: &Partner,
    draft: &Draft,
    fact: &'static str,
) -> Result<PartnerChanged, AmendPartnerError> {
    let before = Draft::of(partner);
    if before == *draft {
        return Ok(PartnerChanged { partner_id: partner.id, revision: partner.revision });
    }
    let changed = [(partner.id, partner.revision, [&before, draft])];
    tables::update_partners(tx, ctx.company_id, ctx.at, changed)?;
    let (id, revision) = (partner.id.raw(), partner.revision + 1);
    ctx.fact(tx, "partner", id, revision, fact, json!({ "code": draft.code }));
    let detail = json!({ "fields": before.changes(draft) });
    ctx.audit(tx, EDIT, "partner", id, detail);
    Ok(PartnerChanged { partner_id: partner.id, revision })
}
