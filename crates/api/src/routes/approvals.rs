//! What waits for whose yes, for all kinds of documents.

use crate::approvals::{self, KINDS};
use crate::route::Routes;
use identity::{DECIDE, DEFINE_APPROVAL_RULE, DELEGATE, ESCALATE, READ};

pub(super) fn add(routes: Routes) -> Routes {
    rules(inbox(routes))
}

fn inbox(routes: Routes) -> Routes {
    routes
        .list(
            "/approvals",
            DECIDE,
            "List what waits for one's yes, or what one asked for",
            identity::waiting_approvals,
        )
        .list("/approvals/history", READ, "List approvals, the newest first", identity::approvals)
        .verb(
            "/approvals/decide",
            DECIDE,
            "Approve or refuse documents of any kind, up to 100",
            approvals::decide,
        )
        .verb(
            "/approvals/escalate",
            ESCALATE,
            "Let what waited too long go up",
            identity::escalate_approvals,
        )
}

fn rules(routes: Routes) -> Routes {
    routes
        .list(
            "/approval-kinds",
            DECIDE,
            "List the kinds that ask for approvals, with the facts that rules may look at",
            approvals::list_kinds,
        )
        .verb(
            "/approval-rules",
            DEFINE_APPROVAL_RULE,
            "Define a rule of approval",
            |tx, ctx, rule| identity::define_approval_rule(tx, ctx, &KINDS, rule),
        )
        .list("/approval-rules", READ, "List rules of approval", identity::approval_rules)
        .verb(
            "/approval-rules/change",
            DEFINE_APPROVAL_RULE,
            "Change a rule of approval",
            |tx, ctx, request| identity::change_approval_rule(tx, ctx, &KINDS, request),
        )
        .verb(
            "/approval-rules/retire",
            DEFINE_APPROVAL_RULE,
            "Retire a rule of approval",
            identity::retire_approval_rule,
        )
        .verb("/delegations", DELEGATE, "Let another decide in one's name", |tx, ctx, request| {
            identity::delegate(tx, ctx, &KINDS, request)
        })
        .list("/delegations", DECIDE, "List who decides in whose name", identity::delegations)
        .verb("/delegations/end", DELEGATE, "End a delegation", identity::end_delegation)
}
