//! The books: accounts, entries, periods, tax and exchange rates.

use crate::route::{All, Done, Routes, whole};
use accounting::{
    DEFINE_ACCOUNT, DEFINE_TAX_CODE, ENTER, LOCK_PERIOD, NAME_OWNER, SET_RATE, UNLOCK_PERIOD, VIEW,
};
use base::Day;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// On which day.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
struct AsOf {
    /// The last day that counts; all days when absent.
    as_of: Option<Day>,
}

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .list("/accounts", VIEW, "List accounts", |tx, ctx, filter| {
            accounting::list_accounts(tx, ctx, filter).map(whole)
        })
        .list("/trial-balance", VIEW, "Show the trial balance", |tx, ctx, filter: AsOf| {
            accounting::trial_balance(tx, ctx, filter.as_of).map(|balance| whole(balance.lines))
        })
        .list("/entries", VIEW, "List entries", accounting::list_entries)
        .detail("/entries/{id}", VIEW, "Show an entry with its lines", accounting::show_entry)
        .list(
            "/account-ledger",
            VIEW,
            "List the lines of an account with its running balance",
            accounting::account_ledger,
        )
        .list("/open-items", VIEW, "List open items", accounting::open_items)
        .verb("/accounts", DEFINE_ACCOUNT, "Define an account", accounting::define_account)
        .verb("/entries", ENTER, "Enter by hand", accounting::manual_entry)
        .verb("/entries/reverse", ENTER, "Reverse a manual entry", accounting::reverse_manual_entry)
        .verb("/open-items/owner", NAME_OWNER, "Name an owner", accounting::name_owner)
        .list("/locks", VIEW, "Tell how far each area is locked", |tx, ctx, _: All| {
            accounting::list_locks(tx, ctx).map(whole)
        })
        .list("/locked-periods", VIEW, "List locks", accounting::list_locked_periods)
        .verb("/locks", LOCK_PERIOD, "Lock a period", accounting::lock_period)
        .verb("/locks/lift", UNLOCK_PERIOD, "Open a softly locked period", |tx, ctx, request| {
            accounting::unlock_period(tx, ctx, request).map(|_| Done::now())
        })
        .list(
            "/tax-codes",
            VIEW,
            "List tax codes with their rate on a day",
            accounting::list_tax_codes,
        )
        .list(
            "/tax-rates",
            VIEW,
            "List rates of tax codes with the days on which they hold",
            accounting::list_tax_rates,
        )
        .list(
            "/exchange-rates",
            VIEW,
            "List exchange rates with the days on which they hold",
            accounting::list_exchange_rates,
        )
        .verb("/tax-codes", DEFINE_TAX_CODE, "Define a tax code", accounting::define_tax_code)
        .verb("/tax-codes/rates", DEFINE_TAX_CODE, "Set a tax rate", |tx, ctx, request| {
            accounting::set_tax_rate(tx, ctx, request).map(|()| Done::now())
        })
        .verb("/exchange-rates", SET_RATE, "Set an exchange rate", |tx, ctx, request| {
            accounting::set_rate(tx, ctx, request).map(|()| Done::now())
        })
}
