//! The warehouse's notes: what was damaged, given away or corrected is booked by its quantity; where
//! goods were missing or found, the item is counted.

use std::sync::Arc;

use base::{Day, ItemId, Quantity};
use identity::Ctx;
use stock::{Adjust, Difference, ShelfKey};
use store::Tx;

use crate::hidden::is_counted;
use crate::orders::StockNote;
use crate::read::AdjustmentKind;

use super::found::{Frame, SHELF};
use super::sites::FIRST;
use super::{DemoError, Replay, clock, refused};

/// A note as it is booked.
#[derive(Debug, Clone)]
struct Noted {
    item: ItemId,
    sku: String,
    pieces: i64,
    reason: &'static str,
    memo: String,
    client_ref: String,
}

impl Replay<'_> {
    /// Books the notes of a day in one transaction, each against what those before it left.
    pub(super) fn notes(&mut self, day: Day, notes: &[usize]) -> Result<(), DemoError> {
        let (counted, noted): (Vec<&StockNote>, Vec<&StockNote>) =
            notes.iter().map(|at| &self.trade.notes[*at]).partition(|note| is_counted(note.kind));
        self.tally.notes += counted.len() as u64;
        self.tally.notes_counted += counted.len() as u64;
        let items = counted.iter().map(|note| note.item).collect();
        self.count_items((day, clock(21, 20)), FIRST, &items, "a note of the warehouse")?;
        let noted: Vec<Noted> = noted.into_iter().map(|note| self.noted(note)).collect();
        if noted.is_empty() {
            return Ok(());
        }
        let will = self.at(&self.frame.will, day, clock(21, 30))?;
        let frame = Arc::clone(&self.frame);
        let work = noted.clone();
        let booked = self.write(move |tx| {
            work.iter()
                .map(|note| book(tx, &frame, &will, day, note))
                .collect::<Result<Vec<_>, _>>()
        })?;
        for (note, (pieces, value)) in noted.iter().zip(booked) {
            self.tally.notes += 1;
            self.tally.notes_in += pieces.max(0);
            self.tally.notes_out += (-pieces).max(0);
            self.tally.notes_value += if pieces < 0 { -value } else { value };
            let rest = (note.pieces - pieces).abs();
            if rest > 0 {
                self.tally.notes_larger += 1;
                self.tally.notes_rest += rest;
            }
        }
        Ok(())
    }

    fn noted(&self, note: &StockNote) -> Noted {
        let words: String =
            note.note.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        Noted {
            item: self.frame.items[note.item.0],
            sku: self.world.item(note.item).code.clone(),
            pieces: note.quantity,
            reason: reason(note.kind),
            memo: words.trim().to_owned(),
            client_ref: format!("{}/{}", note.number, note.row),
        }
    }
}

/// Books what is there of a note: pieces with sign, and what they were worth.
fn book(
    tx: &mut Tx<'_>,
    frame: &Frame,
    will: &Ctx,
    day: Day,
    note: &Noted,
) -> Result<(i64, i64), DemoError> {
    let mut pieces = note.pieces;
    if pieces < 0 {
        // Notes do not reach into quarantine.
        let key = ShelfKey { item_id: note.item, place_id: frame.warehouse.stock, lot: 0 };
        let shelf = stock::look_at_shelf(tx, will, [key])?;
        let lies = shelf.get(&key).map_or(0, |shelf| shelf.on_hand.micro() / Quantity::MICRO);
        pieces = pieces.max(-lies).min(0);
    }
    if pieces == 0 {
        return Ok((0, 0));
    }
    let request = Adjust {
        happened_on: Some(day),
        memo: note.memo.clone(),
        lines: vec![Difference {
            sku: note.sku.clone(),
            place: SHELF.to_owned(),
            lot: None,
            quantity: Quantity::from_units(pieces)?,
            reason: note.reason.to_owned(),
            evidence: Vec::new(),
        }],
        client_ref: note.client_ref.clone(),
    };
    let adjusted = stock::adjust(tx, will, request).map_err(refused("adjust"))?;
    Ok((pieces, adjusted.values.first().map_or(0, |value| value.minor)))
}

/// The reason code of a note.
const fn reason(kind: AdjustmentKind) -> &'static str {
    match kind {
        AdjustmentKind::FreeIssueOrGift => "marketing",
        AdjustmentKind::DamageOrScrap => "damaged",
        AdjustmentKind::AdminCorrection | AdjustmentKind::OtherNote => "correction",
        // Whoever counts decides on these.
        AdjustmentKind::Found
        | AdjustmentKind::CountOrMissing
        | AdjustmentKind::Unexplained
        | AdjustmentKind::NamedNegative => "unexplained",
    }
}
