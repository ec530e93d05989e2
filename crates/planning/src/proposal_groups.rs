//! Proposals summed by who supplies them: what goes onto one supplier's orders, or comes from one
//! warehouse, in one line.

use crate::views::{self, ListError};
use crate::words::ProposalState;
use crate::{READ, tables};
use base::{Day, Id, Money, NumberError, Page, Paging, Price, Quantity, Rounding};
use identity::Ctx;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use store::{Row, Tx, params};
use utoipa::ToSchema;

/// Which open proposals to sum.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ProposalGroupFilter {
    /// Only in this warehouse, by code.
    pub warehouse: Option<String>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, 1 to 200; 200 when absent.
    pub limit: Option<i64>,
}

/// The proposals that one supplier, or one warehouse, would supply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProposalGroup {
    /// The supplier's code; empty where a warehouse supplies, and when nobody offers the items.
    pub supplier: String,
    /// The supplier's name, or the warehouse's.
    pub name: String,
    /// The code of the warehouse that supplies; empty where suppliers do.
    pub source: String,
    /// How many proposals there are.
    pub proposals: i64,
    /// How many of them an automatic rule holds back.
    pub held_back: i64,
    /// What they cost, in the company's currency; zero of what a warehouse supplies.
    pub value: Money,
    /// The first day on which one would arrive.
    pub arrives_from: Day,
    /// The last day on which one would arrive.
    pub arrives_to: Day,
}

/// Open proposals by who supplies them: what is bought by supplier, then what other warehouses supply. What
/// nobody offers comes first, without a supplier.
///
/// # Errors
/// [`ListError`], in its order.
pub fn proposal_groups(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: &ProposalGroupFilter,
) -> Result<Page<ProposalGroup>, ListError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let warehouse = views::warehouse(tx, ctx, "warehouse", filter.warehouse.as_deref())?;
    // Those of other states are never removed: only open ones are as few as there are rules.
    let state = ProposalState::Open;
    let asked = params![ctx.company_id, state, warehouse.map_or(0, Id::raw)];
    let mut groups: BTreeMap<(String, String), ProposalGroup> = BTreeMap::new();
    for row in &tx.query(&tables::PROPOSED_BY_SUPPLY, asked)? {
        let one = group_of_one(ctx, row)?;
        match groups.entry((one.source.clone(), one.supplier.clone())) {
            Entry::Vacant(place) => {
                place.insert(one);
            }
            Entry::Occupied(mut place) => add(place.get_mut(), &one)?,
        }
    }
    let key = |group: &ProposalGroup| (group.source.clone(), group.supplier.clone());
    Ok(paging.cut(groups.into_values().collect(), key)?)
}

/// The group of a single proposal.
fn group_of_one(ctx: &Ctx, row: &Row) -> Result<ProposalGroup, ListError> {
    let (supplier, source): (String, String) = (row.get(0)?, row.get(2)?);
    let name = if source.is_empty() { row.get(1)? } else { row.get(3)? };
    let (quantity, cost): (Quantity, Price) = (row.get(4)?, row.get(5)?);
    let arrives_on: Day = row.get(6)?;
    let held_back: String = row.get(7)?;
    let value = cost.extend(quantity, ctx.currency, Rounding::HalfUp)?;
    Ok(ProposalGroup {
        supplier,
        name,
        source,
        proposals: 1,
        held_back: i64::from(!held_back.is_empty()),
        value: Money::new(value, ctx.currency),
        arrives_from: arrives_on,
        arrives_to: arrives_on,
    })
}

fn add(group: &mut ProposalGroup, one: &ProposalGroup) -> Result<(), NumberError> {
    group.proposals += one.proposals;
    group.held_back += one.held_back;
    let sum = group.value.minor.checked_add(one.value.minor).ok_or(NumberError::OutOfRange)?;
    group.value.minor = sum;
    group.arrives_from = group.arrives_from.min(one.arrives_from);
    group.arrives_to = group.arrives_to.max(one.arrives_to);
    Ok(())
}
