//! Reading and writing proposals with their versions.

use super::{
    BASES, ENSURE_SCOPES, HISTORY, INSERT_PROPOSALS, INSERT_VERSIONS, LIST_PROPOSALS,
    LIVE_WITH_BASIS, LOCK_LIVE, LOCK_PROPOSALS, LOCK_SCOPES, UPDATE_PROPOSALS, day_at, day_text,
    id_at, raw,
};
use crate::basis::Basis;
use crate::model::{Figures, Proposal, Spot, Version};
use crate::words::ProposalState;
use base::{CompanyId, ItemId, PlaceId, ProposalId, PurchaseOrderId, WarehouseId};
use identity::Ctx;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::{Row, Rows, StoreError, Tx, Value, params, row};

/// Locks warehouses for planning, in the order of their ids.
pub(crate) fn lock_scopes(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    warehouses: &BTreeSet<WarehouseId>,
) -> Result<(), StoreError> {
    let set = || Rows::column(warehouses);
    if tx.query(&LOCK_SCOPES, params![company_id; set()])?.len() < warehouses.len() {
        // The first run of a warehouse; the lock is then asked for again.
        tx.write(&ENSURE_SCOPES, params![company_id; set()])?;
        tx.query(&LOCK_SCOPES, params![company_id; set()])?;
    }
    Ok(())
}

/// The live proposals of spots, locked.
pub(crate) fn lock_live(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    spots: &[Spot],
) -> Result<HashMap<(ItemId, PlaceId), Proposal>, StoreError> {
    let mut set = Rows::new(2);
    for spot in spots {
        set.push(row![spot.item_id, spot.place_id]);
    }
    let found = tx.query(&LOCK_LIVE, params![company_id; set])?;
    found.iter().map(proposal_of).map(|p| p.map(|p| ((p.item_id, p.place_id), p))).collect()
}

/// Proposals, locked, by id.
pub(crate) fn lock_proposals(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    ids: &BTreeSet<ProposalId>,
) -> Result<BTreeMap<ProposalId, Proposal>, StoreError> {
    let found = tx.query(&LOCK_PROPOSALS, params![company_id; Rows::column(ids)])?;
    found.iter().map(proposal_of).map(|p| p.map(|p| (p.id, p))).collect()
}

fn proposal_of(row: &Row) -> Result<Proposal, StoreError> {
    Ok(Proposal {
        id: row.get(0)?,
        version: row.get(1)?,
        state: row.get(2)?,
        item_id: row.get(3)?,
        place_id: row.get(4)?,
        warehouse_id: row.get(5)?,
        rule_id: id_at(row, 6)?,
        basis_version: row.get(9)?,
        figures: Figures {
            rule_version: row.get(7)?,
            algorithm: row.get(8)?,
            planned_on: row.get(10)?,
            arrives_on: row.get(11)?,
            forecast: row.get(12)?,
            need: row.get(13)?,
            quantity: row.get(14)?,
            partner_id: id_at(row, 15)?,
            currency: row.get(16)?,
            chosen: row.get(17)?,
            unit: row.get(18)?,
            order_quantity: row.get(19)?,
            lead_days: row.get(20)?,
            unit_cost: row.get(21)?,
        },
        held_back: row.get(22)?,
        dismissed_until: day_at(row, 23)?,
        reason: row.get(24)?,
        approved_quantity: row.get(25)?,
        order_id: id_at(row, 26)?,
        order_line: row.get(27)?,
    })
}

fn proposal_row(p: &Proposal) -> [Value; 28] {
    let f = &p.figures;
    row![
        p.id,
        p.version,
        p.state,
        p.item_id,
        p.place_id,
        p.warehouse_id,
        raw(p.rule_id),
        f.rule_version,
        f.algorithm,
        p.basis_version,
        f.planned_on,
        f.arrives_on,
        f.forecast,
        f.need,
        f.quantity,
        raw(f.partner_id),
        f.currency,
        f.chosen,
        f.unit,
        f.order_quantity,
        f.lead_days,
        f.unit_cost,
        p.held_back,
        day_text(p.dismissed_until),
        p.reason,
        p.approved_quantity,
        raw(p.order_id),
        p.order_line
    ]
}

/// Writes proposals, new ones and locked ones, with their versions.
pub(crate) fn write_proposals(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    written: &[(Proposal, Version)],
) -> Result<(), StoreError> {
    let (mut new, mut known, mut versions) = (Rows::new(28), Rows::new(28), Rows::new(6));
    for (proposal, version) in written {
        let rows = if proposal.version == 1 { &mut new } else { &mut known };
        rows.push(proposal_row(proposal));
        let basis = version.basis.as_ref().map(kept).unwrap_or_default();
        let quantity = match proposal.state {
            ProposalState::Approved => proposal.approved_quantity,
            _ => proposal.figures.quantity,
        };
        versions.push(row![
            proposal.id,
            proposal.version,
            version.what,
            quantity,
            version.reason,
            basis
        ]);
    }
    tx.write(&INSERT_PROPOSALS, params![ctx.company_id, ctx.at; new])?;
    tx.write_exactly(known.len(), &UPDATE_PROPOSALS, params![ctx.company_id, ctx.at; known])?;
    tx.write(&INSERT_VERSIONS, params![ctx.company_id, ctx.user_id, ctx.at; versions])
}

/// A basis as it is kept: fields in their declared order, days and lists sorted when it was made.
fn kept(basis: &Basis) -> String {
    serde_json::to_string(basis).expect("a basis has only strings, numbers and lists of them")
}

/// A kept basis, none when an earlier version of Purser kept it in another form.
pub(crate) fn basis_of(text: &str) -> Option<Basis> {
    serde_json::from_str(text).ok()
}

/// What live proposals were decided from.
pub(crate) fn bases<'p>(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    proposals: impl IntoIterator<Item = &'p Proposal>,
) -> Result<HashMap<ProposalId, Basis>, StoreError> {
    let mut set = Rows::new(2);
    for proposal in proposals {
        set.push(row![proposal.id, proposal.basis_version]);
    }
    if set.is_empty() {
        return Ok(HashMap::new());
    }
    let found = tx.query(&BASES, params![company_id; set])?;
    let mut bases = HashMap::with_capacity(found.len());
    for row in &found {
        if let Some(basis) = basis_of(&row.get::<String>(1)?) {
            bases.insert(row.get(0)?, basis);
        }
    }
    Ok(bases)
}

/// A proposal in a list.
pub(crate) struct Listed {
    pub proposal: Proposal,
    pub sku: String,
    pub name: String,
    pub place: String,
    pub supplier: String,
    pub order: String,
    pub stock_unit: String,
}

/// Which proposals to list.
#[derive(Default)]
pub(crate) struct Which<'f> {
    pub state: Option<ProposalState>,
    pub sku: Option<&'f str>,
    pub warehouse_id: Option<WarehouseId>,
    pub supplier: Option<&'f str>,
    pub order_id: Option<PurchaseOrderId>,
    pub id: Option<ProposalId>,
}

/// Proposals by id.
pub(crate) fn list_proposals(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    which: &Which<'_>,
    after: i64,
    limit: i64,
) -> Result<Vec<Listed>, StoreError> {
    let params = params![
        ctx.company_id,
        which.state,
        which.sku,
        raw(which.warehouse_id),
        which.supplier,
        raw(which.order_id),
        raw(which.id),
        after,
        limit
    ];
    let listed = |row: &Row| {
        Ok(Listed {
            proposal: proposal_of(row)?,
            sku: row.get(28)?,
            name: row.get(29)?,
            place: row.get(30)?,
            supplier: row.get(31)?,
            order: row.get(32)?,
            stock_unit: row.get(33)?,
        })
    };
    tx.query(&LIST_PROPOSALS, params)?.iter().map(listed).collect()
}

/// Live proposals after an id, with their kept bases.
pub(crate) fn live_with_basis(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    after: i64,
    limit: i64,
) -> Result<Vec<(Proposal, String)>, StoreError> {
    let found = tx.query(&LIVE_WITH_BASIS, params![company_id, after, limit])?;
    found.iter().map(|row| Ok((proposal_of(row)?, row.get(28)?))).collect()
}

/// What happened to a proposal, oldest first.
pub(crate) fn history(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    id: ProposalId,
) -> Result<Vec<crate::ProposalVersion>, StoreError> {
    let version = |row: &Row| {
        Ok(crate::ProposalVersion {
            version: row.get(0)?,
            what: row.get(1)?,
            quantity: row.get(2)?,
            reason: row.get(3)?,
            user_id: row.get(4)?,
            recorded_at: row.get(5)?,
        })
    };
    tx.query(&HISTORY, params![company_id, id])?.iter().map(version).collect()
}
