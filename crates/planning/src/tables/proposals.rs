//! Reading and writing proposals with their versions.

use super::{
    BASES, DRAWN, ENSURE_SCOPES, HISTORY, INSERT_PROPOSALS, INSERT_VERSIONS, LIST_BY_SUPPLY,
    LIST_OF_SUPPLY, LIST_PROPOSALS, LIVE_WITH_BASIS, LOCK_ENDS, LOCK_LIVE, LOCK_PROPOSALS,
    LOCK_SCOPES, UPDATE_PROPOSALS, day_at, day_text, id_at, raw,
};
use crate::basis::Basis;
use crate::model::{Became, Document, Figures, Proposal, Spot, Version};
use crate::words::ProposalState;
use base::{
    CompanyId, Day, Id, ItemId, PartnerId, PlaceId, ProposalId, PurchaseOrderId, Quantity,
    TransferId, WarehouseId,
};
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

/// Locks for planning the warehouses at both ends of the transfers among proposals, so that no run
/// looks at one of them while these become transfers.
pub(crate) fn lock_ends(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    ids: &BTreeSet<ProposalId>,
) -> Result<(), StoreError> {
    tx.query(&LOCK_ENDS, params![company_id; Rows::column(ids)]).map(drop)
}

/// The live proposals of spots, locked, those of a spot by the day on which they are needed.
pub(crate) fn lock_live(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    spots: &[Spot],
) -> Result<HashMap<(ItemId, PlaceId), Vec<Proposal>>, StoreError> {
    let mut set = Rows::new(2);
    for spot in spots {
        set.push(row![spot.item_id, spot.place_id]);
    }
    let mut live: HashMap<(ItemId, PlaceId), Vec<Proposal>> = HashMap::new();
    for row in tx.query(&LOCK_LIVE, params![company_id; set])? {
        let proposal = proposal_of(&row)?;
        live.entry((proposal.item_id, proposal.place_id)).or_default().push(proposal);
    }
    for proposals in live.values_mut() {
        proposals.sort_by_key(|proposal| proposal.figures.needed_on);
    }
    Ok(live)
}

/// What an open proposal would take from the warehouse that supplies its place.
#[derive(Debug, Clone)]
pub(crate) struct Drawn {
    pub item_id: ItemId,
    /// The warehouse that supplies.
    pub source_id: WarehouseId,
    /// The place that is supplied, and its warehouse.
    pub place_id: PlaceId,
    pub warehouse_id: WarehouseId,
    /// When the goods leave, and how much.
    pub on: Day,
    pub quantity: Quantity,
}

/// What open proposals would take of items from the warehouses that supply.
pub(crate) fn drawn(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    items: &BTreeSet<ItemId>,
) -> Result<Vec<Drawn>, StoreError> {
    if items.is_empty() {
        return Ok(Vec::new());
    }
    let drawn = |row: &Row| {
        let arrives_on: Day = row.get(4)?;
        let left = arrives_on.plus(-row.get::<i64>(5)?);
        Ok(Drawn {
            item_id: row.get(0)?,
            source_id: row.get(1)?,
            warehouse_id: row.get(2)?,
            place_id: row.get(3)?,
            on: left.map_err(|error| StoreError::Unusable(error.to_string()))?,
            quantity: row.get(6)?,
        })
    };
    tx.query(&DRAWN, params![company_id; Rows::column(items)])?.iter().map(drawn).collect()
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
    let source_id = id_at(row, 28)?;
    let became = match (row.get::<i64>(26)?, source_id) {
        (0, _) => None,
        (id, None) => Some(Document::Order(PurchaseOrderId::from_raw(id))),
        (id, Some(_)) => Some(Document::Transfer(TransferId::from_raw(id))),
    };
    let line = row.get(27)?;
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
            source_id,
            needed_on: day_at(row, 29)?,
            available: row.get(30)?,
        },
        held_back: row.get(22)?,
        dismissed_until: day_at(row, 23)?,
        reason: row.get(24)?,
        approved_quantity: row.get(25)?,
        became: became.map(|document| Became { document, line }),
    })
}

fn proposal_row(p: &Proposal) -> [Value; 31] {
    let f = &p.figures;
    let (became_id, became_line) = match p.became {
        None => (0, 0),
        Some(Became { document: Document::Order(id), line }) => (id.raw(), line),
        Some(Became { document: Document::Transfer(id), line }) => (id.raw(), line),
    };
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
        became_id,
        became_line,
        raw(f.source_id),
        day_text(f.needed_on),
        f.available
    ]
}

/// Writes proposals, new ones and locked ones, with their versions.
pub(crate) fn write_proposals(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    written: &[(Proposal, Version)],
) -> Result<(), StoreError> {
    let (mut new, mut known, mut versions) = (Rows::new(31), Rows::new(31), Rows::new(6));
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
    pub source: String,
    pub transfer: String,
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
    pub source_id: Option<WarehouseId>,
    pub transfer_id: Option<TransferId>,
}

/// After which a page of proposals begins: an id, or who supplies them and an id.
pub(crate) enum After<'a> {
    Made(i64),
    Supply(&'a str, i64),
    /// An id, of those in a state that one supplier or warehouse would supply.
    Of(Option<PartnerId>, i64),
}

/// Proposals by id, or by who supplies them.
pub(crate) fn list_proposals(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    which: &Which<'_>,
    after: After<'_>,
    limit: i64,
) -> Result<Vec<Listed>, StoreError> {
    let (company, state) = (ctx.company_id, which.state);
    let (sku, warehouse, supplier) = (which.sku, raw(which.warehouse_id), which.supplier);
    let (order, id) = (raw(which.order_id), raw(which.id));
    let (source, transfer) = (raw(which.source_id), raw(which.transfer_id));
    let found = match after {
        After::Made(after) => {
            let params = params![
                company, state, sku, warehouse, supplier, order, id, source, transfer, after, limit
            ];
            tx.query(&LIST_PROPOSALS, params)?
        }
        After::Supply(code, after) => {
            let params = params![
                company, state, sku, warehouse, supplier, order, id, source, transfer, code, after,
                limit
            ];
            tx.query(&LIST_BY_SUPPLY, params)?
        }
        After::Of(partner, after) => {
            let partner = raw(partner);
            let params = params![
                company, state, sku, warehouse, supplier, order, id, source, transfer, partner,
                source, after, limit
            ];
            tx.query(&LIST_OF_SUPPLY, params)?
        }
    };
    let listed = |row: &Row| {
        Ok(Listed {
            proposal: proposal_of(row)?,
            sku: row.get(31)?,
            name: row.get(32)?,
            place: row.get(33)?,
            supplier: row.get(34)?,
            order: row.get(35)?,
            stock_unit: row.get(36)?,
            source: row.get(37)?,
            transfer: row.get(38)?,
        })
    };
    found.iter().map(listed).collect()
}

/// Live proposals after an id, with their kept bases.
pub(crate) fn live_with_basis(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    after: i64,
    limit: i64,
) -> Result<Vec<(Proposal, String)>, StoreError> {
    let found = tx.query(&LIVE_WITH_BASIS, params![company_id, after, limit])?;
    found.iter().map(|row| Ok((proposal_of(row)?, row.get(31)?))).collect()
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
