//! Goods from the first warehouse to the second: what it needs is sent once a week, is under way for
//! two days, and now and then something of it is missing.

use std::collections::{BTreeMap, BTreeSet};

use base::{Day, ItemId, Quantity, Rounding, TransferId, div_round};
use identity::Ctx;
use sales::AllocateBackOrders;
use stock::{
    ArrivalOutcome, ArrivedLine, PlanTransfer, ReceiveTransfer, SendTransfer, TransferItem,
};
use store::Tx;

use crate::levels::WINDOW_DAYS;
use crate::open_days::open_on_or_after;
use crate::read::ItemIndex;
use crate::seed::Draw;

use super::buy::due;
use super::counts::pieces;
use super::sites::{FIRST, House, LOST, NORTH, SECOND, WAY_DAYS};
use super::{DemoError, Replay, clock, refused};

/// Below so many days of the web shop's demand the second warehouse is supplied.
const LEAST_DAYS: i64 = 14;
/// Up to so many.
const MOST_DAYS: i64 = 28;
/// So many days of all demand the first warehouse keeps for itself.
const KEPT_DAYS: i64 = 7;
/// One line in so many arrives short.
const SHORT_LINES: u64 = 150;
/// After how many days of looking somebody says what became of what was missing.
const SOUGHT_DAYS: i64 = 6;

/// A line of a transfer under way.
#[derive(Debug, Clone)]
struct Sent {
    line: i64,
    item: ItemIndex,
    pieces: i64,
    /// Of them not there on arrival.
    missing: i64,
    /// What became of these, as it turns out later.
    fate: Fate,
}

/// What became of goods that did not arrive with the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// They stood elsewhere on the dock.
    TurnedUp,
    /// They were never loaded.
    LeftBehind,
    /// Nobody saw them again.
    Lost,
}

/// A transfer under way, or what of it is looked for.
#[derive(Debug, Clone)]
struct OnTheWay {
    transfer_id: TransferId,
    name: String,
    lines: Vec<Sent>,
}

/// What the replay keeps of its transfers.
#[derive(Debug, Default)]
pub(super) struct Transferring {
    arriving: BTreeMap<Day, Vec<OnTheWay>>,
    sought: BTreeMap<Day, Vec<OnTheWay>>,
}

/// What the second warehouse shall have of an item, and the first one keeps.
#[derive(Debug, Clone)]
struct Wanted {
    item: ItemIndex,
    item_id: ItemId,
    sku: String,
    least: i64,
    most: i64,
    kept: i64,
    /// By how many pieces the first one's shelf differs from the books, known to the simulator alone.
    differs: i64,
}

/// Items and pieces of a transfer, by line.
type Taken = Vec<(ItemIndex, i64)>;

impl Replay<'_> {
    /// Sends the second warehouse what it needs, as far as the first one has more than it needs
    /// itself.
    pub(super) fn send_transfers(&mut self, day: Day) -> Result<(), DemoError> {
        let mut wanted = Vec::new();
        for offer in &self.world.offers {
            let (web, days) = self.web_demand.before(offer.item, day)?;
            if web == 0 || self.buys_for_itself(SECOND, offer.supplier) {
                continue;
            }
            let (all, _) = self.demand.before(offer.item, day)?;
            let of = |demand: i64, within: i64| {
                let product = i128::from(demand) * i128::from(within);
                div_round(product, i128::from(days.max(1)), Rounding::Up)
            };
            wanted.push(Wanted {
                item: offer.item,
                item_id: self.frame.items[offer.item.0],
                sku: self.world.item(offer.item).code.clone(),
                least: of(web, LEAST_DAYS)?,
                most: of(web, MOST_DAYS)?,
                kept: of(all, KEPT_DAYS)?,
                differs: self.sites[FIRST].hidden.differs(offer.item),
            });
        }
        if wanted.is_empty() {
            return Ok(());
        }
        let will = self.at(&self.frame.will, day, clock(21, 15))?;
        let houses = self.houses();
        // What the books would send and the shelf has not is found missing as it is taken off the
        // shelf: it is counted, and nothing goes that is not there.
        let (looks, sites, items) = (will.clone(), houses.clone(), wanted.clone());
        let short = self.look(move |tx| {
            let lacking = lacking(tx, &looks, &sites, &items)?;
            let short = lacking.iter().filter(|lacks| lacks.pieces > lacks.lies);
            Ok(short.map(|lacks| lacks.item).collect::<BTreeSet<_>>())
        })?;
        self.count_items((day, clock(21, 10)), FIRST, &short, "not found when sent")?;
        let name = format!("SUPPLY-{day}");
        let reference = name.clone();
        let sent = self.write(move |tx| send(tx, &will, &houses, &wanted, &reference))?;
        let Some((transfer_id, taken)) = sent else { return Ok(()) };
        self.tally.transfers += 1;
        let mut lines = Vec::with_capacity(taken.len());
        for (line, (item, pieces)) in (1_i64..).zip(taken) {
            self.tally.transfer_lines += 1;
            self.tally.transferred += pieces;
            let code = &self.world.item(item).code;
            lines.push(on_the_way(self.world.seed, &name, code, (line, item, pieces)));
        }
        let arrives = open_on_or_after(day.plus(WAY_DAYS)?)?;
        let on_the_way = OnTheWay { transfer_id, name, lines };
        self.transferring.arriving.entry(arrives).or_default().push(on_the_way);
        Ok(())
    }

    /// Goods arrive at the second warehouse, and are kept for the orders that wait there; what was
    /// missing earlier has turned up by now, was left behind, or is given up.
    pub(super) fn receive_transfers(&mut self, day: Day) -> Result<(), DemoError> {
        let arrived = due(&mut self.transferring.arriving, day);
        let sought = due(&mut self.transferring.sought, day);
        if arrived.is_empty() && sought.is_empty() {
            return Ok(());
        }
        let mut requests = Vec::new();
        let (mut north, mut first) = (BTreeSet::new(), BTreeSet::new());
        for transfer in &arrived {
            let came = |sent: &Sent| (sent.pieces - sent.missing, ArrivalOutcome::Accepted);
            requests.extend(transfer.arrival(day, came)?);
            north.extend(transfer.lines.iter().map(|sent| sent.item));
        }
        for transfer in &sought {
            let fate = |sent: &Sent| (sent.missing, sent.fate.outcome());
            requests.extend(transfer.arrival(day, fate)?);
            for sent in &transfer.lines {
                match sent.fate {
                    Fate::TurnedUp => {
                        north.insert(sent.item);
                        self.tally.transfer_found += sent.missing;
                    }
                    Fate::LeftBehind => {
                        first.insert(sent.item);
                        self.tally.transfer_left_behind += sent.missing;
                    }
                    Fate::Lost => self.tally.transfer_lost += sent.missing,
                }
            }
        }
        let will = self.at(&self.frame.will, day, clock(5, 44))?;
        let lee = self.at(&self.frame.lee, day, clock(5, 45))?;
        let ends = [(SECOND, &north), (FIRST, &first)];
        let there: Vec<AllocateBackOrders> = ends
            .into_iter()
            .filter(|(_, items)| !items.is_empty())
            .map(|(site, items)| AllocateBackOrders {
                warehouse_id: self.sites[site].house.id(),
                item_ids: self.item_ids(&items.iter().copied().collect::<Vec<_>>()),
            })
            .collect();
        let kept = self.write(move |tx| {
            for request in requests.clone() {
                stock::receive_transfer(tx, &will, request).map_err(refused("receive transfer"))?;
            }
            let mut kept = Vec::new();
            for request in there.clone() {
                let allocated = sales::allocate_back_orders(tx, &lee, request)
                    .map_err(refused("allocate back-orders"))?;
                kept.extend(allocated.lines);
            }
            Ok(kept)
        })?;
        for line in kept {
            self.selling.is_to_ship(line.order_id);
        }
        for item in north {
            self.sites[SECOND].hidden.came(item);
        }
        let looked_for = open_on_or_after(day.plus(SOUGHT_DAYS)?)?;
        for mut transfer in arrived {
            transfer.lines.retain(|sent| sent.missing > 0);
            self.tally.transfer_short_lines += transfer.lines.len() as u64;
            self.tally.transfer_short += transfer.lines.iter().map(|it| it.missing).sum::<i64>();
            if !transfer.lines.is_empty() {
                self.transferring.sought.entry(looked_for).or_default().push(transfer);
            }
        }
        if self.selling.web_home == FIRST {
            self.sell_from_north(day)?;
        }
        Ok(())
    }
}

impl OnTheWay {
    /// What is told of its lines on a day; nothing when that is nothing.
    fn arrival(
        &self,
        day: Day,
        told: impl Fn(&Sent) -> (i64, ArrivalOutcome),
    ) -> Result<Option<ReceiveTransfer>, DemoError> {
        let mut lines = Vec::with_capacity(self.lines.len());
        for sent in &self.lines {
            let (pieces, outcome) = told(sent);
            if pieces > 0 {
                let lost = outcome == ArrivalOutcome::Missing;
                lines.push(ArrivedLine {
                    line: sent.line,
                    quantity: Quantity::from_units(pieces)?,
                    outcome,
                    lot: None,
                    place: None,
                    reason: if lost { LOST.to_owned() } else { String::new() },
                    note: String::new(),
                });
            }
        }
        let request = ReceiveTransfer {
            transfer_id: self.transfer_id,
            lines: Some(lines),
            happened_on: Some(day),
            client_ref: format!("{}/{day}", self.name),
        };
        Ok(request.lines.as_ref().is_some_and(|lines| !lines.is_empty()).then_some(request))
    }
}

impl Fate {
    const fn outcome(self) -> ArrivalOutcome {
        match self {
            Fate::TurnedUp => ArrivalOutcome::Accepted,
            Fate::LeftBehind => ArrivalOutcome::Returned,
            Fate::Lost => ArrivalOutcome::Missing,
        }
    }
}

/// Draws whether all of a line will be there on arrival.
fn on_the_way(
    seed: u64,
    name: &str,
    code: &str,
    (line, item, pieces): (i64, ItemIndex, i64),
) -> Sent {
    let mut draw = Draw::of(seed, &["transfer", name, code]);
    let short = draw.below(SHORT_LINES) == 0;
    let missing = if short { draw.between(1, (pieces / 3).max(1)) } else { 0 };
    let fate = match draw.below(3) {
        0 => Fate::TurnedUp,
        1 => Fate::LeftBehind,
        _ => Fate::Lost,
    };
    Sent { line, item, pieces, missing, fate }
}

/// What the second warehouse lacks of an item.
struct Lacking<'w> {
    item: ItemIndex,
    sku: &'w str,
    /// How much of it the first one can spare by the books.
    pieces: i64,
    /// How much of what is free there really lies there.
    lies: i64,
}

/// What the second warehouse lacks: up to its most where it has less than its least, of what is free
/// at the first beyond what that keeps.
fn lacking<'w>(
    tx: &mut Tx<'_>,
    will: &Ctx,
    houses: &[House],
    wanted: &'w [Wanted],
) -> Result<Vec<Lacking<'w>>, DemoError> {
    let ids: Vec<ItemId> = wanted.iter().map(|wanted| wanted.item_id).collect();
    let mut stock_of = |site: usize| {
        stock::availability(tx, will.company_id, Some(houses[site].id()), &ids)
            .map_err(refused("availability"))
    };
    let (here, there) = (stock_of(FIRST)?, stock_of(SECOND)?);
    let mut lacking = Vec::new();
    for wanted in wanted {
        let has = there.get(&wanted.item_id).map_or(0, |it| pieces(it.projected));
        let free = here.get(&wanted.item_id).map_or(0, |it| pieces(it.available));
        lacking.extend(wanted.lacks(has, free));
    }
    Ok(lacking)
}

impl Wanted {
    /// What the second warehouse lacks where it has so much, with so much free at the first.
    fn lacks(&self, has: i64, free: i64) -> Option<Lacking<'_>> {
        let pieces = (self.most - has).min(free - self.kept);
        let lies = (free + self.differs).max(0);
        let lacks = Lacking { item: self.item, sku: &self.sku, pieces, lies };
        (has < self.least && pieces > 0).then_some(lacks)
    }
}

/// Plans and sends what the second warehouse lacks. Answers with items and pieces by line.
fn send(
    tx: &mut Tx<'_>,
    will: &Ctx,
    houses: &[House],
    wanted: &[Wanted],
    reference: &str,
) -> Result<Option<(TransferId, Taken)>, DemoError> {
    let mut taken = Vec::new();
    let mut lines = Vec::new();
    for lacks in lacking(tx, will, houses, wanted)? {
        let quantity = Quantity::from_units(lacks.pieces)?;
        lines.push(TransferItem { sku: lacks.sku.to_owned(), quantity });
        taken.push((lacks.item, lacks.pieces));
    }
    if lines.is_empty() {
        return Ok(None);
    }
    let request = PlanTransfer {
        from: houses[FIRST].code.to_owned(),
        to: NORTH.to_owned(),
        lines,
        note: format!("{LEAST_DAYS} to {MOST_DAYS} days of the last {WINDOW_DAYS}"),
        client_ref: reference.to_owned(),
        ..PlanTransfer::default()
    };
    let planned = stock::plan_transfer(tx, will, request).map_err(refused("plan transfer"))?;
    let request = SendTransfer {
        transfer_id: planned.transfer_id,
        lines: None,
        happened_on: None,
        carrier: String::new(),
        tracking: String::new(),
        client_ref: reference.to_owned(),
    };
    stock::send_transfer(tx, will, request).map_err(refused("send transfer"))?;
    Ok(Some((planned.transfer_id, taken)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::Id;

    #[test]
    fn what_the_books_would_send_is_told_beside_what_lies_there() {
        let wanted = |differs| Wanted {
            item: ItemIndex(0),
            item_id: ItemId::from_raw(1),
            sku: "A".to_owned(),
            least: 10,
            most: 20,
            kept: 5,
            differs,
        };
        let told = |differs, has, free| {
            wanted(differs).lacks(has, free).map(|lacks| (lacks.pieces, lacks.lies))
        };
        assert_eq!(told(0, 4, 100), Some((16, 100)));
        // Six of eighteen broke and nobody said so: thirteen would be sent of twelve.
        assert_eq!(told(-6, 4, 18), Some((13, 12)));
        assert_eq!(told(-9, 4, 8), Some((3, 0)));
        assert_eq!((told(0, 10, 100), told(0, 4, 5)), (None, None));
    }

    #[test]
    fn about_one_line_in_a_hundred_and_fifty_arrives_short_and_never_by_more_than_left() {
        let lines: Vec<Sent> = (0..30_000)
            .map(|at| on_the_way(1, "T", &format!("{at}"), (1, ItemIndex(0), 1 + at % 50)))
            .collect();
        let short: Vec<&Sent> = lines.iter().filter(|sent| sent.missing > 0).collect();
        assert!((150..=250).contains(&short.len()), "{}", short.len());
        assert!(lines.iter().all(|sent| sent.missing <= sent.pieces && sent.missing >= 0));
        for fate in [Fate::TurnedUp, Fate::LeftBehind, Fate::Lost] {
            assert!(short.iter().any(|sent| sent.fate == fate), "{fate:?}");
        }
    }
}
