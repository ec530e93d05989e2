//! Partners: the people and companies that the company buys from and sells to.
//!
//! One row is one party, with a flag for each side of the trade, so that a supplier who also buys is
//! still one. It never knows what was ordered, delivered or paid.

#![allow(dead_code)]

mod checks;
mod country;
mod model;
mod tables;
mod words;

pub use country::{Country, UnknownCountry};
pub use model::Partner;
pub use tables::{partners_by_code, partners_by_id};
pub use words::{AddressKind, CustomerKind, UnknownWord};

/// The tables about partners.
pub static SCHEMA: store::Schema = store::Schema {
    name: "partners",
    migrations: store::migrations!("0001_partners.sql"),
    statements: tables::STATEMENTS,
    checks: checks::CHECKS,
    append_only: &[],
    below: &[&store::SCHEMA, &identity::SCHEMA],
};
