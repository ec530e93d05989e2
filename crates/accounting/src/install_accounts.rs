//! `install_accounts` gives a company its accounts and the rows that its periods are locked by.

use crate::model::{AccountKind, Role};
use crate::{INSTALL_ACCOUNTS, tables};
use base::{AccountId, Problem, ProblemKind, Rule};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// A chart of accounts to begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Template {
    /// One account for every role, codes 1000 to 6999.
    Standard,
}

/// What was installed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AccountsInstalled {
    /// Accounts added; roles that had an account before kept it.
    pub added: u32,
}

/// Why accounts were not installed.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum InstallAccountsError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A code of the template belongs to another account.
    #[error(
        "account code {code} is taken by another account; the template needs it for the role {role}"
    )]
    CodeTaken {
        /// The code.
        code: &'static str,
        /// The role that needs it.
        role: Role,
    },
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for InstallAccountsError {
    fn problem(&self) -> Problem {
        match self {
            InstallAccountsError::Denied(denied) => denied.problem(),
            InstallAccountsError::CodeTaken { .. } => {
                Problem::new(ProblemKind::Conflict, "account_code_taken", self.to_string())
            }
            InstallAccountsError::Store(error) => error.problem(),
        }
    }
}

/// Adds an account for each role of the template that has none yet, and makes the company's locks.
/// Running it twice changes nothing.
///
/// # Errors
/// [`InstallAccountsError`], in its order.
pub fn install_accounts(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    template: Template,
) -> Result<AccountsInstalled, InstallAccountsError> {
    ctx.require(INSTALL_ACCOUNTS)?;
    let known = tables::load_accounts(tx, ctx.company_id)?;
    let roles: HashSet<Role> = known.iter().filter_map(|(_, account)| account.role).collect();
    let codes: HashSet<&str> = known.iter().map(|(_, account)| account.code.as_str()).collect();
    let mut added = Vec::new();
    for (role, code, kind, name) in template.accounts() {
        if roles.contains(role) {
            continue;
        }
        if codes.contains(code) {
            return Err(InstallAccountsError::CodeTaken { code, role: *role });
        }
        let id: AccountId = tx.id()?;
        added.push(tables::NewAccount { id, code, name, kind: *kind, role: Some(*role) });
    }
    tables::insert_accounts(tx, ctx.company_id, &added)?;
    tables::insert_locks(tx, ctx.company_id)?;
    let detail = serde_json::json!({ "template": template, "added": added.len() });
    ctx.audit(tx, INSTALL_ACCOUNTS, "company", base::Id::raw(ctx.company_id), detail);
    Ok(AccountsInstalled { added: added.len() as u32 })
}

impl Template {
    fn accounts(self) -> &'static [(Role, &'static str, AccountKind, &'static str)] {
        match self {
            Template::Standard => STANDARD,
        }
    }
}

use AccountKind::{Asset, Equity, Expense, Income, Liability};

static STANDARD: &[(Role, &str, AccountKind, &str)] = &[
    (Role::StockValuation, "1000", Asset, "Stock"),
    (Role::Quarantine, "1010", Asset, "Stock in quarantine"),
    (Role::GoodsInTransit, "1020", Asset, "Goods in transit"),
    (Role::DeliveredNotInvoiced, "1030", Asset, "Goods delivered, not invoiced"),
    (Role::BilledNotReceived, "1040", Asset, "Goods billed, not received"),
    (Role::Receivable, "1100", Asset, "Receivables"),
    (Role::SupplierClaims, "1110", Asset, "Claims on suppliers"),
    (Role::SupplierDeposits, "1120", Asset, "Deposits paid to suppliers"),
    (Role::ChannelClearing, "1200", Asset, "Channel clearing"),
    (Role::Bank, "1300", Asset, "Bank"),
    (Role::InputTax, "1400", Asset, "Input tax"),
    (Role::Payable, "2000", Liability, "Payables"),
    (Role::Grni, "2010", Liability, "Goods received, not invoiced"),
    (Role::LandedCostClearing, "2020", Liability, "Landed cost accrued"),
    (Role::CustomerDeposits, "2100", Liability, "Deposits from customers"),
    (Role::RefundsPayable, "2110", Liability, "Refunds payable"),
    (Role::VoucherLiability, "2120", Liability, "Vouchers not redeemed"),
    (Role::OutputTax, "2200", Liability, "Output tax"),
    (Role::Capital, "3000", Equity, "Capital and retained earnings"),
    (Role::OpeningDifference, "3900", Equity, "Opening difference"),
    (Role::Revenue, "4000", Income, "Sales"),
    (Role::ShippingIncome, "4010", Income, "Shipping charged to customers"),
    (Role::Discounts, "4100", Income, "Discounts given"),
    (Role::SalesReturns, "4110", Income, "Sales returns"),
    (Role::SalesAllowances, "4120", Income, "Sales allowances"),
    (Role::Found, "4900", Income, "Goods found"),
    (Role::Cogs, "5000", Expense, "Cost of goods sold"),
    (Role::StockVariationIn, "5010", Expense, "Stock variation, receipts"),
    (Role::StockVariationOut, "5020", Expense, "Stock variation, issues"),
    (Role::PriceDifference, "5030", Expense, "Purchase price differences"),
    (Role::Scrap, "5100", Expense, "Goods scrapped"),
    (Role::Unexplained, "5110", Expense, "Goods missing, unexplained"),
    (Role::Samples, "5200", Expense, "Samples"),
    (Role::Marketing, "5210", Expense, "Marketing"),
    (Role::ExchangeDifference, "5900", Expense, "Exchange differences"),
    (Role::ChannelFees, "6000", Expense, "Channel fees"),
    (Role::BankFees, "6010", Expense, "Bank fees"),
    (Role::Commission, "6020", Expense, "Commission"),
    (Role::BadDebt, "6030", Expense, "Bad debt"),
    (Role::Expense, "6900", Expense, "Other expense"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_template_has_every_role_once_and_no_code_twice() {
        let roles: HashSet<Role> = STANDARD.iter().map(|(role, ..)| *role).collect();
        let codes: HashSet<&str> = STANDARD.iter().map(|(_, code, ..)| *code).collect();
        assert_eq!(roles, Role::ALL.iter().copied().collect());
        assert_eq!((STANDARD.len(), codes.len()), (Role::ALL.len(), Role::ALL.len()));
    }
}
