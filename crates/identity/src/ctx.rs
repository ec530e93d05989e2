//! Who asks, for which company, when: every door's second argument.

use crate::grants::{Denied, Grants, Permission};
use crate::model::Company;
use base::{CompanyId, Currency, Day, Timestamp, UserId, WarehouseId, Zone};
use std::sync::Arc;
use store::{Audit, Fact, Tx};

/// The caller of a door. Time is a value in it: no door reads a clock.
#[derive(Debug, Clone)]
pub struct Ctx {
    /// The company in whose books the request acts.
    pub company_id: CompanyId,
    /// The user, also when a program asks with that user's key.
    pub user_id: UserId,
    /// Who is asking, for request keys: `user:7`, `key:12` or `system`.
    pub principal: String,
    /// Now.
    pub at: Timestamp,
    /// The day it is now in the company's time zone.
    pub today: Day,
    /// The company's time zone.
    pub zone: Zone,
    /// The company's currency.
    pub currency: Currency,
    /// The request's id, for audit and logs.
    pub request_id: String,
    grants: Arc<Grants>,
}

impl Ctx {
    pub(crate) fn new(
        company: &Company,
        user_id: UserId,
        principal: String,
        at: Timestamp,
        request_id: String,
        grants: Grants,
    ) -> Ctx {
        Ctx {
            company_id: company.company_id,
            user_id,
            principal,
            at,
            today: at.day_in(&company.zone),
            zone: company.zone.clone(),
            currency: company.currency,
            request_id,
            grants: Arc::new(grants),
        }
    }

    /// A caller who may do everything: the system's own work, and tests.
    #[must_use]
    pub fn all_rights(
        company: &Company,
        user_id: UserId,
        at: Timestamp,
        request_id: impl Into<String>,
    ) -> Ctx {
        let principal = "system".to_owned();
        Ctx::new(company, user_id, principal, at, request_id.into(), Grants::all())
    }

    /// The same caller at another moment.
    #[must_use]
    pub fn at_moment(&self, at: Timestamp) -> Ctx {
        Ctx { at, today: at.day_in(&self.zone), ..self.clone() }
    }

    /// The same caller on another day, at nine in the morning of the company's zone.
    ///
    /// # Panics
    /// When the zone has no such time within the years 1 to 9999.
    #[must_use]
    pub fn on(&self, day: Day) -> Ctx {
        self.at_moment(Timestamp::at(day, 9, 0, &self.zone).expect("nine o'clock is a time of day"))
    }

    /// Demands a permission for the whole company. A role that is granted for one warehouse only
    /// does not give it: verbs of a warehouse ask [`Ctx::require_in`], lists
    /// [`Ctx::require_somewhere`].
    ///
    /// # Errors
    /// [`Denied::Permission`].
    pub fn require(&self, permission: Permission) -> Result<(), Denied> {
        if self.holds(permission) { Ok(()) } else { Err(lacking(permission)) }
    }

    /// Demands a permission in a warehouse.
    ///
    /// # Errors
    /// [`Denied::Permission`] when it is given nowhere, [`Denied::Warehouse`] when elsewhere.
    pub fn require_in(
        &self,
        permission: Permission,
        warehouse_id: WarehouseId,
    ) -> Result<(), Denied> {
        match self.grants.warehouses(permission.0) {
            None => Ok(()),
            Some(given) if given.contains(&warehouse_id) => Ok(()),
            Some(given) if given.is_empty() => Err(lacking(permission)),
            Some(_) => Err(Denied::Warehouse { permission: permission.0.to_owned(), warehouse_id }),
        }
    }

    /// Demands a permission in at least one warehouse, and says in which it is given: `None` is
    /// all. A list shows only what lies there.
    ///
    /// # Errors
    /// [`Denied::Permission`].
    pub fn require_somewhere(
        &self,
        permission: Permission,
    ) -> Result<Option<Vec<WarehouseId>>, Denied> {
        match self.grants.warehouses(permission.0) {
            Some(given) if given.is_empty() => Err(lacking(permission)),
            given => Ok(given),
        }
    }

    /// Demands a permission for an amount in minor units of the company's currency; its sign does
    /// not matter.
    ///
    /// # Errors
    /// [`Denied::Permission`]; [`Denied::Amount`] above the caller's limit.
    pub fn require_amount(&self, permission: Permission, amount: i64) -> Result<(), Denied> {
        self.grants.allow_amount(permission.0, amount).map(|_| ())
    }

    /// Whether the caller has a permission for the whole company.
    #[must_use]
    pub fn holds(&self, permission: Permission) -> bool {
        self.grants.company_wide(permission.0)
    }

    /// The highest amount up to which the caller has a permission, in minor units. `None` is no
    /// limit; without the permission it is 0.
    #[must_use]
    pub fn amount_limit(&self, permission: Permission) -> Option<i64> {
        self.grants.limit(permission.0).unwrap_or(Some(0))
    }

    /// States a fact of this request; it is written with the commit.
    pub fn fact(
        &self,
        tx: &mut Tx<'_>,
        aggregate_kind: &'static str,
        aggregate_id: i64,
        seq: i64,
        name: &'static str,
        payload: serde_json::Value,
    ) {
        tx.state_fact(Fact {
            company_id: self.company_id,
            aggregate_kind,
            aggregate_id,
            seq,
            name,
            payload,
            recorded_at: self.at,
        });
    }

    /// Adds a line to the audit trail in this caller's name. Never put a secret in `detail`.
    pub fn audit(
        &self,
        tx: &mut Tx<'_>,
        verb: Permission,
        object_kind: &'static str,
        object_id: i64,
        detail: serde_json::Value,
    ) {
        tx.audit(Audit {
            company_id: self.company_id,
            user_id: self.user_id,
            recorded_at: self.at,
            request_id: self.request_id.clone(),
            verb: verb.0,
            object_kind,
            object_id,
            detail,
        });
    }

    /// The same company and moment for another user.
    #[cfg(feature = "testing")]
    pub(crate) fn acting_as(&self, user_id: UserId, grants: Grants) -> Ctx {
        let principal = format!("user:{user_id}");
        Ctx { user_id, principal, grants: Arc::new(grants), ..self.clone() }
    }

    /// Whether a person asks, who signed in with a password or link.
    pub(crate) fn is_user(&self) -> bool {
        self.principal.starts_with("user:")
    }

    pub(crate) fn grants(&self) -> &Grants {
        &self.grants
    }
}

fn lacking(permission: Permission) -> Denied {
    Denied::Permission { permission: permission.0.to_owned() }
}
