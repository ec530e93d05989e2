//! The catalogue: what the company trades in, in which units, under which codes.
//!
//! Items, units, packagings, barcodes and kits, and categories that are only names. It never knows
//! where goods lie, who orders them or what they cost: the floors above ask it what an item *is*.

#![allow(dead_code)]

mod words;
mod model;
mod tables;
mod checks;

pub use model::{Category, Component, Item, Scan, Unit};
pub use tables::{categories, items_by_id, items_by_sku, kit_components, units};
pub use words::{BarcodeKind, ItemKind, Tracking, UnknownWord};

/// The catalogue's tables.
pub static SCHEMA: store::Schema = store::Schema {
    name: "catalog",
    migrations: store::migrations!("0001_catalog.sql"),
    statements: tables::STATEMENTS,
    checks: checks::CHECKS,
    append_only: &[],
    below: &[&store::SCHEMA, &identity::SCHEMA],
};
