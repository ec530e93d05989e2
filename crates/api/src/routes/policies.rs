//! A company's policies.

use crate::route::{All, Done, Routes, whole};
use identity::{READ, SET_POLICY};
use serde::{Deserialize, Serialize};
use store::StoreError;
use utoipa::ToSchema;

/// A policy with what the company has chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
struct PolicyRow {
    /// Its name.
    name: String,
    /// What holds.
    value: String,
}

/// A policy to be set.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SetPolicy {
    /// Its name.
    name: String,
    /// What is to hold from now on.
    value: String,
}

/// Why policies are not told.
#[derive(thiserror::Error, Debug)]
enum PoliciesError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] identity::Denied),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl base::Rule for PoliciesError {
    fn problem(&self) -> base::Problem {
        match self {
            PoliciesError::Denied(error) => error.problem(),
            PoliciesError::Store(error) => error.problem(),
        }
    }
}

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .list("/policies", READ, "List the company's policies", |tx, ctx, _: All| {
            ctx.require(READ)?;
            let policies = identity::policies(tx, ctx.company_id)?;
            let row = |(name, value): (&'static str, &str)| PolicyRow {
                name: name.to_owned(),
                value: value.to_owned(),
            };
            Ok::<_, PoliciesError>(whole(policies.all().into_iter().map(row).collect()))
        })
        .verb("/policies", SET_POLICY, "Set a policy", |tx, ctx, request: SetPolicy| {
            identity::set_policy(tx, ctx, &request.name, &request.value)?;
            Ok::<_, identity::PolicyError>(Done::now())
        })
}
