//! `list_facts`: the names of all facts that a webhook can be told of.

use crate::{READ, WebhookError, rules};
use base::Page;
use identity::Ctx;
use serde::{Deserialize, Serialize};
use store::Tx;
use utoipa::ToSchema;

/// The names of all facts, in their order. Whoever states a new one adds it here; a test over the sources
/// of all crates sees to it.
pub const FACTS: &[&str] = &[
    "accounting.period_locked",
    "accounting.period_unlocked",
    "catalog.barcode_added",
    "catalog.category_defined",
    "catalog.import_undone",
    "catalog.item_amended",
    "catalog.item_created",
    "catalog.item_restored",
    "catalog.item_retired",
    "catalog.items_imported",
    "catalog.kit_defined",
    "catalog.packaging_added",
    "catalog.unit_defined",
    "counting.applied",
    "counting.cancelled",
    "counting.conflicting",
    "counting.counted",
    "counting.opened",
    "counting.refreshed",
    "counting.resolved",
    "documents.attached",
    "documents.detached",
    "identity.approval_escalated",
    "jobs.job_failed",
    "mail.queued",
    "opening.opened",
    "opening.undone",
    "partners.bank_details_asked",
    "partners.bank_details_changed",
    "partners.bank_details_decided",
    "partners.contacts_set",
    "partners.import_undone",
    "partners.partner_amended",
    "partners.partner_created",
    "partners.partner_restored",
    "partners.partner_retired",
    "partners.partners_imported",
    "payments.captured",
    "payments.deposit_applied",
    "payments.deposit_paid",
    "payments.fee_booked",
    "payments.paid",
    "payments.paid_out",
    "payments.received",
    "payments.refunded",
    "payments.reversed",
    "picking.assigned",
    "picking.cancelled",
    "picking.labelled",
    "picking.packed",
    "picking.picked",
    "picking.planned",
    "picking.put_back",
    "picking.shipped",
    "picking.unpacked",
    "planning.amended",
    "planning.approved",
    "planning.dismissed",
    "planning.proposed",
    "planning.reopened",
    "planning.rule_set",
    "planning.withdrawn",
    "purchasing.bill_opened",
    "purchasing.bill_taken_back",
    "purchasing.billed",
    "purchasing.closed_short",
    "purchasing.mismatch_resolved",
    "purchasing.order_acknowledged",
    "purchasing.order_amended",
    "purchasing.order_billed",
    "purchasing.order_cancelled",
    "purchasing.order_created",
    "purchasing.order_decided",
    "purchasing.order_opened",
    "purchasing.order_sent",
    "purchasing.order_submitted",
    "purchasing.order_taken_back",
    "purchasing.received",
    "purchasing.returned",
    "quality.claim_opened",
    "quality.claim_settled",
    "quality.disposed",
    "quality.inspected",
    "quality.inspected_ahead",
    "quality.passed_ahead",
    "quality.refund_decided",
    "quality.return_authorized",
    "quality.return_closed",
    "quality.return_received",
    "receiving.booked",
    "receiving.cancelled",
    "receiving.opened",
    "receiving.scan_voided",
    "receiving.scanned",
    "receiving.unknown_assigned",
    "receiving.unknown_ended",
    "receiving.unknown_identified",
    "receiving.unknown_recorded",
    "sales.accepted",
    "sales.came_back",
    "sales.cancelled",
    "sales.closed",
    "sales.credited",
    "sales.invoice_opened",
    "sales.invoice_taken_back",
    "sales.invoiced",
    "sales.reserved",
    "sales.shipped",
    "sales.supplied_from",
    "stock.adjusted",
    "stock.adjustment_asked",
    "stock.adjustment_decided",
    "stock.explained",
    "stock.put_away",
    "stock.transfer_amended",
    "stock.transfer_cancelled",
    "stock.transfer_planned",
    "stock.transfer_received",
    "stock.transfer_sent",
    "valuation.cost_changed",
    "valuation.method_changed",
    "webhooks.paused",
    "webhooks.pinged",
];

/// Whether a pattern names any fact.
pub(crate) fn names_any(pattern: &str) -> bool {
    FACTS.iter().any(|fact| rules::names(pattern, fact))
}

/// Which facts to list.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FactFilter {
    /// Only those that this pattern names, such as `sales.*`.
    pub pattern: Option<String>,
}

/// A fact that can be wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FactRow {
    /// Its name, which wants it alone.
    pub fact: String,
    /// The pattern that wants it and all others of its area.
    pub area: String,
}

/// Lists the facts that a webhook can be told of, by name.
///
/// # Errors
/// The first broken rule in the order of [`WebhookError`].
pub fn list_facts(
    _tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: FactFilter,
) -> Result<Page<FactRow>, WebhookError> {
    ctx.require(READ)?;
    let pattern = filter.pattern.as_deref().unwrap_or(rules::ALL);
    if !rules::is_pattern(pattern) {
        return Err(WebhookError::NotAPattern(pattern.to_owned()));
    }
    let named = FACTS.iter().filter(|fact| rules::names(pattern, fact));
    let row = |fact: &&str| {
        let area = fact.split_once('.').map_or(*fact, |(area, _)| area);
        FactRow { fact: (*fact).to_owned(), area: format!("{area}.*") }
    };
    Ok(Page { lines: named.map(row).collect(), next_cursor: None })
}
