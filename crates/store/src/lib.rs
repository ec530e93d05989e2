//! The floor that every domain stands on: two engines, one SQL.
//!
//! A verb gets a [`Tx`], reads with it, decides, and writes with it. The store decides when the
//! transaction begins, groups or pipelines the work as the engine likes it, repeats what the engine
//! asks to repeat, and answers only after the commit.

mod cells;
mod check;
mod checks;
mod command;
mod database;
mod error;
mod find;
mod growth;
mod lease;
mod metrics;
mod migrate;
mod once;
mod outbox;
mod postgres;
mod schema;
mod seal;
mod sqlite;
pub mod statement;
mod statistics;
mod tables;
#[cfg(feature = "testing")]
pub mod testing;
mod tx;
mod value;
mod words;

pub use check::{Finding, run_check, run_checks};
pub use database::{Database, Options, ping};
pub use error::{ConstraintKind, StoreError};
pub use find::{Search, WordChange, WordIndex};
pub use metrics::Counts;
pub use once::{Once, RequestKey, forget_keys, once};
pub use outbox::{Round, StatedFact, facts_wait, hand_out, hold_outbox};
pub use schema::{Check, Migration, SCHEMA, Schema};
pub use seal::{seal, unsealed_before, verify_trail};
pub use sqlite::sqlite_version;
pub use statement::{Engine, Rendered, Statement};
pub use tx::{Audit, Fact, Tx};
pub use value::{FromValue, Params, Row, Rows, ToValue, Value};
pub use words::UnknownWord;
