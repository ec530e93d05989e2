//! `rank_warehouses`: which warehouses fill the orders of a channel, and in which order they are asked.

use crate::rules::MOST_RANKED;
use crate::{RANK, READ, tables};
use base::{Page, Problem, Rule};
use identity::{Ctx, Denied, ListError};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// A request to rank the warehouses of a channel, in place of those ranked before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RankWarehouses {
    /// The channel's code.
    pub channel: String,
    /// The warehouses' codes, the first to be asked first, at most 10; none ends the routing.
    pub warehouses: Vec<String>,
    /// Whether several warehouses may fill an order together.
    pub split: bool,
}

/// How the warehouses of a channel are ranked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Ranking {
    /// The channel's code.
    pub channel: String,
    /// The warehouses' codes, the first to be asked first.
    pub warehouses: Vec<String>,
    /// Whether several warehouses may fill an order together.
    pub split: bool,
    /// Raised with every change.
    pub revision: i64,
}

/// What to list of the rankings.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RankingFilter {
    /// Only of this channel, by code.
    pub channel: Option<String>,
}

/// Why nothing was ranked, in order of precedence.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum RankError {
    /// No permission.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// No such channel.
    #[error("there is no channel {code:?}; define it first")]
    UnknownChannel {
        /// What was asked.
        code: String,
    },
    /// More warehouses than a decision can weigh.
    #[error("{count} warehouses are named; rank at most {MOST_RANKED}")]
    TooMany {
        /// How many were named.
        count: usize,
    },
    /// A warehouse is named twice.
    #[error("warehouse {code:?} is named twice; give it one rank")]
    Twice {
        /// The warehouse.
        code: String,
    },
    /// No such warehouse.
    #[error("there is no warehouse {code:?}; create it first")]
    UnknownWarehouse {
        /// What was asked.
        code: String,
    },
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for RankError {
    fn problem(&self) -> Problem {
        let (code, field) = match self {
            RankError::Denied(error) => return error.problem(),
            RankError::Store(error) => return error.problem(),
            RankError::UnknownChannel { .. } => ("unknown_channel", "channel"),
            RankError::TooMany { .. } => ("too_many_warehouses", "warehouses"),
            RankError::Twice { .. } => ("warehouse_twice", "warehouses"),
            RankError::UnknownWarehouse { .. } => ("unknown_warehouse", "warehouses"),
        };
        Problem::refused(code, self.to_string()).with_field(field)
    }
}

/// Ranks the warehouses of a channel, in place of those ranked before. Orders stay where they are
/// until they are routed.
///
/// # Errors
/// The first broken rule in the order of [`RankError`].
pub fn rank_warehouses(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: RankWarehouses,
) -> Result<Ranking, RankError> {
    ctx.require(RANK)?;
    let Some(channel) = tables::lock_channel(tx, ctx.company_id, &request.channel)? else {
        return Err(RankError::UnknownChannel { code: request.channel });
    };
    let count = request.warehouses.len();
    if count > MOST_RANKED {
        return Err(RankError::TooMany { count });
    }
    let known = stock::warehouses(tx, ctx.company_id)?;
    let (mut ids, mut seen) = (Vec::with_capacity(count), BTreeSet::new());
    for code in &request.warehouses {
        if !seen.insert(code) {
            return Err(RankError::Twice { code: code.clone() });
        }
        let found = known.iter().find(|warehouse| warehouse.code == *code);
        let found = found.ok_or_else(|| RankError::UnknownWarehouse { code: code.clone() })?;
        ids.push(found.warehouse_id);
    }
    let revision = channel.revision + 1;
    tables::write_ranking(tx, ctx.company_id, channel.id, &ids, request.split)?;
    let RankWarehouses { channel: code, warehouses, split } = request;
    let ranking = Ranking { channel: code, warehouses, split, revision };
    ctx.audit(tx, RANK, "sales_channel", channel.id, serde_json::json!(ranking));
    Ok(ranking)
}

/// How the warehouses of channels are ranked, by the channel's code.
///
/// # Errors
/// Without [`READ`], or the store's own.
pub fn list_rankings(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: RankingFilter,
) -> Result<Page<Ranking>, ListError> {
    ctx.require(READ)?;
    let lines = tables::list_rankings(tx, ctx.company_id, filter.channel.as_deref())?;
    Ok(Page { lines, next_cursor: None })
}
