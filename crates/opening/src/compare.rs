//! The comparison: what the trial balance says of each account, beside what it was opened with.

use crate::files::{ACCOUNT, BalanceRow, DEBIT, Numbered};
use accounting::{AccountRow, Line, Role, TrialBalance};
use base::{AccountId, Currency, Money};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use tabular::RowError;
use utoipa::ToSchema;

store::words! {
    /// Where an account is opened from: the file behind it, or what else made its balance.
    OpenedFrom: "trial_balance, stock, purchase_orders, bills, invoices, deposits, channel_clearing, standard_cost, nothing" {
        /// The trial balance itself.
        TrialBalance = "trial_balance",
        /// The list of goods.
        Stock = "stock",
        /// Orders to suppliers.
        PurchaseOrders = "purchase_orders",
        /// Suppliers' bills.
        Bills = "bills",
        /// Invoices to customers.
        Invoices = "invoices",
        /// Payments made in advance.
        Deposits = "deposits",
        /// What channels hold.
        ChannelClearing = "channel_clearing",
        /// No file: what a standard cost made of goods.
        StandardCost = "standard_cost",
        /// No file: it has to be settled before the books are opened.
        Nothing = "nothing",
    }
}

/// An account as the trial balance has it, beside what it was opened with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AccountCompared {
    /// The account's code.
    pub account: String,
    /// Its name.
    pub name: String,
    /// Where it was opened from.
    pub opened_from: OpenedFrom,
    /// Its balance in the trial balance, debit positive.
    pub trial_balance: Money,
    /// The balance that it was opened with, debit positive.
    pub opened: Money,
    /// The first less the second.
    pub off: Money,
}

impl AccountCompared {
    /// Whether it was opened with what the trial balance says.
    #[must_use]
    pub fn agrees(&self) -> bool {
        self.off.minor == 0
    }
}

/// The trial balance as typed, by account.
pub(crate) struct Typed {
    by_account: BTreeMap<AccountId, i64>,
}

impl OpenedFrom {
    /// Where an account is opened from: the list behind it, or the trial balance itself. What is not behind a
    /// list and differs all the same is what a standard cost made of goods.
    fn of(role: Option<Role>, agrees: bool) -> OpenedFrom {
        match role {
            Some(Role::StockValuation | Role::Quarantine | Role::GoodsInTransit) => {
                OpenedFrom::Stock
            }
            Some(Role::Grni | Role::BilledNotReceived) => OpenedFrom::PurchaseOrders,
            Some(Role::Payable) => OpenedFrom::Bills,
            Some(Role::Receivable) => OpenedFrom::Invoices,
            Some(Role::CustomerDeposits | Role::SupplierDeposits) => OpenedFrom::Deposits,
            Some(Role::ChannelClearing) => OpenedFrom::ChannelClearing,
            Some(role) if role.is_control() => OpenedFrom::Nothing,
            _ if agrees => OpenedFrom::TrialBalance,
            _ => OpenedFrom::StandardCost,
        }
    }
}

/// Finds the accounts of the trial balance and sees that it adds up.
pub(crate) fn typed(
    accounts: &[AccountRow],
    rows: &[Numbered<BalanceRow>],
    home: Currency,
) -> Result<Typed, Vec<RowError>> {
    let by_code: HashMap<&str, &AccountRow> =
        accounts.iter().map(|account| (account.code.as_str(), account)).collect();
    let (mut by_account, mut errors, mut sum) = (BTreeMap::new(), Vec::new(), 0_i128);
    for Numbered { row, is } in rows {
        sum += i128::from(is.balance);
        let message = match by_code.get(is.account.as_str()) {
            None => format!("there is no account {:?}; define it first", is.account),
            Some(account) if account.role == Some(Role::OpeningDifference) && is.balance != 0 => {
                format!("{} is for what does not agree and opens empty", is.account)
            }
            Some(account) if by_account.insert(account.account_id, is.balance).is_some() => {
                format!("{} is there twice; add its rows up", is.account)
            }
            Some(_) => continue,
        };
        errors.push(RowError::of(*row, ACCOUNT, message));
    }
    if sum != 0 && errors.is_empty() {
        let off = Money::new(i64::try_from(sum).unwrap_or(i64::MAX), home);
        let message = format!("debits less credits come to {off}, not to zero");
        errors.push(RowError::of(1, DEBIT, message));
    }
    if errors.is_empty() { Ok(Typed { by_account }) } else { Err(errors) }
}

impl Typed {
    /// The lines of the accounts that are typed, against the opening difference. Those behind a list
    /// are opened from their list.
    pub(crate) fn lines(&self, accounts: &[AccountRow]) -> Vec<Line> {
        let mut lines = Vec::new();
        for account in accounts {
            let balance = self.by_account.get(&account.account_id).copied().unwrap_or(0);
            let behind_a_list = account.role.is_some_and(Role::is_control);
            if balance != 0 && !behind_a_list {
                lines.push(Line::new(account.account_id, balance));
                lines.push(Line::new(Role::OpeningDifference, -balance));
            }
        }
        lines
    }

    /// Every account with a balance, typed or opened.
    pub(crate) fn compared(
        &self,
        accounts: &[AccountRow],
        opened: &TrialBalance,
        home: Currency,
    ) -> Vec<AccountCompared> {
        let balances: HashMap<AccountId, i64> =
            opened.lines.iter().map(|line| (line.account_id, line.balance.minor)).collect();
        let mut compared = Vec::new();
        for account in accounts.iter().filter(|a| a.role != Some(Role::OpeningDifference)) {
            let typed = self.by_account.get(&account.account_id).copied().unwrap_or(0);
            let opened = balances.get(&account.account_id).copied().unwrap_or(0);
            if typed != 0 || opened != 0 {
                compared.push(AccountCompared {
                    account: account.code.clone(),
                    name: account.name.clone(),
                    opened_from: OpenedFrom::of(account.role, typed == opened),
                    trial_balance: Money::new(typed, home),
                    opened: Money::new(opened, home),
                    off: Money::new(typed.saturating_sub(opened), home),
                });
            }
        }
        compared
    }
}
