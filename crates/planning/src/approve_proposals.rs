//! `approve_proposals`: proposals become lines of draft orders, one order for each supplier,
//! warehouse and currency. A draft that came of proposals takes further lines while its day is near
//! enough (policy `merge_window_days`); otherwise a new one is written.
//!
//! The proposal keeps the order and the line that it became, so that each line tells why it is
//! there.
//!
//! Where a warehouse supplies the place, they become lines of planned transfers, one transfer for each
//! source, destination and day on which the goods leave. All of a request are ordered and planned, or
//! none.

use crate::gather::Settings;
use crate::model::{Became, Document, Proposal, Version};
use crate::propose::tell;
use crate::readiness::Ready;
use crate::words::{ProposalState, What};
use crate::{APPROVE, tables};
use base::{
    Currency, Day, Id, ItemId, NumberError, PartnerId, PlaceId, Problem, ProblemKind, ProposalId,
    PurchaseOrderId, Quantity, Ratio, Rule, TextError, TransferId, WarehouseId, check_text,
};
use catalog::Item;
use identity::{Ctx, Denied};
use purchasing::{
    AddLines, AddLinesError, CreateOrder, CreateOrders, CreateOrdersError, Destination, MoreLines,
    OrderLine,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use stock::{PlanTransfer, TransferError, TransferItem, Warehouse};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// How many proposals one request may have.
pub const MAX_PROPOSALS: usize = 1_000;

/// Proposals to be ordered; one refusal refuses all of them.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApproveProposals {
    /// The proposals, at most 1,000.
    pub proposals: Vec<ApproveProposal>,
}

/// A proposal to be ordered.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApproveProposal {
    /// The proposal.
    pub proposal_id: ProposalId,
    /// The version that was looked at, so that nobody orders what a run has changed since.
    pub version: i64,
    /// Another quantity than proposed, in the unit of the order.
    #[serde(default)]
    pub quantity: Option<Quantity>,
    /// Why another quantity; needed with one.
    #[serde(default)]
    pub reason: String,
}

/// What became of the proposals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProposalsApproved {
    /// The draft orders, in the order of their ids.
    pub orders: Vec<PurchaseOrderId>,
    /// The planned transfers, in the order of their ids.
    pub transfers: Vec<TransferId>,
    /// How many proposals became lines with this request.
    pub approved: u64,
    /// How many were lines already.
    pub repeated: u64,
}

/// Why no proposal was ordered, in order of precedence.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum ApproveProposalsError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Too many at once.
    #[error("{got} proposals in one request; send at most {MAX_PROPOSALS}")]
    TooMany {
        /// How many were sent.
        got: usize,
    },
    /// A reason cannot be stored.
    #[error(transparent)]
    Text(#[from] TextError),
    /// There is no such proposal.
    #[error("there is no proposal {proposal_id}")]
    NotFound {
        /// The id asked for.
        proposal_id: ProposalId,
    },
    /// It is not to be ordered any more.
    #[error("proposal {proposal_id} is {state}; run replenishment to see what is needed now")]
    NotLive {
        /// The proposal.
        proposal_id: ProposalId,
        /// Its state.
        state: ProposalState,
    },
    /// It changed in between.
    #[error("proposal {proposal_id} is at version {found}, not {asked}; look at it again")]
    Changed {
        /// The proposal.
        proposal_id: ProposalId,
        /// Its version.
        found: i64,
        /// The version given.
        asked: i64,
    },
    /// Nobody offers the item.
    #[error("proposal {proposal_id} has no supplier; define an offer for {sku} and run again")]
    NoSupplier {
        /// The proposal.
        proposal_id: ProposalId,
        /// The item.
        sku: String,
    },
    /// Another quantity needs a reason.
    #[error("proposal {proposal_id} gets another quantity than proposed; say why")]
    ReasonMissing {
        /// The proposal.
        proposal_id: ProposalId,
    },
    /// The quantity cannot be ordered.
    #[error(
        "proposal {proposal_id}: {quantity} {unit} cannot be ordered; it must be above zero and whole in the stock unit"
    )]
    Quantity {
        /// The proposal.
        proposal_id: ProposalId,
        /// The quantity asked for.
        quantity: Quantity,
        /// The unit of the order.
        unit: String,
    },
    /// The orders could not be written.
    #[error(transparent)]
    Create(Box<CreateOrdersError>),
    /// Draft orders could not take the lines.
    #[error(transparent)]
    Add(Box<AddLinesError>),
    /// The transfers could not be planned.
    #[error(transparent)]
    Plan(Box<TransferError>),
    /// A number cannot be held.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for ApproveProposalsError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            ApproveProposalsError::Denied(error) => error.problem(),
            ApproveProposalsError::TooMany { .. } => {
                Problem::new(ProblemKind::TooLarge, "too_many_proposals", detail)
            }
            ApproveProposalsError::Text(error) => error.problem(),
            ApproveProposalsError::NotFound { .. } => {
                Problem::not_found("proposal_not_found", detail)
            }
            ApproveProposalsError::NotLive { .. } => {
                Problem::new(ProblemKind::Conflict, "proposal_not_live", detail)
            }
            ApproveProposalsError::Changed { .. } => {
                Problem::new(ProblemKind::Conflict, "proposal_changed", detail)
            }
            ApproveProposalsError::NoSupplier { .. } => {
                Problem::refused("proposal_without_supplier", detail)
            }
            ApproveProposalsError::ReasonMissing { .. } => {
                Problem::refused("reason_missing", detail).with_field("reason")
            }
            ApproveProposalsError::Quantity { .. } => {
                Problem::refused("bad_quantity", detail).with_field("quantity")
            }
            ApproveProposalsError::Create(error) => error.problem(),
            ApproveProposalsError::Add(error) => error.problem(),
            ApproveProposalsError::Plan(error) => error.problem(),
            ApproveProposalsError::Number(error) => error.problem(),
            ApproveProposalsError::Store(error) => error.problem(),
        }
    }
}

impl From<CreateOrdersError> for ApproveProposalsError {
    fn from(error: CreateOrdersError) -> Self {
        match error {
            CreateOrdersError::Denied(error) => error.into(),
            CreateOrdersError::Store(error) => error.into(),
            other => ApproveProposalsError::Create(Box::new(other)),
        }
    }
}

impl From<AddLinesError> for ApproveProposalsError {
    fn from(error: AddLinesError) -> Self {
        match error {
            AddLinesError::Denied(error) => error.into(),
            AddLinesError::Store(error) => error.into(),
            other => ApproveProposalsError::Add(Box::new(other)),
        }
    }
}

impl From<TransferError> for ApproveProposalsError {
    fn from(error: TransferError) -> Self {
        match error {
            TransferError::Denied(error) => error.into(),
            TransferError::Store(error) => error.into(),
            other => ApproveProposalsError::Plan(Box::new(other)),
        }
    }
}

/// Turns proposals into lines of draft orders and planned transfers. What was approved before stays as
/// it was and counts as repeated.
///
/// # Errors
/// The first broken rule in the order of [`ApproveProposalsError`].
pub fn approve_proposals(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: ApproveProposals,
) -> Result<ProposalsApproved, ApproveProposalsError> {
    ctx.require(APPROVE)?;
    let got = request.proposals.len();
    if got > MAX_PROPOSALS {
        return Err(ApproveProposalsError::TooMany { got });
    }
    for asked in &request.proposals {
        check_text("reason", &asked.reason, 500)?;
    }
    let asked: BTreeMap<ProposalId, &ApproveProposal> =
        request.proposals.iter().map(|asked| (asked.proposal_id, asked)).collect();
    let named = asked.keys().copied().collect();
    tables::lock_ends(tx, ctx.company_id, &named)?;
    let found = tables::lock_proposals(tx, ctx.company_id, &named)?;
    let ids: BTreeSet<ItemId> = found.values().map(|proposal| proposal.item_id).collect();
    let items = catalog::items_by_id(tx, ctx.company_id, &ids.into_iter().collect::<Vec<_>>())?;
    let (mut approvals, mut documents, mut repeated) = (Vec::new(), BTreeSet::new(), 0);
    for (proposal_id, asked) in asked {
        let proposal =
            found.get(&proposal_id).ok_or(ApproveProposalsError::NotFound { proposal_id })?;
        if let Some(became) = proposal.became {
            documents.insert(became.document);
            repeated += 1;
            continue;
        }
        approvals.push(decide(proposal, asked, &items)?);
    }
    let approved = approvals.len() as u64;
    let settings = Settings::of(&identity::policies(tx, ctx.company_id)?, ctx.today, ctx.currency);
    let made = order(tx, ctx, &settings, &items, approvals)?;
    documents.extend(made.orders.into_iter().map(Document::Order));
    documents.extend(made.transfers.into_iter().map(Document::Transfer));
    let Made { orders, transfers } = Made::of(&documents);
    Ok(ProposalsApproved { orders, transfers, approved, repeated })
}

/// Orders and transfers, each in the order of their ids.
#[derive(Default)]
pub(crate) struct Made {
    pub orders: Vec<PurchaseOrderId>,
    pub transfers: Vec<TransferId>,
}

impl Made {
    fn of(documents: &BTreeSet<Document>) -> Made {
        let mut made = Made::default();
        for document in documents {
            match document {
                Document::Order(id) => made.orders.push(*id),
                Document::Transfer(id) => made.transfers.push(*id),
            }
        }
        made
    }
}

/// A proposal with what is ordered of it.
pub(crate) struct Approval {
    proposal: Proposal,
    /// In the unit of the order.
    quantity: Quantity,
    /// In the stock unit.
    stock_quantity: Quantity,
    reason: String,
}

impl Approval {
    /// What was proposed is ordered.
    pub(crate) fn as_proposed(proposal: Proposal) -> Approval {
        Approval {
            quantity: proposal.figures.order_quantity,
            stock_quantity: proposal.figures.quantity,
            reason: String::new(),
            proposal,
        }
    }
}

fn decide(
    proposal: &Proposal,
    asked: &ApproveProposal,
    items: &HashMap<ItemId, Item>,
) -> Result<Approval, ApproveProposalsError> {
    let (proposal_id, state) = (proposal.id, proposal.state);
    if !matches!(state, ProposalState::Open | ProposalState::Dismissed) {
        return Err(ApproveProposalsError::NotLive { proposal_id, state });
    }
    let (found, asked_version) = (proposal.version, asked.version);
    if found != asked_version {
        return Err(ApproveProposalsError::Changed { proposal_id, found, asked: asked_version });
    }
    let item = items.get(&proposal.item_id);
    let figures = &proposal.figures;
    if figures.partner_id.is_none() && figures.source_id.is_none() {
        let sku = item.map(|item| item.sku.clone()).unwrap_or_default();
        return Err(ApproveProposalsError::NoSupplier { proposal_id, sku });
    }
    let Some(quantity) = asked.quantity.filter(|wanted| *wanted != figures.order_quantity) else {
        return Ok(Approval {
            reason: asked.reason.clone(),
            ..Approval::as_proposed(proposal.clone())
        });
    };
    if asked.reason.trim().is_empty() {
        return Err(ApproveProposalsError::ReasonMissing { proposal_id });
    }
    // What was proposed tells how many stock units make one unit of the order.
    let ratio = Ratio::new(figures.quantity.micro(), figures.order_quantity.micro())?;
    let whole = item.is_some_and(|item| item.stock_unit.whole);
    let fits = |stock: &Quantity| !whole || stock.micro() % Quantity::MICRO == 0;
    let stock_quantity = ratio.convert_exact(quantity).ok().filter(fits);
    match stock_quantity.filter(|stock| stock.is_positive()) {
        Some(stock_quantity) => Ok(Approval {
            proposal: proposal.clone(),
            quantity,
            stock_quantity,
            reason: asked.reason.clone(),
        }),
        None => {
            let unit = figures.unit.clone();
            Err(ApproveProposalsError::Quantity { proposal_id, quantity, unit })
        }
    }
}

/// The codes of an order's supplier and warehouse, and its currency.
type Group = (PartnerId, WarehouseId, String);

/// Writes proposals as lines of draft orders and planned transfers, and what became of them; answers
/// with these. Whoever calls has locked the proposals and checked the permission.
pub(crate) fn order(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    settings: &Settings,
    items: &HashMap<ItemId, Item>,
    approvals: Vec<Approval>,
) -> Result<Made, ApproveProposalsError> {
    if approvals.is_empty() {
        return Ok(Made::default());
    }
    let supplied = |approval: &Approval| approval.proposal.figures.source_id.is_some();
    let (supplied, bought): (Vec<_>, Vec<_>) = approvals.into_iter().partition(supplied);
    let whole = whole_warehouses(tx, ctx)?;
    let mut written = Vec::with_capacity(supplied.len() + bought.len());
    if !bought.is_empty() {
        written.extend(buy(tx, ctx, settings, items, &whole, bought)?);
    }
    if !supplied.is_empty() {
        written.extend(plan_transfers(tx, ctx, items, &whole, supplied)?);
    }
    let (mut documents, mut proposals) = (BTreeSet::new(), Vec::new());
    for Written { became, approval } in written {
        documents.insert(became.document);
        let mut proposal = approval.proposal;
        proposal.version += 1;
        proposal.state = ProposalState::Approved;
        proposal.approved_quantity = approval.stock_quantity;
        proposal.became = Some(became);
        proposal.dismissed_until = None;
        proposal.reason.clone_from(&approval.reason);
        let version = Version { what: What::Approved, basis: None, reason: approval.reason };
        proposals.push((proposal, version));
    }
    tables::write_proposals(tx, ctx, &proposals)?;
    for (proposal, version) in &proposals {
        tell(tx, ctx, proposal, version.what);
    }
    let made = Made::of(&documents);
    let detail = serde_json::json!({
        "proposals": proposals.len(), "orders": made.orders, "transfers": made.transfers,
    });
    ctx.audit(tx, APPROVE, "company", ctx.company_id.raw(), detail);
    Ok(made)
}

/// Writes lines of draft orders, each with the place where its goods shall go.
fn buy(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    settings: &Settings,
    items: &HashMap<ItemId, Item>,
    whole: &BTreeSet<PlaceId>,
    approvals: Vec<Approval>,
) -> Result<Vec<Written>, ApproveProposalsError> {
    let mut groups: BTreeMap<Group, Vec<Approval>> = BTreeMap::new();
    for approval in approvals {
        let proposal = &approval.proposal;
        let Some(partner) = proposal.figures.partner_id else { continue };
        let key = (partner, proposal.warehouse_id, proposal.figures.currency.clone());
        groups.entry(key).or_default().push(approval);
    }
    let ready = Ready::load(tx, ctx, &[])?;
    let ordered = write_orders(tx, ctx, settings, items, &ready, groups)?;
    let destination = |ordered: &Ordered| {
        let place_id = ordered.approval.proposal.place_id;
        let (order_id, line) = (ordered.order_id, ordered.line);
        (!whole.contains(&place_id)).then_some(Destination { order_id, line, place_id })
    };
    let destinations: Vec<Destination> = ordered.iter().filter_map(destination).collect();
    purchasing::destine_lines(tx, ctx, &destinations)?;
    let written = |Ordered { order_id, line, approval }| Written {
        became: Became { document: Document::Order(order_id), line },
        approval,
    };
    Ok(ordered.into_iter().map(written).collect())
}

/// Source and destination of a transfer, the place inside it where that is not its stock, and the days
/// on which goods leave and arrive.
type Way = (WarehouseId, WarehouseId, Option<PlaceId>, Day, Day);

/// Plans a transfer for each way. Goods that should have left already leave today. Only what leaves
/// today is kept at once: what leaves later may go to somebody else until then, and is wanted of the
/// source all the same. The goods of all ways are locked before the first of them is planned. Each way
/// is a transfer of its own, so that the statements grow with the number of ways, and not with that of
/// their lines.
///
/// # Errors
/// The first transfer that cannot be planned, a day that cannot be held, or the store's own.
fn plan_transfers(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    items: &HashMap<ItemId, Item>,
    whole: &BTreeSet<PlaceId>,
    approvals: Vec<Approval>,
) -> Result<Vec<Written>, ApproveProposalsError> {
    let mut ways: BTreeMap<Way, Vec<Approval>> = BTreeMap::new();
    for approval in approvals {
        let Proposal { warehouse_id, place_id, figures, .. } = &approval.proposal;
        let Some((from, needed_on)) = figures.source_id.zip(figures.needed_on) else { continue };
        let day = |on: Day, days: i64| on.plus(days).map_err(|_| NumberError::OutOfRange);
        let depart_on = day(needed_on, -figures.lead_days)?.max(ctx.today);
        let arrive_on = day(depart_on, figures.lead_days)?;
        let inside = Some(*place_id).filter(|place| !whole.contains(place));
        let way = (from, *warehouse_id, inside, depart_on, arrive_on);
        ways.entry(way).or_default().push(approval);
    }
    let warehouses = stock::warehouses(tx, ctx.company_id)?;
    let places: BTreeSet<PlaceId> = ways.keys().filter_map(|way| way.2).collect();
    let paths = tables::paths(tx, ctx.company_id, &places)?;
    let code = |id: WarehouseId| {
        let found = warehouses.iter().find(|warehouse| warehouse.warehouse_id == id);
        found.map(|warehouse: &Warehouse| warehouse.code.clone()).ok_or_else(|| {
            StoreError::Unusable("the warehouse of a proposal is missing".to_owned())
        })
    };
    let at_once = ways.iter().filter(|(way, _)| way.3 <= ctx.today);
    let taken = at_once.flat_map(|(way, approvals)| {
        approvals.iter().map(|approval| (way.0, approval.proposal.item_id))
    });
    stock::lock_all_sources(tx, ctx, &taken.collect())?;
    let mut written = Vec::new();
    for ((from, to, inside, depart_on, arrive_on), approvals) in ways {
        let line = |approval: &Approval| TransferItem {
            sku: items.get(&approval.proposal.item_id).map(|it| it.sku.clone()).unwrap_or_default(),
            quantity: approval.quantity,
        };
        let first = approvals.first().map_or(0, |approval| approval.proposal.id.raw());
        let request = PlanTransfer {
            from: code(from)?,
            to: code(to)?,
            to_place: inside.and_then(|place| paths.get(&place).cloned()),
            depart_on: Some(depart_on),
            arrive_on: Some(arrive_on),
            reserve: Some(depart_on <= ctx.today),
            lines: approvals.iter().map(line).collect(),
            note: String::new(),
            client_ref: format!("proposal:{first}"),
        };
        let document = Document::Transfer(stock::plan_transfer(tx, ctx, request)?.transfer_id);
        for (approval, line) in approvals.into_iter().zip(1..) {
            written.push(Written { became: Became { document, line }, approval });
        }
    }
    Ok(written)
}

/// The places that stand for a warehouse: what is bought for them goes where its goods go anyway.
fn whole_warehouses(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<BTreeSet<PlaceId>, StoreError> {
    let warehouses = stock::warehouses(tx, ctx.company_id)?;
    let roots = warehouses.iter().map(|warehouse| warehouse.code.as_str());
    let roots = stock::find_places(tx, ctx.company_id, roots)?;
    let stock = warehouses.iter().map(|warehouse| warehouse.stock);
    Ok(stock.chain(roots.values().map(|place| place.place_id)).collect())
}

/// A proposal with what it became.
struct Written {
    became: Became,
    approval: Approval,
}

/// A proposal with the line of an order that it became.
struct Ordered {
    order_id: PurchaseOrderId,
    line: i64,
    approval: Approval,
}

/// Adds lines to the drafts that are near enough, and writes new orders for the rest.
fn write_orders(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    settings: &Settings,
    items: &HashMap<ItemId, Item>,
    ready: &Ready,
    groups: BTreeMap<Group, Vec<Approval>>,
) -> Result<Vec<Ordered>, ApproveProposalsError> {
    let day = settings.order_day()?;
    let near = |days| day.plus(days).map_err(|_| NumberError::OutOfRange);
    let window = (near(-settings.merge_window_days)?, near(settings.merge_window_days)?);
    let drafts = tables::drafts(tx, ctx.company_id, &groups.keys().cloned().collect(), window)?;
    let partners: Vec<PartnerId> = groups.keys().map(|(partner, ..)| *partner).collect();
    let partners = partners::partners_by_id(tx, ctx.company_id, &partners)?;
    let warehouses = stock::warehouses(tx, ctx.company_id)?;

    let (mut more, mut new) = (Vec::new(), Vec::new());
    let (mut taken, mut begun) = (Vec::new(), Vec::new());
    for ((partner_id, warehouse_id, currency), approvals) in groups {
        let partner = partners.get(&partner_id).map(|partner| partner.code.clone());
        let warehouse = warehouses.iter().find(|w| w.warehouse_id == warehouse_id);
        let (Some(supplier), Some(warehouse)) = (partner, warehouse) else {
            let what = "the supplier or warehouse of a proposal is missing";
            return Err(StoreError::Unusable(what.to_owned()).into());
        };
        let lines = approvals
            .iter()
            .map(|approval| line_of(approval, items, ready, day))
            .collect::<Result<Vec<_>, _>>()?;
        let fits = |draft: &&tables::Draft| {
            (&draft.supplier, &draft.warehouse, &draft.currency)
                == (&supplier, &warehouse.code, &currency)
        };
        let nearest = drafts
            .iter()
            .filter(fits)
            .min_by_key(|draft| (draft.ordered_on.days_until(day).abs(), draft.order_id));
        if let Some(draft) = nearest {
            more.push(MoreLines { order_id: draft.order_id, lines });
            taken.push(approvals);
            continue;
        }
        let currency = Currency::parse(&currency).map_err(|_| NumberError::OutOfRange)?;
        let first = approvals.first().map_or(0, |approval| approval.proposal.id.raw());
        new.push(CreateOrder {
            supplier,
            warehouse: warehouse.code.clone(),
            currency: Some(currency),
            ordered_on: Some(day),
            billing: None,
            lines,
            note: String::new(),
            client_ref: format!("proposal:{first}"),
        });
        begun.push(approvals);
    }

    let mut written = Vec::new();
    for (added, approvals) in
        purchasing::add_lines(tx, ctx, AddLines { orders: more })?.into_iter().zip(taken)
    {
        for (approval, line) in approvals.into_iter().zip(added.first_line..) {
            written.push(Ordered { order_id: added.order_id, line, approval });
        }
    }
    if !new.is_empty() {
        let orders = CreateOrders { orders: new, all_or_nothing: true };
        for (answer, approvals) in
            purchasing::create_orders(tx, ctx, orders)?.into_iter().zip(begun)
        {
            let created = answer
                .map_err(|error| CreateOrdersError::Refused { number: written.len() + 1, error })?;
            for (approval, line) in approvals.into_iter().zip(1..) {
                written.push(Ordered { order_id: created.order_id, line, approval });
            }
        }
    }
    Ok(written)
}

/// The line of an order that a proposal becomes. The supplier's offer for the quantity gives the
/// price.
fn line_of(
    approval: &Approval,
    items: &HashMap<ItemId, Item>,
    ready: &Ready,
    day: base::Day,
) -> Result<OrderLine, ApproveProposalsError> {
    let figures = &approval.proposal.figures;
    let item = items.get(&approval.proposal.item_id);
    let due_on = day.plus(figures.lead_days).map_err(|_| NumberError::OutOfRange)?;
    Ok(OrderLine {
        sku: item.map(|item| item.sku.clone()).unwrap_or_default(),
        quantity: approval.quantity,
        unit: Some(figures.unit.clone()),
        price: None,
        discount: None,
        tax_code: item.map(|item| ready.tax_code(item)).unwrap_or_default(),
        due_on: Some(due_on),
    })
}
