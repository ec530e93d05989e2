//! The books: accounts, entries, periods, tax and exchange rates.

use crate::route::{Done, Routes};
use accounting::{DEFINE_ACCOUNT, DEFINE_TAX_CODE, ENTER, LOCK_PERIOD, SET_RATE, UNLOCK_PERIOD};

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .verb("/accounts", DEFINE_ACCOUNT, "Define an account", accounting::define_account)
        .verb("/entries", ENTER, "Enter by hand", accounting::manual_entry)
        .verb("/entries/reverse", ENTER, "Reverse a manual entry", accounting::reverse_manual_entry)
        .verb("/locks", LOCK_PERIOD, "Lock a period", accounting::lock_period)
        .verb("/locks/lift", UNLOCK_PERIOD, "Open a softly locked period", |tx, ctx, request| {
            accounting::unlock_period(tx, ctx, request).map(|_| Done::now())
        })
        .verb("/tax-codes", DEFINE_TAX_CODE, "Define a tax code", accounting::define_tax_code)
        .verb("/tax-codes/rates", DEFINE_TAX_CODE, "Set a tax rate", |tx, ctx, request| {
            accounting::set_tax_rate(tx, ctx, request).map(|()| Done::now())
        })
        .verb("/exchange-rates", SET_RATE, "Set an exchange rate", |tx, ctx, request| {
            accounting::set_rate(tx, ctx, request).map(|()| Done::now())
        })
}
