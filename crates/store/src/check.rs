//! Asking the books whether they are sound.

use crate::{Check, Schema, StoreError, Tx, Value};
use base::CompanyId;

/// What one check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The check's name.
    pub check: &'static str,
    /// Its breaches, each told by the columns of the row; none when it holds.
    pub breaches: Vec<String>,
}

/// Runs every check of `schema` and all below it on one snapshot.
///
/// # Errors
/// Those of the engine.
pub fn run_checks(
    tx: &mut Tx<'_>,
    schema: &'static Schema,
    company_id: CompanyId,
) -> Result<Vec<Finding>, StoreError> {
    let mut findings = Vec::new();
    for part in schema.in_order() {
        for check in part.checks {
            findings.push(run_check(tx, check, company_id)?);
        }
    }
    Ok(findings)
}

/// Runs one check.
///
/// # Errors
/// Those of the engine.
pub fn run_check(
    tx: &mut Tx<'_>,
    check: &'static Check,
    company_id: CompanyId,
) -> Result<Finding, StoreError> {
    let rows = tx.query(&check.statement, crate::params![company_id])?;
    let breaches = rows
        .iter()
        .map(|row| row.values().iter().map(told).collect::<Vec<_>>().join(", "))
        .collect();
    Ok(Finding { check: check.name, breaches })
}

fn told(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        Value::Int(int) => int.to_string(),
        Value::Text(text) => text.clone(),
        Value::Bytes(bytes) => format!("{} bytes", bytes.len()),
    }
}
