//! Companies, their set-up and their policies.

use super::statements::*;
use crate::model::Company;
use crate::secret::Digest;
use base::{CompanyId, Timestamp, UserId};
use std::collections::BTreeMap;
use store::{Row, Rows, StoreError, Tx, params};

pub(crate) fn insert_company(
    tx: &mut Tx<'_>,
    company: &Company,
    at: Timestamp,
) -> Result<(), StoreError> {
    let Company { company_id, name, currency, zone, country } = company;
    tx.write(&INSERT_COMPANY, params![company_id, name, currency, zone.name(), country, at])
}

pub(crate) fn company(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
) -> Result<Option<Company>, StoreError> {
    tx.query_opt(&COMPANY, params![company_id])?.map(|row| read(&row)).transpose()
}

pub(crate) fn companies(tx: &mut Tx<'_>) -> Result<Vec<Company>, StoreError> {
    tx.query(&COMPANIES, params![])?.iter().map(read).collect()
}

pub(crate) fn companies_of(tx: &mut Tx<'_>, user_id: UserId) -> Result<Vec<Company>, StoreError> {
    tx.query(&COMPANIES_OF, params![user_id])?.iter().map(read).collect()
}

pub(crate) fn company_named(tx: &mut Tx<'_>, name: &str) -> Result<bool, StoreError> {
    Ok(tx.query_opt(&COMPANY_NAMED, params![name])?.is_some())
}

pub(crate) fn lock_companies_of(
    tx: &mut Tx<'_>,
    user_id: UserId,
) -> Result<Vec<CompanyId>, StoreError> {
    tx.query(&LOCK_COMPANIES_OF, params![user_id])?.iter().map(|row| row.get(0)).collect()
}

pub(crate) fn any_without_administrator(
    tx: &mut Tx<'_>,
    companies: &[CompanyId],
) -> Result<bool, StoreError> {
    let rows = Rows::column(companies);
    Ok(!tx.query(&WITHOUT_ADMINISTRATOR, params![; rows])?.is_empty())
}

pub(crate) fn any_user(tx: &mut Tx<'_>) -> Result<bool, StoreError> {
    Ok(tx.query_opt(&ANY_USER, params![])?.is_some())
}

pub(crate) fn upsert_set_up(
    tx: &mut Tx<'_>,
    digest: &Digest,
    at: Timestamp,
) -> Result<(), StoreError> {
    tx.write(&UPSERT_SET_UP, params![digest.0, at])
}

pub(crate) fn lock_set_up(tx: &mut Tx<'_>) -> Result<Option<Vec<u8>>, StoreError> {
    tx.query_opt(&LOCK_SET_UP, params![])?.map(|row| row.get(0)).transpose()
}

pub(crate) fn use_set_up(tx: &mut Tx<'_>, at: Timestamp) -> Result<(), StoreError> {
    tx.write_exactly(1, &USE_SET_UP, params![at])
}

pub(crate) fn policies(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
) -> Result<BTreeMap<String, String>, StoreError> {
    let rows = tx.query(&POLICIES, params![company_id])?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

pub(crate) fn upsert_policy(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    name: &str,
    value: &str,
) -> Result<(), StoreError> {
    tx.write(&UPSERT_POLICY, params![company_id, name, value])
}

pub(super) fn read(row: &Row) -> Result<Company, StoreError> {
    let zone: String = row.get(3)?;
    Ok(Company {
        company_id: row.get(0)?,
        name: row.get(1)?,
        currency: row.get(2)?,
        zone: base::Zone::parse(&zone).map_err(|_| StoreError::Decode {
            column: 3,
            found: zone,
            wanted: "a time zone",
        })?,
        country: row.get(4)?,
    })
}
