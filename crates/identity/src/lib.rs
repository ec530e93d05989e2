//! Who may do what: companies, users, roles, grants, keys, sessions, policies and approvals.
//!
//! Every door of the house takes a [`Ctx`]: who asks, for which company, when, and what they may do.
//! It is made here and nowhere else, from grants read in the same request, so that taking a role
//! away works at once.

#![allow(dead_code)]

mod checks;
mod ctx;
mod grants;
mod model;
mod policies;
mod rules;
mod tables;
#[cfg(feature = "testing")]
pub mod testing;

pub use ctx::Ctx;
pub use grants::{Denied, Grants, ListError, Permission};
pub use model::Company;
pub use policies::{Policies, PolicyError, SET_POLICY, policies, set_policy};

/// What this crate brings to the database.
pub static SCHEMA: store::Schema = store::Schema {
    name: "identity",
    migrations: store::migrations!("0001_identity.sql"),
    statements: tables::STATEMENTS,
    checks: checks::CHECKS,
    append_only: &[],
    below: &[&store::SCHEMA],
};
