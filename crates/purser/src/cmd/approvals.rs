//! `purser approvals`: what waits for whose yes.

use super::count::{act, bytes_of};
use crate::args::{
    ApprovalsCommand, ApprovalsDecideArgs, ApprovalsDelegateArgs, ApprovalsListArgs,
    ApprovalsRetireRuleArgs, ApprovalsSetRuleArgs, DatabaseArgs, ListArgs,
};
use crate::failure::{Failure, refused};
use crate::place;
use api::approvals::{
    ApprovalAnswer, ApprovalsDecided, DecideApproval, DecideApprovals, KINDS, MOST_DECISIONS,
};
use base::{Money, Page};
use identity::{
    ApprovalRow, ApprovalRule, ApprovalRuleDefined, ApprovalRuleError, ApprovalRuleFilter,
    ApprovalRuleRow, ApprovalsEscalated, ChangeApprovalRule, Ctx, Delegate, DelegationFilter,
    EndDelegation, EscalateApprovals, RetireApprovalRule, Verdict, WaitingFilter,
};
use serde::Serialize;
use std::process::ExitCode;
use store::Tx;

/// Goes through the door of a command of `approvals`. Exit 1 says that a decision was refused.
pub(crate) fn run(args: &DatabaseArgs, asked: ApprovalsCommand) -> Result<ExitCode, Failure> {
    match asked {
        ApprovalsCommand::List(asked) => list(args, &asked),
        ApprovalsCommand::Approve(asked) => decide(args, asked, Verdict::Approve),
        ApprovalsCommand::Refuse(asked) => decide(args, asked, Verdict::Refuse),
        ApprovalsCommand::Escalate(asked) => escalate(args, &asked),
        ApprovalsCommand::Kinds(asked) => kinds(args, &asked),
        ApprovalsCommand::Rules(asked) => rules(args, &asked),
        ApprovalsCommand::SetRule(asked) => set_rule(args, &asked),
        ApprovalsCommand::RetireRule(asked) => retire_rule(args, asked),
        ApprovalsCommand::Delegate(asked) => delegate(args, asked),
        ApprovalsCommand::Delegations(asked) => delegations(args, &asked),
        ApprovalsCommand::EndDelegation(asked) => {
            let request = EndDelegation { delegation_id: asked.delegation };
            act(args, &asked.list, request, identity::end_delegation, |done| {
                format!("delegation {} has ended", done.delegation_id)
            })?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Every line of a list that is read page by page as the operator.
fn all<T: Send + 'static>(
    args: &DatabaseArgs,
    list: &ListArgs,
    page: impl Fn(&mut Tx<'_>, &Ctx, Option<String>) -> Result<Page<T>, Failure> + Send + 'static,
) -> Result<Vec<T>, Failure> {
    let database = place::open(args)?;
    let company = place::company(&database, list.company.as_deref())?;
    database.read(move |tx| {
        let ctx = place::operator(tx, company)?;
        let (mut lines, mut cursor) = (Vec::new(), None);
        loop {
            let found = page(tx, &ctx, cursor)?;
            lines.extend(found.lines);
            cursor = found.next_cursor;
            if cursor.is_none() {
                return Ok(lines);
            }
        }
    })
}

/// Prints lines: in words, or all of them as JSON.
fn tell<T: Serialize>(
    list: &ListArgs,
    lines: &[T],
    words: impl Fn(&T) -> String,
) -> Result<ExitCode, Failure> {
    if list.json {
        let text = serde_json::to_string_pretty(lines);
        println!("{}", text.map_err(|error| Failure(error.to_string()))?);
    } else {
        lines.iter().for_each(|line| println!("{}", words(line)));
    }
    Ok(ExitCode::SUCCESS)
}

fn list(args: &DatabaseArgs, asked: &ApprovalsListArgs) -> Result<ExitCode, Failure> {
    let kind = asked.kind.clone();
    let rows = all(args, &asked.list, move |tx, ctx, cursor| {
        let filter = WaitingFilter { kind: kind.clone(), cursor, ..WaitingFilter::default() };
        identity::waiting_approvals(tx, ctx, filter).map_err(refused)
    })?;
    let waits = |row: &ApprovalRow| {
        let due = row.escalates_on.filter(|_| row.escalated_at.is_none());
        let due = due.map_or(String::new(), |day| format!(", goes up on {day}"));
        let up = if row.escalated_at.is_some() { ", went up" } else { "" };
        format!(
            "{}  {} {}: {}; asked by {} {} days ago, {} of {} agreed{due}{up}: {}",
            row.approval_id,
            row.kind,
            row.number,
            row.amount,
            row.asked_by,
            row.age_days,
            row.given,
            row.people,
            row.why
        )
    };
    tell(&asked.list, &rows, waits)?;
    if !asked.list.json {
        println!("{} approvals wait", rows.len());
    }
    Ok(ExitCode::SUCCESS)
}

fn decide(
    args: &DatabaseArgs,
    asked: ApprovalsDecideArgs,
    verdict: Verdict,
) -> Result<ExitCode, Failure> {
    let ApprovalsDecideArgs { approvals, reason, list } = asked;
    let mut refusals = 0;
    for part in approvals.chunks(MOST_DECISIONS) {
        let one = |approval_id: &base::ApprovalId| DecideApproval {
            approval_id: *approval_id,
            revision: None,
            verdict,
            reason: reason.clone(),
        };
        let decisions = part.iter().map(one).collect();
        let request = DecideApprovals { decisions, all_or_nothing: false };
        let done = act(args, &list, request, api::approvals::decide, told)?;
        let refused = |answer: &&ApprovalAnswer| matches!(answer, ApprovalAnswer::Refused { .. });
        refusals += done.results.iter().filter(refused).count();
    }
    Ok(if refusals == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn told(done: &ApprovalsDecided) -> String {
    let line = |answer: &ApprovalAnswer| match answer {
        ApprovalAnswer::Done { kind, number, state, .. } => {
            format!("{kind} {number} is {}", format!("{state:?}").to_lowercase())
        }
        ApprovalAnswer::Refused { approval_id, message, .. } => {
            format!("approval {approval_id}: {message}")
        }
    };
    done.results.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn escalate(args: &DatabaseArgs, list: &ListArgs) -> Result<ExitCode, Failure> {
    loop {
        let request = EscalateApprovals::default();
        let words = |done: &ApprovalsEscalated| {
            let line = |one: &identity::EscalatedApproval| {
                format!("{} {} went up, due on {}", one.kind, one.number, one.due_on)
            };
            match done.approvals.is_empty() {
                true => "nothing has waited too long".to_owned(),
                false => done.approvals.iter().map(line).collect::<Vec<_>>().join("\n"),
            }
        };
        if !act(args, list, request, identity::escalate_approvals, words)?.more {
            return Ok(ExitCode::SUCCESS);
        }
    }
}

fn kinds(args: &DatabaseArgs, list: &ListArgs) -> Result<ExitCode, Failure> {
    let rows = all(args, list, |tx, ctx, _| {
        api::approvals::list_kinds(tx, ctx, api::approvals::ApprovalKindFilter::default())
            .map_err(refused)
    })?;
    tell(list, &rows, |row| {
        let fact = |fact: &api::approvals::ApprovalFactRow| {
            let takes = if fact.number { "above" } else { "is" };
            format!("  {} ({takes}): {}", fact.fact, fact.about)
        };
        let facts: Vec<String> = row.facts.iter().map(fact).collect();
        format!("{} ({})\n{}", row.kind, row.permission, facts.join("\n"))
    })
}

fn rules(args: &DatabaseArgs, list: &ListArgs) -> Result<ExitCode, Failure> {
    let rows = all(args, list, |tx, ctx, cursor| {
        let filter = ApprovalRuleFilter { cursor, ..ApprovalRuleFilter::default() };
        identity::approval_rules(tx, ctx, filter).map_err(refused)
    })?;
    tell(list, &rows, |row: &ApprovalRuleRow| {
        let from = |amount: &Money| format!("from {amount}");
        let condition = |one: &identity::Condition| match one.above {
            Some(above) => format!("{} above {above}", one.fact),
            None => format!("{} is {}", one.fact, one.is.join(" or ")),
        };
        let mut when: Vec<String> = row.from_amount.iter().map(from).collect();
        when.extend(row.conditions.iter().map(condition));
        let when = if when.is_empty() { "always".to_owned() } else { when.join(" and ") };
        let who = row.role.as_ref().map_or(row.permission.clone(), |role| format!("role {role}"));
        let retired = if row.active { "" } else { ", retired" };
        let (kind, code, people) = (&row.kind, &row.code, row.people);
        format!("{kind} {code}: {when}: {people} with {who}{retired}")
    })
}

/// Defines a rule, or changes the one of the same kind and code.
fn set_rule(args: &DatabaseArgs, asked: &ApprovalsSetRuleArgs) -> Result<ExitCode, Failure> {
    let bytes = bytes_of(&asked.file)?;
    let rule: ApprovalRule = serde_json::from_slice(&bytes)
        .map_err(|error| Failure(format!("{}: {error}", asked.file.display())))?;
    act(args, &asked.list, rule, define_or_change, |done: &ApprovalRuleDefined| {
        format!("rule {} is at revision {}", done.rule_id, done.revision)
    })?;
    Ok(ExitCode::SUCCESS)
}

fn define_or_change(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    rule: ApprovalRule,
) -> Result<ApprovalRuleDefined, ApprovalRuleError> {
    match revision_of(tx, ctx, &rule.kind, &rule.code)? {
        Some(revision) => {
            let request = ChangeApprovalRule { revision, rule };
            identity::change_approval_rule(tx, ctx, &KINDS, request)
        }
        None => identity::define_approval_rule(tx, ctx, &KINDS, rule),
    }
}

/// The revision of a rule, if there is one.
fn revision_of(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    kind: &str,
    code: &str,
) -> Result<Option<i64>, ApprovalRuleError> {
    let mut filter =
        ApprovalRuleFilter { kind: Some(kind.to_owned()), ..ApprovalRuleFilter::default() };
    loop {
        let page = identity::approval_rules(tx, ctx, filter.clone())?;
        if let Some(row) = page.lines.iter().find(|row| row.code == code) {
            return Ok(Some(row.revision));
        }
        filter.cursor = page.next_cursor;
        if filter.cursor.is_none() {
            return Ok(None);
        }
    }
}

fn retire_rule(args: &DatabaseArgs, asked: ApprovalsRetireRuleArgs) -> Result<ExitCode, Failure> {
    let ApprovalsRetireRuleArgs { kind, code, list } = asked;
    let request = RetireApprovalRule { kind, code, revision: 0 };
    let door = |tx: &mut Tx<'_>, ctx: &Ctx, request: RetireApprovalRule| {
        let RetireApprovalRule { kind, code, .. } = request;
        let revision = revision_of(tx, ctx, &kind, &code)?.unwrap_or_default();
        identity::retire_approval_rule(tx, ctx, RetireApprovalRule { kind, code, revision })
    };
    act(args, &list, request, door, |done: &ApprovalRuleDefined| {
        format!("rule {} asks no longer", done.rule_id)
    })?;
    Ok(ExitCode::SUCCESS)
}

fn delegate(args: &DatabaseArgs, asked: ApprovalsDelegateArgs) -> Result<ExitCode, Failure> {
    let ApprovalsDelegateArgs { from, to, until, since, kinds, reason, list } = asked;
    let request = Delegate { to, from: Some(from), from_day: since, to_day: until, kinds, reason };
    let door = |tx: &mut Tx<'_>, ctx: &Ctx, request| identity::delegate(tx, ctx, &KINDS, request);
    act(args, &list, request, door, |done| format!("delegation {} stands", done.delegation_id))?;
    Ok(ExitCode::SUCCESS)
}

fn delegations(args: &DatabaseArgs, list: &ListArgs) -> Result<ExitCode, Failure> {
    let rows = all(args, list, |tx, ctx, cursor| {
        let filter = DelegationFilter { all: true, cursor, ..DelegationFilter::default() };
        identity::delegations(tx, ctx, filter).map_err(refused)
    })?;
    tell(list, &rows, |row| {
        let kinds =
            if row.kinds.is_empty() { "everything".to_owned() } else { row.kinds.join(", ") };
        let ended = if row.ended_at.is_some() { ", ended" } else { "" };
        format!(
            "{}  {} decides for {} from {} to {}: {kinds}{ended}",
            row.delegation_id, row.to_login, row.from_login, row.from_day, row.to_day
        )
    })
}
