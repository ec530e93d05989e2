//! The books: every change of money is a balanced entry, written once and never changed.
//!
//! A verb of a higher floor opens the books for an area and a day ([`open_books`]), which holds the
//! period open until it commits, and writes its entries ([`post`](post())). Amounts on control
//! accounts name the open line they belong to, so that each such account equals a list.
//!
//! Reading order: the nouns, the pure decisions, the doors, then what readers get.

mod model;
pub mod rules;

mod booked;
mod books;
mod define_account;
mod exchange;
mod install_accounts;
mod lock_period;
mod manual_entry;
mod name_owner;
mod post;
mod reverse;
mod tax;

mod checks;
mod tables;
mod views;

use identity::Permission;

pub use booked::{BookedLine, booked_by, booked_in};
pub use books::{Books, BooksError, open_books, open_books_into_soft_lock};
pub use define_account::{AccountDefined, DefineAccount, DefineAccountError, define_account};
pub use exchange::{RateError, SetRate, rate_on, rates_on, set_rate};
pub use install_accounts::{AccountsInstalled, InstallAccountsError, Template, install_accounts};
pub use lock_period::{
    LockPeriod, LockPeriodError, PeriodLocked, SealBroken, UnlockPeriod, lock_period,
    unlock_period, verify_seals,
};
pub use manual_entry::{
    Entered, ManualEntry, ManualEntryError, ManualLine, ManualTax, ReverseManualEntry,
    manual_entry, reverse_manual_entry,
};
pub use model::{
    Account, AccountKind, Area, Entry, KINDS_WITHOUT_TAX_CODE, Line, OPENING, OpenKey, Role,
    TaxKind, TaxTag, no_entry,
};
pub use name_owner::{MOST_OWNED, NameOwner, NameOwnerError, OpenItemRef, OwnerNamed, name_owner};
pub use post::{PostError, post};
pub use reverse::{ReverseError, Reversed, reverse};
pub use tables::{HeldOpenItem, Open, lock_open_items, open_of};
pub use tax::{
    DefineTaxCode, RateFrom, SetTaxRate, TaxCodeDefined, TaxError, TaxRate, define_tax_code,
    find_tax_codes, find_tax_codes_by_code, set_tax_rate, tax_codes_on,
};
pub use views::{
    AccountFilter, AccountRow, EntryDetail, EntryFilter, EntryLineRow, ExchangeRateFilter,
    ExchangeRateRow, ExchangeRateSort, JournalCursor, JournalFilter, JournalRow, LedgerFilter,
    LedgerRow, ListError, LockLine, LockRow, LockedPeriod, LockedPeriodFilter, OpenItemFilter,
    OpenItemRow, ShowEntryError, TaxCodeFilter, TaxCodeRow, TaxCodeSort, TaxRateFilter, TaxRateRow,
    TaxRateSort, TaxReport, TaxReportRow, TrialBalance, TrialBalanceLine, account_ledger, accounts,
    belongs_to_earlier_period, entries_of, entry, entry_besides, journal, list_accounts,
    list_entries, list_exchange_rates, list_locked_periods, list_locks, list_tax_codes,
    list_tax_rates, locks, open_items, show_entry, tax_report, trial_balance,
};

/// May install the company's accounts.
pub const INSTALL_ACCOUNTS: Permission = Permission("accounting.install_accounts");
/// May add accounts of the company's own.
pub const DEFINE_ACCOUNT: Permission = Permission("accounting.define_account");
/// May define tax codes and set their rates.
pub const DEFINE_TAX_CODE: Permission = Permission("accounting.define_tax_code");
/// May set exchange rates.
pub const SET_RATE: Permission = Permission("accounting.set_rate");
/// May enter by hand, up to an amount, and take it back.
pub const ENTER: Permission = Permission("accounting.enter");
/// May lock periods, softly or for good.
pub const LOCK_PERIOD: Permission = Permission("accounting.lock_period");
/// May open softly locked periods again, with a reason.
pub const UNLOCK_PERIOD: Permission = Permission("accounting.unlock_period");
/// May post into a soft lock, with a reason.
pub const POST_INTO_SOFT_LOCK: Permission = Permission("accounting.post_into_soft_lock");
/// May name who looks after open items, and why they are open.
pub const NAME_OWNER: Permission = Permission("accounting.name_owner");
/// May read the books.
pub const VIEW: Permission = Permission("accounting.view");

/// The tables, statements and invariants of the books.
pub static SCHEMA: store::Schema = store::Schema {
    name: "accounting",
    migrations: store::migrations!(
        "0001_books.sql",
        "0002_open_item_owners.sql",
        "0003_rate_sources.sql"
    ),
    statements: &tables::ALL,
    checks: checks::CHECKS,
    append_only: &["accounting_entry", "accounting_entry_line", "accounting_period_total"],
    below: &[&store::SCHEMA, &identity::SCHEMA],
};
