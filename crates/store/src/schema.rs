//! What a crate brings to the database: its tables, statements and checks.

use crate::Statement;
use std::time::Duration;

/// One numbered file of a crate's `migrations/` folder.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// The file's name, `0001_orders.sql`. Files run in the order listed.
    pub name: &'static str,
    /// The text with tokens, see [`crate::statement`].
    pub text: &'static str,
}

/// A named invariant: a statement that returns a row for each breach. `$1` is the company.
#[derive(Debug)]
pub struct Check {
    /// The name in words, with its number where it has one: `I-11 entries balance`.
    pub name: &'static str,
    /// The statement; every row it returns is a breach, told by its columns.
    pub statement: Statement,
}

/// Declares checks as `NAME = "I-01 what must hold", "select ..."` and lists them in `CHECKS`.
#[macro_export]
macro_rules! checks {
    ($($(#[$meta:meta])* $name:ident = $title:expr, $text:expr;)*) => {
        $($(#[$meta])* static $name: $crate::Check = $crate::Check {
            name: $title,
            statement: $crate::Statement::new(
                concat!(env!("CARGO_PKG_NAME"), "::", stringify!($name)), $text),
        };)*
        /// Every check above.
        pub static CHECKS: &[&$crate::Check] = &[$(&$name),*];
    };
}

/// Lists migration files of the crate's `migrations/` folder.
#[macro_export]
macro_rules! migrations {
    ($($file:literal),* $(,)?) => {
        &[$($crate::Migration {
            name: $file,
            text: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/", $file)),
        }),*]
    };
}

/// Everything that one crate owns in the database.
#[derive(Debug)]
pub struct Schema {
    /// The crate's name, which is also the first word of its tables.
    pub name: &'static str,
    /// Its migrations in order.
    pub migrations: &'static [Migration],
    /// Its statements.
    pub statements: &'static [&'static Statement],
    /// Its invariants.
    pub checks: &'static [&'static Check],
    /// Its tables that refuse update and delete.
    pub append_only: &'static [&'static str],
    /// The crates whose tables it refers to.
    pub below: &'static [&'static Schema],
}

impl Schema {
    /// This schema and all below it, each once, lower floors first.
    #[must_use]
    pub fn in_order(&'static self) -> Vec<&'static Schema> {
        fn visit(schema: &'static Schema, seen: &mut Vec<&'static Schema>) {
            if seen.iter().any(|other| other.name == schema.name) {
                return;
            }
            for below in schema.below {
                visit(below, seen);
            }
            seen.push(schema);
        }
        let mut seen = Vec::new();
        visit(self, &mut seen);
        seen
    }

    /// The statements of this schema and all below it that this process has run, with how often and
    /// how long, the longest first.
    #[must_use]
    pub fn spent(&'static self) -> Vec<(&'static str, u64, Duration)> {
        let schemas = self.in_order();
        let statements = schemas.iter().flat_map(|schema| {
            let checks = schema.checks.iter().map(|check| &check.statement);
            schema.statements.iter().copied().chain(checks)
        });
        let mut spent: Vec<_> = statements
            .map(|statement| {
                let (runs, time) = statement.spent();
                (statement.name, runs, time)
            })
            .filter(|(_, runs, _)| *runs > 0)
            .collect();
        spent.sort_by_key(|(name, _, time)| (std::cmp::Reverse(*time), *name));
        spent
    }
}

/// The store's own tables, below every other schema.
pub static SCHEMA: Schema = Schema {
    name: "store",
    migrations: migrations!(
        "0001_store.sql",
        "0002_seal.sql",
        "0003_audit_by_time.sql",
        "0004_outbox.sql"
    ),
    statements: crate::tables::STATEMENTS,
    checks: crate::checks::CHECKS,
    append_only: &["store_audit", "store_seal"],
    below: &[],
};
