//! The command line of `approvals`.

use super::ListArgs;
use base::{ApprovalId, Day, DelegationId};
use clap::Subcommand;
use std::path::PathBuf;

/// `approvals`.
#[derive(Debug, Subcommand)]
pub(crate) enum ApprovalsCommand {
    /// List what waits, of all kinds, with why.
    List(ApprovalsListArgs),
    /// Agree to what waits; each document goes on as its kind does.
    Approve(ApprovalsDecideArgs),
    /// Refuse what waits, for a --reason.
    Refuse(ApprovalsDecideArgs),
    /// Let what waited too long go up. A second time changes nothing.
    Escalate(ListArgs),
    /// List the kinds that ask for approvals, with the facts that rules may look at.
    Kinds(ListArgs),
    /// List the rules, in the order in which they are looked at.
    Rules(ListArgs),
    /// Define or change a rule from a JSON file with kind, code, position, from_amount, conditions,
    /// permission, role, people and what goes up when; `-` reads standard input.
    SetRule(ApprovalsSetRuleArgs),
    /// Retire a rule.
    RetireRule(ApprovalsRetireRuleArgs),
    /// Let a user decide in another's name for a span of days.
    Delegate(ApprovalsDelegateArgs),
    /// List who decides in whose name.
    Delegations(ListArgs),
    /// End a delegation at once.
    EndDelegation(ApprovalsEndArgs),
}

/// `approvals list`.
#[derive(Debug, clap::Args)]
pub(crate) struct ApprovalsListArgs {
    /// Only documents of this kind, such as `purchase_order`.
    #[arg(long)]
    pub kind: Option<String>,
    #[command(flatten)]
    pub list: ListArgs,
}

/// `approvals approve` and `approvals refuse`.
#[derive(Debug, clap::Args)]
pub(crate) struct ApprovalsDecideArgs {
    /// The approvals, by id.
    #[arg(required = true)]
    pub approvals: Vec<ApprovalId>,
    /// Why; a refusal needs it.
    #[arg(long, default_value = "")]
    pub reason: String,
    #[command(flatten)]
    pub list: ListArgs,
}

/// `approvals set-rule`.
#[derive(Debug, clap::Args)]
pub(crate) struct ApprovalsSetRuleArgs {
    /// The JSON file.
    pub file: PathBuf,
    #[command(flatten)]
    pub list: ListArgs,
}

/// `approvals retire-rule`.
#[derive(Debug, clap::Args)]
pub(crate) struct ApprovalsRetireRuleArgs {
    /// The kind of document.
    pub kind: String,
    /// What the rule is called.
    pub code: String,
    #[command(flatten)]
    pub list: ListArgs,
}

/// `approvals delegate`.
#[derive(Debug, clap::Args)]
pub(crate) struct ApprovalsDelegateArgs {
    /// In whose name, by login.
    #[arg(long)]
    pub from: String,
    /// Who decides, by login.
    #[arg(long)]
    pub to: String,
    /// The last day.
    #[arg(long)]
    pub until: Day,
    /// The first day; today when left out.
    #[arg(long)]
    pub since: Option<Day>,
    /// Only documents of this kind; repeat it for several.
    #[arg(long = "kind")]
    pub kinds: Vec<String>,
    /// Why, such as a holiday.
    #[arg(long, default_value = "")]
    pub reason: String,
    #[command(flatten)]
    pub list: ListArgs,
}

/// `approvals end-delegation`.
#[derive(Debug, clap::Args)]
pub(crate) struct ApprovalsEndArgs {
    /// The delegation's id.
    pub delegation: DelegationId,
    #[command(flatten)]
    pub list: ListArgs,
}
