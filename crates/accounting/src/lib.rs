//! The books: every change of money is a balanced entry, written once and never changed.
//!
//! A verb of a higher floor opens the books for an area and a day ([`open_books`]), which holds the
//! period open until it commits, and writes its entries ([`post`](post())). Amounts on control
//! accounts name the open line they belong to, so that each such account equals a list.
//!
//! Reading order: the nouns, the pure decisions, the doors, then what readers get.

mod model;
pub mod rules;

mod books;
mod install_accounts;
mod post;
mod reverse;

mod checks;
mod tables;

use identity::Permission;

pub use books::{Books, BooksError, open_books, open_books_into_soft_lock};
pub use install_accounts::{
    AccountsInstalled, InstallAccountsError, Template, install_accounts,
};
pub use model::{
    Account, AccountKind, Area, Entry, KINDS_WITHOUT_TAX_CODE, Line, OpenKey, Role, TaxKind,
    TaxTag, no_entry,
};
pub use post::{PostError, post};
pub use reverse::{ReverseError, Reversed, reverse};
pub use tables::{Open, open_of};

/// May install the company's accounts.
pub const INSTALL_ACCOUNTS: Permission = Permission("accounting.install_accounts");
/// May post into a soft lock, with a reason.
pub const POST_INTO_SOFT_LOCK: Permission = Permission("accounting.post_into_soft_lock");

/// The tables, statements and invariants of the books.
pub static SCHEMA: store::Schema = store::Schema {
    name: "accounting",
    migrations: store::migrations!("0001_books.sql"),
    statements: tables::STATEMENTS,
    checks: checks::CHECKS,
    append_only: &["accounting_entry", "accounting_entry_line", "accounting_period_total"],
    below: &[&store::SCHEMA, &identity::SCHEMA],
};
