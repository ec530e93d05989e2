//! `name_owner` says who looks after open items, and why they are still open.

use crate::tables::OpenItemKey;
use crate::{NAME_OWNER, rules, tables};
use base::{AccountId, Currency, Problem, Rule, TextError};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// The most open items of one request.
pub const MOST_OWNED: usize = 1_000;

/// A request to name who looks after open items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NameOwner {
    /// Which, 1 to 1,000.
    pub items: Vec<OpenItemRef>,
    /// The login of who looks after them: a user of the company, or somebody with a role in it.
    pub owner: String,
    /// Why they are still open.
    pub reason: String,
}

/// An open item, as the list of them names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenItemRef {
    /// The account.
    pub account_id: AccountId,
    /// The kind of what is open.
    pub kind: String,
    /// Its id.
    pub source_id: i64,
    /// The currency it was agreed in.
    pub currency: Currency,
}

impl OpenItemRef {
    fn key(&self) -> OpenItemKey {
        (self.account_id, self.kind.clone(), self.source_id, self.currency)
    }
}

/// What was named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OwnerNamed {
    /// How many open items have the owner and the reason now.
    pub items: usize,
}

/// Why no owner was named.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum NameOwnerError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The reason cannot be used.
    #[error(transparent)]
    Reason(#[from] TextError),
    /// None, or too many at once.
    #[error("{items} open items were named; name 1 to {MOST_OWNED} at once")]
    ItemCount {
        /// How many.
        items: usize,
    },
    /// Nobody active of the company has the login, nor anybody with a role in it.
    #[error("there is no active user {login:?} in the company; name one of its users")]
    OwnerUnknown {
        /// The login asked for.
        login: String,
    },
    /// There is no such open item, or it is settled.
    #[error(
        "item {line}: {kind} {source_id} is not open on that account; list the open items anew"
    )]
    NotOpen {
        /// Its place in the request, from 1.
        line: u32,
        /// The kind asked for.
        kind: String,
        /// The id asked for.
        source_id: i64,
    },
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for NameOwnerError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            NameOwnerError::Denied(denied) => denied.problem(),
            NameOwnerError::Reason(text) => text.problem(),
            NameOwnerError::ItemCount { .. } => {
                Problem::invalid("item_count", detail).with_field("items")
            }
            NameOwnerError::OwnerUnknown { .. } => {
                Problem::refused("owner_unknown", detail).with_field("owner")
            }
            NameOwnerError::NotOpen { line, .. } => {
                Problem::refused("not_open", detail).with_line(*line)
            }
            NameOwnerError::Store(error) => error.problem(),
        }
    }
}

/// Names who looks after open items, and why they are still open; whoever was named before no longer
/// does. Nothing is refused for the lack of one: what was received or billed and what channels owe, and
/// has been open for more than 60 days without, is listed for whoever is about to lock a month, see
/// [`OpenItemFilter::unowned_through`](crate::OpenItemFilter).
///
/// # Errors
/// [`NameOwnerError`], in its order.
pub fn name_owner(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: NameOwner,
) -> Result<OwnerNamed, NameOwnerError> {
    ctx.require(NAME_OWNER)?;
    rules::check_reason(&request.reason)?;
    let items = request.items.len();
    if items == 0 || items > MOST_OWNED {
        return Err(NameOwnerError::ItemCount { items });
    }
    let Some(owner_id) = identity::find_member(tx, ctx.company_id, &request.owner)? else {
        return Err(NameOwnerError::OwnerUnknown { login: request.owner });
    };
    let mut keys: Vec<OpenItemKey> = request.items.iter().map(OpenItemRef::key).collect();
    let open = tables::hold_unsettled(tx, ctx.company_id, &keys)?;
    if let Some(at) = keys.iter().position(|key| !open.contains(key)) {
        let OpenItemRef { kind, source_id, .. } = request.items[at].clone();
        return Err(NameOwnerError::NotOpen { line: at as u32 + 1, kind, source_id });
    }
    keys.sort_unstable_by(|a, b| (a.0, &a.1, a.2, a.3.code()).cmp(&(b.0, &b.1, b.2, b.3.code())));
    keys.dedup();
    tables::name_owner(tx, ctx, &keys, owner_id, request.reason.trim())?;
    let company = base::Id::raw(ctx.company_id);
    ctx.audit(tx, NAME_OWNER, "company", company, serde_json::json!(request));
    Ok(OwnerNamed { items: keys.len() })
}
