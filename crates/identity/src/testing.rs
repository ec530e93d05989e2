//! A company and a caller for the tests of the floors above.

use crate::grants::{Grants, Held};
use crate::rules::Pattern;
use crate::totp::TotpSecret;
use crate::{Company, CompanyError, CreateCompany, Ctx, companies, tables};
use base::{Currency, Timestamp, UserId, WarehouseId, Zone};
use store::{Database, Tx};

/// 2026-01-05T09:00Z, when every test begins.
pub const START: Timestamp = Timestamp::from_micros(1_767_603_600_000_000);

/// A company in London with books in `currency`, with one user, an administrator.
#[must_use]
pub fn company(database: &Database, currency: &str) -> Company {
    let currency = Currency::parse(currency).expect("a currency of ISO 4217");
    database.write(move |tx| open(tx, currency)).expect("a company for the test").0
}

/// A new company with books in GBP, and its user with all rights at [`START`].
#[must_use]
pub fn ctx(database: &Database) -> Ctx {
    let currency = Currency::parse("GBP").expect("a currency of ISO 4217");
    let (company, user_id) =
        database.write(move |tx| open(tx, currency)).expect("a company for the test");
    Ctx::all_rights(&company, user_id, START, "test")
}

/// The same company and moment for another user, who holds `patterns` up to `limit` in minor units.
///
/// # Panics
/// When a pattern is none.
#[must_use]
pub fn holding(ctx: &Ctx, user_id: UserId, patterns: &[&str], limit: Option<i64>) -> Ctx {
    let patterns = patterns.iter().map(|text| Pattern::parse(text).expect("a pattern")).collect();
    let grants = Grants::new(vec![Held { role_id: 0, patterns, warehouse_id: None, limit }], None);
    ctx.acting_as(user_id, grants)
}

/// The same company and moment for another user, who holds `patterns` in one warehouse only.
///
/// # Panics
/// When a pattern is none.
#[must_use]
pub fn holding_in(ctx: &Ctx, user_id: UserId, patterns: &[&str], warehouse_id: WarehouseId) -> Ctx {
    let patterns = patterns.iter().map(|text| Pattern::parse(text).expect("a pattern")).collect();
    let held = Held { role_id: 0, patterns, warehouse_id: Some(warehouse_id), limit: None };
    ctx.acting_as(user_id, Grants::new(vec![held], None))
}

/// What an app that was given a secret shows at a moment.
///
/// # Panics
/// When the text is no secret.
#[must_use]
pub fn code_of(secret: &str, at: Timestamp) -> String {
    let bytes = data_encoding::BASE32_NOPAD.decode(secret.as_bytes()).expect("base 32");
    TotpSecret::from_bytes(&bytes).expect("20 bytes").code_at(at)
}

fn open(tx: &mut Tx<'_>, currency: Currency) -> Result<(Company, UserId), CompanyError> {
    let user_id: UserId = tx.id()?;
    let request = CreateCompany {
        name: format!("Test {user_id}"),
        currency,
        zone: Zone::parse("Europe/London").expect("London is in the database"),
        country: "GB".to_owned(),
    };
    let (company, administrator) = companies::open(tx, request, START)?;
    let company_id = company.company_id;
    let login = format!("tester-{user_id}");
    tables::insert_user(tx, company_id, user_id, &login, "Tester", None, START)?;
    companies::administer(tx, company_id, administrator, user_id, START)?;
    Ok((company, user_id))
}
