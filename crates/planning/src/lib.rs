//! What to buy next, or to bring from another warehouse, and why.
//!
//! A *rule* says how much of an item there shall be at a place, and whether suppliers or a warehouse
//! supply it. A run
//! ([`run_replenishment`](run_replenishment())) compares what is projected with it and keeps what it
//! would order as *proposals*; [`approve_proposals`](approve_proposals()) makes them lines of draft
//! orders and planned transfers. Each proposal keeps all that it was decided from, so that
//! [`replay_proposal`](replay_proposal()) comes to the same number.
//!
//! Reading order: the basis of a decision and the pure decision, the rules, the run, what becomes of
//! proposals, then what readers get.

mod basis;
mod model;
pub mod rules;
mod words;

mod import_rules;
mod set_rules;

mod approve_proposals;
mod dismiss_proposals;
mod gather;
mod propose;
mod replay_proposal;
mod run_replenishment;

mod checks;
mod proposal_groups;
mod readiness;
mod tables;
mod views;

pub use approve_proposals::{
    ApproveProposal, ApproveProposals, ApproveProposalsError, MAX_PROPOSALS, ProposalsApproved,
    approve_proposals,
};
pub use basis::{ALGORITHM, Basis, Break, Candidate, Choose, Dated, Levels, Source};
pub use dismiss_proposals::{
    DismissProposals, DismissProposalsError, ProposalsDismissed, dismiss_proposals,
};
pub use import_rules::{RULE_COLUMNS, export_rules, import_rules};
pub use proposal_groups::{ProposalGroup, ProposalGroupFilter, proposal_groups};
pub use readiness::{Gap, Readiness, ReadinessError, ReadinessFilter, readiness};
pub use replay_proposal::{ReplayProposalError, Replayed, replay_proposal, verify_proposals};
pub use run_replenishment::{
    MAX_SPOTS, ReplenishmentRun, RunReplenishment, RunReplenishmentError, run_replenishment,
};
pub use set_rules::{MAX_RULES, RuleError, RulesSet, SetRule, SetRules, SetRulesError, set_rules};
pub use views::{
    LeadTime, LeadTimeFilter, ListError, ProposalFilter, ProposalRow, ProposalSort,
    ProposalVersion, RuleFilter, RuleRow, lead_times, list_proposals, list_rules,
};
pub use words::{Missing, ProposalState, Trigger, What};

use identity::Permission;

/// May see rules, proposals, readiness and lead times.
pub const READ: Permission = Permission("planning.read");
/// May set rules; automatic ones need [`APPROVE`], too.
pub const RULE: Permission = Permission("planning.rule");
/// May run replenishment.
pub const RUN: Permission = Permission("planning.run");
/// May turn proposals into draft orders and planned transfers, and dismiss them. Transfers need what
/// `stock` asks of whoever plans one, too.
pub const APPROVE: Permission = Permission("planning.approve");

/// Every permission that a role can give here.
pub static PERMISSIONS: &[Permission] = &[READ, RULE, RUN, APPROVE];

/// The audit's names of what [`RULE`], [`RUN`] and [`APPROVE`] allow.
const SET_RULES: Permission = Permission("planning.set_rules");
const RUN_REPLENISHMENT: Permission = Permission("planning.run_replenishment");
const DISMISS: Permission = Permission("planning.dismiss_proposals");

/// What this crate brings to the database.
pub static SCHEMA: store::Schema = store::Schema {
    name: "planning",
    migrations: store::migrations!(
        "0001_planning.sql",
        "0002_supplied_by_warehouses.sql",
        "0003_supplied_proposals.sql"
    ),
    statements: tables::STATEMENTS,
    checks: checks::CHECKS,
    append_only: &["planning_version"],
    below: &[
        &store::SCHEMA,
        &identity::SCHEMA,
        &catalog::SCHEMA,
        &partners::SCHEMA,
        &accounting::SCHEMA,
        &valuation::SCHEMA,
        &stock::SCHEMA,
        &purchasing::SCHEMA,
    ],
};
