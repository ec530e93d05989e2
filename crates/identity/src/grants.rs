//! What a caller may do: permissions, the patterns that give them, and the refusal.

use crate::rules::{self, Pattern};
use base::{Id, Problem, Rule, WarehouseId};
use store::StoreError;

/// The name of what a verb needs, `crate.verb`. Each crate declares its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Permission(pub &'static str);

/// A verb was refused because of who asks.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum Denied {
    /// No role of the caller gives the permission.
    #[error("you lack the permission {permission}; ask an administrator for a role that has it")]
    Permission {
        /// The permission.
        permission: String,
    },
    /// The permission is given, but in other warehouses.
    #[error("you have the permission {permission}, but not in warehouse {warehouse_id}")]
    Warehouse {
        /// The permission.
        permission: String,
        /// The warehouse asked for.
        warehouse_id: WarehouseId,
    },
    /// The permission is given, but up to a lower amount.
    #[error("your limit for {permission} is {limit} and the amount is {amount} (minor units)")]
    Amount {
        /// The permission.
        permission: String,
        /// The highest amount allowed, in minor units of the company's currency.
        limit: i64,
        /// The amount asked for, in the same.
        amount: i64,
    },
}

impl Rule for Denied {
    fn problem(&self) -> Problem {
        let code = match self {
            Denied::Permission { .. } => "permission_denied",
            Denied::Warehouse { .. } => "warehouse_denied",
            Denied::Amount { .. } => "amount_denied",
        };
        Problem::forbidden(code, self.to_string())
    }
}

/// One role held: what it gives, where, and up to which amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Held {
    /// The role, 0 for rights that come from none.
    pub role_id: i64,
    /// The role's patterns.
    pub patterns: Vec<Pattern>,
    /// The only warehouse it is for, or the whole company.
    pub warehouse_id: Option<WarehouseId>,
    /// The highest amount in minor units, or any.
    pub limit: Option<i64>,
}

/// Everything a caller holds in one company, as it was when the request began.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grants {
    held: Vec<Held>,
    /// The scopes of the API key that asks: it may do what both these and the roles give.
    scopes: Option<Vec<Pattern>>,
}

impl Grants {
    pub(crate) fn new(held: Vec<Held>, scopes: Option<Vec<Pattern>>) -> Grants {
        Grants { held, scopes }
    }

    /// Every permission everywhere, for any amount.
    pub(crate) fn all() -> Grants {
        let everything = vec![Pattern::from_stored("*")];
        Grants::new(
            vec![Held { role_id: 0, patterns: everything, warehouse_id: None, limit: None }],
            None,
        )
    }

    /// The roles that give a permission somewhere.
    fn giving<'a>(&'a self, permission: &'a str) -> impl Iterator<Item = &'a Held> {
        let in_scope = self.scopes.as_ref().is_none_or(|scopes| rules::gives(scopes, permission));
        self.held.iter().filter(move |held| in_scope && rules::gives(&held.patterns, permission))
    }

    /// Whether the permission is given for the whole company.
    pub(crate) fn company_wide(&self, permission: &str) -> bool {
        self.giving(permission).any(|held| held.warehouse_id.is_none())
    }

    /// The warehouses in which the permission is given, or `None` when it is in all.
    pub(crate) fn warehouses(&self, permission: &str) -> Option<Vec<WarehouseId>> {
        let mut found = Vec::new();
        for held in self.giving(permission) {
            found.push(held.warehouse_id?);
        }
        found.sort_by_key(|id| id.raw());
        found.dedup();
        Some(found)
    }

    /// The highest company-wide amount: `None` without the permission, `Some(None)` for any.
    pub(crate) fn limit(&self, permission: &str) -> Option<Option<i64>> {
        self.giving(permission)
            .filter(|held| held.warehouse_id.is_none())
            .map(|held| held.limit)
            .max_by_key(|limit| limit.unwrap_or(i64::MAX))
    }

    /// The highest company-wide amount up to which this gives what an approval asks for: a permission,
    /// or a role by name, which whoever may do everything has as well. `None` without it, `Some(None)`
    /// for any amount. A key gives a role's yes only where its scopes have the permission.
    pub(crate) fn limit_as(&self, permission: &str, role_id: i64) -> Option<Option<i64>> {
        if role_id == 0 {
            return self.limit(permission);
        }
        let in_scope = self.scopes.as_ref().is_none_or(|scopes| rules::gives(scopes, permission));
        let everything = |held: &Held| held.patterns.iter().any(|one| one.as_str() == "*");
        self.held
            .iter()
            .filter(|held| in_scope && held.warehouse_id.is_none())
            .filter(|held| held.role_id == role_id || everything(held))
            .map(|held| held.limit)
            .max_by_key(|limit| limit.unwrap_or(i64::MAX))
    }

    /// Whether a key's scopes, if it is one, have the permission.
    pub(crate) fn in_scope(&self, permission: &str) -> bool {
        self.scopes.as_ref().is_none_or(|scopes| rules::gives(scopes, permission))
    }

    /// The roles that give a permission somewhere.
    pub(crate) fn roles_giving<'a>(
        &'a self,
        permission: &'a str,
    ) -> impl Iterator<Item = i64> + use<'a> {
        self.giving(permission).map(|held| held.role_id)
    }

    /// The company-wide limit that allows `amount`, or why none does.
    pub(crate) fn allow_amount(
        &self,
        permission: &str,
        amount: i64,
    ) -> Result<Option<i64>, Denied> {
        let permission = || permission.to_owned();
        match self.limit(&permission()) {
            None => Err(Denied::Permission { permission: permission() }),
            Some(Some(limit)) if amount.unsigned_abs() > limit.unsigned_abs() => {
                Err(Denied::Amount { permission: permission(), limit, amount })
            }
            Some(limit) => Ok(limit),
        }
    }

    /// Whether one's own roles give these scopes, somewhere and up to some amount.
    pub(crate) fn cover_scopes(&self, asked: &[Pattern]) -> bool {
        self.scopes.as_ref().is_none_or(|own| rules::covers(own, asked))
            && asked.iter().filter(|pattern| !pattern.takes_away()).all(|pattern| {
                self.held.iter().any(|own| rules::covers_one(&own.patterns, pattern, asked))
            })
    }

    /// Whether all that `other` gives is given here.
    pub(crate) fn cover_all(&self, other: &[Held]) -> bool {
        other.iter().all(|held| self.cover(held))
    }

    /// Whether a role with `patterns`, there and up to `limit`, gives nothing beyond this.
    pub(crate) fn cover(&self, asked: &Held) -> bool {
        let scoped = self.scopes.as_ref().is_none_or(|own| rules::covers(own, &asked.patterns));
        scoped
            && asked.patterns.iter().filter(|pattern| !pattern.takes_away()).all(|pattern| {
                self.held.iter().any(|own| {
                    let here = own.warehouse_id.is_none() || own.warehouse_id == asked.warehouse_id;
                    let enough = own.limit.is_none_or(|own| asked.limit.is_some_and(|l| l <= own));
                    here && enough && rules::covers_one(&own.patterns, pattern, &asked.patterns)
                })
            })
    }
}

/// A verb that only fails by permission or in the store: lists, mostly.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum ListError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for ListError {
    fn problem(&self) -> Problem {
        match self {
            ListError::Denied(denied) => denied.problem(),
            ListError::Store(error) => error.problem(),
        }
    }
}
