//! What stock is worth, and what a piece of it costs when it moves.
//!
//! The value of an item lies in *standings*: one per item, pool and class. Goods taken in bring a
//! value, goods taken out carry their share of it away, and the last piece takes what is left, so
//! that the sum of everything ever booked is the standing value to the last minor unit. Unit costs
//! are derived for showing.
//!
//! Reading order: the nouns, the pure decisions over them, the doors, then what readers get.

mod model;
mod words;

pub mod rules;

mod ledger;

mod value;

mod checks;
mod tables;

pub use model::*;
pub use rules::{SplitBase, SplitBy, claim, split};
pub use value::{Change, Cost, Valuation, ValueError, Valued, value};

/// What this crate brings to the database.
pub static SCHEMA: store::Schema = store::Schema {
    name: "valuation",
    migrations: store::migrations!("0001_valuation.sql"),
    statements: tables::STATEMENTS,
    checks: checks::CHECKS,
    append_only: &["valuation_layer", "valuation_use"],
    below: &[&store::SCHEMA, &identity::SCHEMA, &catalog::SCHEMA, &accounting::SCHEMA],
};
