//! All SQL of the crate.

use crate::model::Company;
use base::{CompanyId, Timestamp};
use std::collections::BTreeMap;
use store::{Row, StoreError, Tx, params};

store::statements! {
    /// Opens a company.
    INSERT_COMPANY = "insert into identity_company
        (company_id, name, currency, zone, country, created_at) values ($1, $2, $3, $4, $5, $6)";

    /// One company.
    COMPANY = "select company_id, name, currency, zone, country from identity_company
        where company_id = $1";

    /// All companies.
    COMPANIES = "select company_id, name, currency, zone, country from identity_company
        order by name";

    /// A user who comes into being.
    INSERT_USER = "insert into identity_user
        (company_id, id, login, display_name, password, active, created_at)
        values ($1, $2, $3, $4, $5, 1, $6)";

    /// A company's own choices.
    POLICIES = "select name, value from identity_policy where company_id = $1";

    /// A company's choice of one policy.
    UPSERT_POLICY = "insert into identity_policy (company_id, name, value) values ($1, $2, $3)
        on conflict (company_id, name) do update set value = excluded.value";
}

/// Writes a company.
pub(crate) fn insert_company(
    tx: &mut Tx<'_>,
    company: &Company,
    at: Timestamp,
) -> Result<(), StoreError> {
    tx.write(
        &INSERT_COMPANY,
        params![
            company.company_id,
            company.name,
            company.currency,
            company.zone.name(),
            company.country,
            at
        ],
    )
}

/// One company, if there is one of this id.
pub(crate) fn company(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
) -> Result<Option<Company>, StoreError> {
    tx.query_opt(&COMPANY, params![company_id])?.map(|row| read_company(&row)).transpose()
}

/// All companies by name.
pub(crate) fn companies(tx: &mut Tx<'_>) -> Result<Vec<Company>, StoreError> {
    tx.query(&COMPANIES, params![])?.iter().map(read_company).collect()
}

fn read_company(row: &Row) -> Result<Company, StoreError> {
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

/// What a company has chosen, by policy.
pub(crate) fn policies(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
) -> Result<BTreeMap<String, String>, StoreError> {
    let rows = tx.query(&POLICIES, params![company_id])?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// Writes a company's choice.
pub(crate) fn upsert_policy(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    name: &str,
    value: &str,
) -> Result<(), StoreError> {
    tx.write(&UPSERT_POLICY, params![company_id, name, value])
}
