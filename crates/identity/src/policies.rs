//! Company policies: named choices where peers differ, each with a default.

use crate::ctx::Ctx;
use crate::grants::{Denied, Permission};
use crate::rules::{self, Allowed};
use crate::tables;
use base::{CompanyId, Id, Problem, Rule};
use std::collections::BTreeMap;
use store::{StoreError, Tx};

/// Changing a policy.
pub const SET_POLICY: Permission = Permission("identity.set_policy");

/// What a company has chosen; what it has not is by default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policies {
    chosen: BTreeMap<String, String>,
}

impl Policies {
    /// The value of a policy.
    ///
    /// # Panics
    /// When no policy of this name is declared: a fault of the code that asks.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        let Some(policy) = rules::policy(name) else { panic!("no policy is named {name}") };
        self.chosen.get(name).map_or(policy.default, String::as_str)
    }

    /// Whether a policy has this value.
    ///
    /// # Panics
    /// As [`Policies::text`].
    #[must_use]
    pub fn is(&self, name: &str, value: &str) -> bool {
        self.text(name) == value
    }

    /// The value of a policy that is a whole number: percent, days or minor units, as its name says.
    ///
    /// # Panics
    /// As [`Policies::text`], and when the policy is not a number.
    #[must_use]
    pub fn number(&self, name: &str) -> i64 {
        self.text(name).parse().expect("a policy asked as a number is declared as one")
    }

    /// Every policy with its value, by name.
    #[must_use]
    pub fn all(&self) -> Vec<(&'static str, &str)> {
        rules::POLICIES.iter().map(|policy| (policy.name, self.text(policy.name))).collect()
    }
}

/// Why a policy was not set.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum PolicyError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such policy.
    #[error("there is no policy {name}; there are: {known}")]
    UnknownPolicy {
        /// The name asked for.
        name: String,
        /// All names.
        known: String,
    },
    /// The policy does not take that value.
    #[error("policy {name} does not take {value:?}; it takes {allowed}")]
    UnknownValue {
        /// The policy.
        name: &'static str,
        /// The value asked for.
        value: String,
        /// What it takes.
        allowed: String,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for PolicyError {
    fn problem(&self) -> Problem {
        match self {
            PolicyError::Denied(denied) => denied.problem(),
            PolicyError::UnknownPolicy { .. } => {
                Problem::invalid("unknown_policy", self.to_string()).with_field("name")
            }
            PolicyError::UnknownValue { .. } => {
                Problem::invalid("unknown_policy_value", self.to_string()).with_field("value")
            }
            PolicyError::Store(error) => error.problem(),
        }
    }
}

/// Sets a policy of the caller's company. It holds for what is decided from now on; nothing booked
/// changes.
///
/// # Errors
/// [`PolicyError`].
pub fn set_policy(tx: &mut Tx<'_>, ctx: &Ctx, name: &str, value: &str) -> Result<(), PolicyError> {
    ctx.require(SET_POLICY)?;
    let Some(policy) = rules::policy(name) else {
        let known: Vec<_> = rules::POLICIES.iter().map(|policy| policy.name).collect();
        return Err(PolicyError::UnknownPolicy { name: name.to_owned(), known: known.join(", ") });
    };
    if !policy.allowed.takes(value) {
        return Err(PolicyError::UnknownValue {
            name: policy.name,
            value: value.to_owned(),
            allowed: policy.allowed.to_string(),
        });
    }
    let before = policies(tx, ctx.company_id)?;
    tables::upsert_policy(tx, ctx.company_id, policy.name, value)?;
    let mut after = before.clone();
    after.chosen.insert(policy.name.to_owned(), value.to_owned());
    tx.remember(ctx.company_id.raw(), after);
    let detail = serde_json::json!({"name": name, "from": before.text(name), "to": value});
    ctx.audit(tx, SET_POLICY, "company", ctx.company_id.raw(), detail);
    Ok(())
}

/// The policies of a company.
///
/// # Errors
/// Those of the store.
pub fn policies(tx: &mut Tx<'_>, company_id: CompanyId) -> Result<Policies, StoreError> {
    if let Some(policies) = tx.recall(company_id.raw()) {
        return Ok(policies);
    }
    let policies = Policies { chosen: tables::policies(tx, company_id)? };
    tx.remember(company_id.raw(), policies.clone());
    Ok(policies)
}

impl std::fmt::Display for Allowed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Allowed::OneOf(values) => f.write_str(&values.join(", ")),
            Allowed::Whole { least, most } => write!(f, "a whole number from {least} to {most}"),
        }
    }
}
