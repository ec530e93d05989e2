//! Rules of replenishment, runs, and proposals of what to buy.

use crate::route::{Routes, whole};
use planning::{
    APPROVE, LeadTimeFilter, ProposalFilter, ProposalGroupFilter, READ, RULE, RUN, ReadinessFilter,
    RuleFilter,
};

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .verb("/replenishment-rules", RULE, "Set rules, up to 1,000", planning::set_rules)
        .list("/replenishment-rules", READ, "List rules", |tx, ctx, filter: RuleFilter| {
            planning::list_rules(tx, ctx, &filter)
        })
        .import(
            "/replenishment-rules/import",
            RULE,
            "Import rules from CSV",
            &planning::RULE_COLUMNS,
            planning::import_rules,
        )
        .verb(
            "/replenishment-runs",
            RUN,
            "Propose what is short, for up to 1,000 items at places",
            planning::run_replenishment,
        )
        .list("/proposals", READ, "List proposals", |tx, ctx, filter: ProposalFilter| {
            planning::list_proposals(tx, ctx, &filter)
        })
        .list(
            "/proposal-groups",
            READ,
            "Sum proposals by who supplies them",
            |tx, ctx, filter: ProposalGroupFilter| planning::proposal_groups(tx, ctx, &filter),
        )
        .detail(
            "/proposals/{id}",
            READ,
            "Explain a proposal by what it was decided from",
            planning::replay_proposal,
        )
        .verb(
            "/proposals/approve",
            APPROVE,
            "Turn proposals into draft orders",
            planning::approve_proposals,
        )
        .verb(
            "/proposals/dismiss",
            APPROVE,
            "Say no to proposals until a day",
            planning::dismiss_proposals,
        )
        .list("/readiness", READ, "List what items lack", |tx, ctx, filter: ReadinessFilter| {
            planning::readiness(tx, ctx, &filter)
        })
        .list("/lead-times", READ, "Tell how long suppliers take", |tx, ctx, f: LeadTimeFilter| {
            planning::lead_times(tx, ctx, &f).map(whole)
        })
}
