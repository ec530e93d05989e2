//! What readers get: rows of lists, details, and the doors to them.

use base::{Currency, Id, PartnerId, Problem, Rule};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx, Value};
use utoipa::ToSchema;

use crate::bank_details::{self, BankChange, BankChangeRow};
use crate::model::Partner;
use crate::permissions::{CHANGE_BANK, READ};
use crate::{AddressKind, Country, CustomerKind, rules, tables};

/// The most rows of a page.
pub const MAX_PAGE: u32 = 200;
/// The longest text that is searched for, in characters.
const MAX_SEARCH: usize = 100;

/// Which partners to list.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ListPartners {
    /// Parts of words of the code, name or e-mail address, in any order and capitals, with or without
    /// accents; empty for all.
    pub text: String,
    /// Whether they are suppliers; nothing for all.
    pub supplier: Option<bool>,
    /// Whether they are customers; nothing for all.
    pub customer: Option<bool>,
    /// Where they reside; nothing for all.
    pub country: Option<Country>,
    /// Whether they are in use; nothing for all.
    pub active: Option<bool>,
    /// Of which category; nothing for all.
    pub category: Option<String>,
    /// Whether other bank details wait for a second person; nothing for all.
    pub bank_details_wait: Option<bool>,
    /// In which order.
    pub sort: PartnerSort,
    /// The `next` of the page before; empty for the first page.
    pub after: String,
    /// How many rows, 1 to 200.
    pub limit: u32,
}

impl Default for ListPartners {
    fn default() -> ListPartners {
        ListPartners {
            text: String::new(),
            supplier: None,
            customer: None,
            country: None,
            active: None,
            category: None,
            bank_details_wait: None,
            sort: PartnerSort::Code,
            after: String::new(),
            limit: 50,
        }
    }
}

/// The order of a list of partners.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PartnerSort {
    /// By code.
    #[default]
    Code,
    /// By name.
    Name,
}

/// A page of partners.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PartnerPage {
    /// The partners.
    pub partners: Vec<PartnerRow>,
    /// Where the next page begins; nothing at the end.
    pub next: Option<String>,
}

/// A partner in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PartnerRow {
    /// Its id.
    pub partner_id: PartnerId,
    /// Its number.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Whether it may be bought from.
    pub supplier: bool,
    /// Whether it may be sold to.
    pub customer: bool,
    /// What it is as a customer.
    pub customer_kind: CustomerKind,
    /// Where it resides.
    pub country: Country,
    /// The currency it deals in.
    pub currency: Currency,
    /// How many days after its date an invoice or bill is due.
    pub payment_days: i64,
    /// Where documents are sent; empty for none.
    pub email: String,
    /// Its tax number; empty for none.
    pub tax_number: String,
    /// The language of its documents; empty for the company's.
    pub language: String,
    /// What sort of supplier or customer it is; empty for none.
    pub category: String,
    /// Whether it may be used in new documents.
    pub active: bool,
    /// Whether other bank details wait for a second person; until then the old ones hold.
    pub bank_details_wait: bool,
    /// Its revision.
    pub revision: i64,
}

impl PartnerRow {
    fn of(partner: &Partner, bank_details_wait: bool) -> PartnerRow {
        PartnerRow {
            partner_id: partner.id,
            code: partner.code.clone(),
            name: partner.name.clone(),
            supplier: partner.supplier,
            customer: partner.customer,
            customer_kind: partner.customer_kind,
            country: partner.country,
            currency: partner.currency,
            payment_days: partner.payment_days,
            email: partner.email.clone(),
            tax_number: partner.tax_number.clone(),
            language: partner.language.clone(),
            category: partner.category.clone(),
            active: partner.active,
            bank_details_wait,
            revision: partner.revision,
        }
    }
}

/// A partner with all that belongs to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PartnerDetail {
    /// The partner.
    pub partner: PartnerRow,
    /// Its IBAN, or only the end of it for those who may not change it; empty for none.
    pub bank_account: String,
    /// Other bank details that wait for a second person: the new account whole for those who may
    /// confirm it.
    pub bank_change: Option<BankChangeRow>,
    /// Who is to be talked to.
    pub contacts: Vec<ContactRow>,
    /// Where things go.
    pub addresses: Vec<AddressRow>,
}

/// A person at a partner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactRow {
    /// The person's name, 1 to 200 characters.
    pub name: String,
    /// What the person does there; empty when not known.
    #[serde(default)]
    pub job: String,
    /// The person's e-mail address; empty when not known.
    #[serde(default)]
    pub email: String,
    /// The person's telephone number; empty when not known.
    #[serde(default)]
    pub phone: String,
}

/// An address of a partner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddressRow {
    /// What it is for.
    pub kind: AddressKind,
    /// Who is there; empty for the partner itself.
    #[serde(default)]
    pub name: String,
    /// Street and number.
    #[serde(default)]
    pub street: String,
    /// City, 1 to 200 characters.
    pub city: String,
    /// State, county or province; empty for none.
    #[serde(default)]
    pub region: String,
    /// Postcode; empty for none.
    #[serde(default)]
    pub postcode: String,
    /// Country.
    pub country: Country,
}

/// Why nothing is shown.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum ReadError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The company has no such partner.
    #[error("there is no partner {partner_id}")]
    NotFound {
        /// The partner asked for.
        partner_id: PartnerId,
    },
    /// The page is empty or too long.
    #[error("a page of {got} rows; give 1 to {max}")]
    Limit {
        /// The rows asked for.
        got: u32,
        /// The most allowed.
        max: u32,
    },
    /// The text is too long.
    #[error("{got} characters to look for; give at most {max}")]
    SearchTooLong {
        /// The characters given.
        got: usize,
        /// The most allowed.
        max: usize,
    },
    /// The mark is none that a page gave.
    #[error("`after` is not the `next` of an earlier page; begin with the first page")]
    After,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for ReadError {
    fn problem(&self) -> Problem {
        let code = match self {
            ReadError::Denied(error) => return error.problem(),
            ReadError::Store(error) => return error.problem(),
            ReadError::NotFound { .. } => {
                return Problem::not_found("partner_not_found", self.to_string());
            }
            ReadError::Limit { .. } => "page_limit",
            ReadError::SearchTooLong { .. } => "search_too_long",
            ReadError::After => "after_invalid",
        };
        Problem::invalid(code, self.to_string())
    }
}

/// Lists partners.
///
/// # Errors
/// See [`ReadError`].
pub fn list_partners(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: &ListPartners,
) -> Result<PartnerPage, ReadError> {
    ctx.require(READ)?;
    let limit = request.limit;
    if limit == 0 || limit > MAX_PAGE {
        return Err(ReadError::Limit { got: limit, max: MAX_PAGE });
    }
    let got = request.text.chars().count();
    if got > MAX_SEARCH {
        return Err(ReadError::SearchTooLong { got, max: MAX_SEARCH });
    }
    let any = |flag: Option<bool>| Value::Int(flag.map_or(-1, i64::from));
    let filters = [
        Value::Int(ctx.company_id.raw()),
        any(request.supplier),
        any(request.customer),
        Value::Text(request.country.map_or(String::new(), |found| found.to_string())),
        any(request.active),
        Value::Text(request.category.clone().unwrap_or_default()),
        any(request.bank_details_wait),
    ];
    let after = cursor(&request.after)?;
    let search = tables::WORDS.search(tx, ctx.company_id, &request.text)?;
    let rows = i64::from(limit) + 1;
    let mut found = tables::list_partners(tx, request.sort, search, filters, after, rows)?;
    let more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let next = found.last().filter(|_| more).map(|last| {
        let key = if request.sort == PartnerSort::Code { &last.code } else { &last.name };
        format!("{}.{key}", last.id)
    });
    let ids: Vec<PartnerId> = found.iter().map(|partner| partner.id).collect();
    let waiting = bank_details::waiting(tx, ctx, &ids)?;
    let row = |partner: &Partner| PartnerRow::of(partner, waiting.contains_key(&partner.id));
    Ok(PartnerPage { partners: found.iter().map(row).collect(), next })
}

fn cursor(after: &str) -> Result<(&str, i64), ReadError> {
    if after.is_empty() {
        return Ok(("", 0));
    }
    let (id, key) = after.split_once('.').ok_or(ReadError::After)?;
    if key.contains('\0') {
        return Err(ReadError::After);
    }
    Ok((key, id.parse::<PartnerId>().map_err(|_| ReadError::After)?.raw()))
}

/// One partner with all that belongs to it.
///
/// # Errors
/// See [`ReadError`].
pub fn partner(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    partner_id: PartnerId,
) -> Result<PartnerDetail, ReadError> {
    ctx.require(READ)?;
    let partners = tables::partners_by_id(tx, ctx.company_id, &[partner_id])?;
    let partner = partners.get(&partner_id).ok_or(ReadError::NotFound { partner_id })?;
    let bank_account = if ctx.holds(CHANGE_BANK) {
        partner.bank_account.clone()
    } else {
        rules::masked(&partner.bank_account)
    };
    let bank_change = bank_details::waiting(tx, ctx, &[partner_id])?.remove(&partner_id);
    let shown = if ctx.holds(CHANGE_BANK) { BankChange::whole } else { BankChange::masked };
    Ok(PartnerDetail {
        partner: PartnerRow::of(partner, bank_change.is_some()),
        bank_account,
        bank_change: bank_change.map(shown),
        contacts: tables::contacts(tx, ctx.company_id, partner_id)?,
        addresses: tables::addresses(tx, ctx.company_id, partner_id)?,
    })
}
