//! `put_away`: goods come to where they shall lie, and out of quarantine only what nobody has to decide
//! on.
//!
//! The work is [`stock::put_away`]'s, which knows places and room but not why goods are in quarantine.
//! What a receipt took there waits for [`inspect`](crate::inspect()), what customers sent back for
//! [`dispose`](crate::dispose()). All else there, as what arrived damaged from another warehouse, may be
//! put away.

use crate::tables;
use base::{Problem, Quantity, Rule};
use identity::Ctx;
use stock::{Class, PutAway, PutAwayDone};
use store::{StoreError, Tx};

/// Why nothing was put away, in order of precedence.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum PutAwayError {
    /// The goods cannot be put away as asked.
    #[error(transparent)]
    PutAway(#[from] stock::PutAwayError),
    /// Somebody has to decide on the goods first.
    #[error(
        "{waiting} of {sku} at {place} wait for a decision and {left} would be left there; inspect them, \
         or decide on what customers sent back"
    )]
    Undecided {
        /// The item.
        sku: String,
        /// The place.
        place: String,
        /// How much waits there.
        waiting: Quantity,
        /// How much would be left.
        left: Quantity,
    },
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for PutAwayError {
    fn problem(&self) -> Problem {
        match self {
            PutAwayError::PutAway(error) => error.problem(),
            PutAwayError::Undecided { .. } => Problem::refused("undecided", self.to_string()),
            PutAwayError::Store(error) => error.problem(),
        }
    }
}

/// Puts goods of a warehouse away: to the places named, or where the rules have room. Of a document no
/// more is put away than it brought, and of quarantine nothing that waits for a decision.
///
/// # Errors
/// The first broken rule in the order of [`PutAwayError`]; nothing has then been written.
pub fn put_away(tx: &mut Tx<'_>, ctx: &Ctx, request: PutAway) -> Result<PutAwayDone, PutAwayError> {
    let from = match &request.from {
        Some(path) => stock::find_places(tx, ctx.company_id, [path.as_str()])?.remove(path),
        None => None,
    };
    if from.is_none_or(|place| place.class != Class::Quarantine) {
        return Ok(stock::put_away(tx, ctx, request)?);
    }
    let done = stock::put_away_released(tx, ctx, request)?;
    if !done.repeated {
        refuse_undecided(tx, ctx, &done)?;
    }
    Ok(done)
}

/// Refuses to have taken what waits. The rows that the goods left are locked by now.
fn refuse_undecided(tx: &mut Tx<'_>, ctx: &Ctx, done: &PutAwayDone) -> Result<(), PutAwayError> {
    let took = tables::put_away_from(tx, ctx, done.putaway_id)?;
    let waiting = tables::waiting_at(tx, ctx, took.keys().copied())?;
    let there = stock::look_at_shelf(tx, ctx, took.keys().copied())?;
    for (key, (sku, place)) in took {
        let waiting = waiting.get(&key).copied().unwrap_or_default();
        let left = there.get(&key).copied().unwrap_or_default().on_hand;
        if waiting.is_positive() && waiting > left {
            return Err(PutAwayError::Undecided { sku, place, waiting, left });
        }
    }
    Ok(())
}
