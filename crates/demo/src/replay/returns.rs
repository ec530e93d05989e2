//! Goods that come back: into quarantine on the day they come, decided on by will a few days later,
//! and refunded by fay once they are.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use accounting::{OpenItemFilter, Role};
use base::{
    ClaimId, Currency, CustomerReturnId, Day, Id, Money, Price, Quantity, Rounding, SalesOrderId,
};
use identity::Verdict;
use payments::{OpenRef, Refund, RefundOf, Through};
use quality::{
    ApproveRefund, AuthorizeLine, AuthorizeReturn, ClaimOutcome, DecideRefund, Dispose,
    DisposeLine, Disposition, RefundState, ReturnReason, SettleClaim,
};
use sales::Prices;
use store::Tx;

use crate::open_days::open_on_or_after;
use crate::orders::{Channel, Invoice};
use crate::read::ItemIndex;
use crate::seed::Draw;
use crate::suppliers::SupplierIndex;
use crate::tax::sale_tax;

use super::buy::due;
use super::customers::{CustomersDay, Step};
use super::found::Frame;
use super::pay::open_lines;
use super::{DemoError, Replay, clock, refused};

/// The kind of the open line of a refund that is to be paid.
const REFUND: &str = "refund";
/// The kind of the open line of what a supplier credits for a claim.
pub(super) const CLAIM: &str = "claim";
/// The most days on which will leaves returned goods undecided.
const DECIDED_WITHIN: i64 = 4;
/// After how many days a supplier credits what was claimed.
const CLAIM_DAYS: i64 = 30;
/// From what value on a supplier is asked to pay, in pence.
const WORTH_A_CLAIM: i64 = 500;

/// Pieces of an order's line that left and did not come back.
#[derive(Debug)]
struct Out {
    order_id: SalesOrderId,
    line: i64,
    pieces: i64,
    price: Price,
}

/// Goods that came back and wait for a decision.
#[derive(Debug, Clone)]
struct Undecided {
    return_id: CustomerReturnId,
    channel: Channel,
    /// What the credit note refers to.
    invoice: String,
    lines: Vec<DisposeLine>,
    /// Whose goods are claimed, by the line's place in `lines`.
    claims: Vec<SupplierIndex>,
    /// Whether the customer gets anything back.
    worth: bool,
}

/// Pieces of a line that come back.
#[derive(Debug, Clone, Copy)]
struct Back {
    pieces: i64,
    /// What is credited for a piece, at most what it was sold for.
    price: Price,
    /// Whether that is what it was sold for.
    as_paid: bool,
}

impl Back {
    fn add(&mut self, more: Back) {
        self.pieces += more.pieces;
        self.price = self.price.min(more.price);
        self.as_paid &= more.as_paid;
    }
}

/// What the replay keeps of goods that may come back, and did.
#[derive(Debug, Default)]
pub(super) struct Returning {
    out: BTreeMap<(Option<u32>, ItemIndex), VecDeque<Out>>,
    undecided: BTreeMap<Day, Vec<Undecided>>,
    claims: BTreeMap<Day, Vec<(ClaimId, SupplierIndex)>>,
}

impl Returning {
    /// Goods of a line have left.
    pub fn has_left(
        &mut self,
        (customer, item): (Option<u32>, ItemIndex),
        (order_id, line): (SalesOrderId, i64),
        pieces: i64,
        price: Price,
    ) {
        let out = self.out.entry((customer, item)).or_default();
        out.push_back(Out { order_id, line, pieces, price });
    }

    /// Takes pieces off what left, oldest first: as many of each line as did not come back. What is
    /// not found left before the books were opened.
    fn take_back(
        &mut self,
        of: (Option<u32>, ItemIndex),
        mut pieces: i64,
        into: &mut BTreeMap<SalesOrderId, BTreeMap<i64, Back>>,
        credited: Price,
    ) -> i64 {
        let Some(out) = self.out.get_mut(&of) else { return pieces };
        while pieces > 0
            && let Some(first) = out.front_mut()
        {
            let part = first.pieces.min(pieces);
            first.pieces -= part;
            pieces -= part;
            let came = Back {
                pieces: part,
                price: credited.min(first.price),
                as_paid: credited >= first.price,
            };
            let lines = into.entry(first.order_id).or_default();
            lines.entry(first.line).and_modify(|back| back.add(came)).or_insert(came);
            if first.pieces == 0 {
                out.pop_front();
            }
        }
        pieces
    }
}

/// Goods of a C invoice that have left: what, how many, at which price they are credited.
pub(super) type CameBack = (ItemIndex, i64, Price);

/// A return about to be authorized, with what it is decided by.
#[derive(Debug, Clone)]
pub(super) struct Coming {
    request: AuthorizeReturn,
    /// Items and pieces, by line.
    goods: Vec<(ItemIndex, i64)>,
    worth: bool,
}

impl Replay<'_> {
    /// Takes goods of a C invoice back: of the same customer's oldest shipments, without a customer
    /// of the web shop's; what was never shipped by these books is of unknown origin.
    pub(super) fn take_back(
        &mut self,
        day: Day,
        paper: usize,
        came: &[CameBack],
        decided: &mut CustomersDay,
    ) -> Result<(), DemoError> {
        let invoice = &self.trade.invoices[paper];
        let mut known: BTreeMap<SalesOrderId, BTreeMap<i64, Back>> = BTreeMap::new();
        let mut items: BTreeMap<(SalesOrderId, i64), ItemIndex> = BTreeMap::new();
        let mut unknown: Vec<CameBack> = Vec::new();
        for (item, pieces, price) in came {
            let mut found = BTreeMap::new();
            let of = (invoice.customer, *item);
            let rest = self.returning.take_back(of, *pieces, &mut found, *price);
            for (order_id, lines) in found {
                for (line, came) in lines {
                    items.insert((order_id, line), *item);
                    let back = known.entry(order_id).or_default().entry(line);
                    back.and_modify(|back| back.add(came)).or_insert(came);
                }
            }
            if rest > 0 {
                unknown.push((*item, rest, *price));
                self.tally.returns_unknown += rest;
            }
            self.tally.returned += pieces;
        }
        let reason = self.why(invoice);
        let mut coming = Vec::with_capacity(known.len() + 1);
        for (at, (order_id, lines)) in (1..).zip(known) {
            let name = format!("{}/{at}", invoice.number);
            coming.push(self.of_order((name, reason), order_id, &lines, &items)?);
        }
        if !unknown.is_empty() {
            coming.push(self.of_unknown(invoice, reason, day, &unknown)?);
        }
        // Lee lets them come, and will takes them in.
        let lee = self.at(&self.frame.lee, day, invoice.minute)?;
        let will = self.at(&self.frame.will, day, invoice.minute)?;
        let returns = coming.iter().map(|coming| coming.request.clone()).collect();
        decided.steps.push(Step::Arrive { lee, will, returns });
        decided.coming.extend(coming.into_iter().map(|coming| (paper, coming)));
        Ok(())
    }

    /// Why they come back; drawn, for the file does not tell.
    fn why(&self, invoice: &Invoice) -> ReturnReason {
        let mut draw = Draw::of(self.world.seed, &["return", &invoice.number.to_string()]);
        match draw.below(100) {
            0..15 => ReturnReason::Damaged,
            15..20 => ReturnReason::Defective,
            20..35 => ReturnReason::WrongItem,
            35..45 => ReturnReason::NotAsDescribed,
            _ => ReturnReason::ChangedMind,
        }
    }

    fn of_order(
        &self,
        (name, reason): (String, ReturnReason),
        order_id: SalesOrderId,
        back: &BTreeMap<i64, Back>,
        items: &BTreeMap<(SalesOrderId, i64), ItemIndex>,
    ) -> Result<Coming, DemoError> {
        let (mut lines, mut goods, mut worth) = (Vec::new(), Vec::new(), false);
        for (line, Back { pieces, price, as_paid }) in back {
            let quantity = Quantity::from_units(*pieces)?;
            worth |= price.extend(quantity, Currency::GBP, Rounding::HalfUp)? > 0;
            lines.push(AuthorizeLine {
                line: Some(*line),
                quantity: Some(quantity),
                // Without a price the line gets what was paid for it, to the penny in any parts.
                price: (!as_paid).then_some(*price),
                ..AuthorizeLine::default()
            });
            goods.extend(items.get(&(order_id, *line)).map(|item| (*item, *pieces)));
        }
        let request = authorize(Some(order_id), reason, lines, name);
        Ok(Coming { request, goods, worth })
    }

    fn of_unknown(
        &self,
        invoice: &Invoice,
        reason: ReturnReason,
        day: Day,
        back: &[CameBack],
    ) -> Result<Coming, DemoError> {
        let country = self.data.country(invoice.country);
        let tax = sale_tax(country, invoice.customer.is_some(), day).code;
        let (mut lines, mut goods, mut worth) = (Vec::new(), Vec::new(), false);
        for (item, pieces, price) in back {
            let quantity = Quantity::from_units(*pieces)?;
            worth |= price.extend(quantity, Currency::GBP, Rounding::HalfUp)? > 0;
            lines.push(AuthorizeLine {
                line: None,
                sku: Some(self.world.item(*item).code.clone()),
                quantity: Some(quantity),
                price: Some(*price),
                tax_code: Some(tax.to_owned()),
            });
            goods.push((*item, *pieces));
        }
        let request = AuthorizeReturn {
            partner: invoice.customer.map(|number| number.to_string()),
            warehouse: Some(super::found::WAREHOUSE.to_owned()),
            note: "origin unknown".to_owned(),
            sold_on: Some(day),
            prices: Some(Prices::Net),
            ..authorize(None, reason, lines, format!("{}/unknown", invoice.number))
        };
        Ok(Coming { request, goods, worth })
    }

    /// What will shall find when he looks at the goods, and on which day he does.
    pub(super) fn await_decision(
        &mut self,
        day: Day,
        invoice: &Invoice,
        coming: Coming,
        return_id: CustomerReturnId,
    ) -> Result<(), DemoError> {
        let name = coming.request.client_ref.as_str();
        let mut draw = Draw::of(self.world.seed, &["decide", name]);
        let on = open_on_or_after(day.plus(draw.between(1, DECIDED_WITHIN))?)?;
        let broken =
            matches!(coming.request.reason, ReturnReason::Damaged | ReturnReason::Defective);
        let (mut lines, mut claims) = (Vec::new(), Vec::new());
        for (line, (item, pieces)) in (1_i64..).zip(&coming.goods) {
            let claimed = self.claimed_from(*item, *pieces)?;
            let found = draw.below(100);
            let outcome = match (broken, found, claimed) {
                (true, 0..40, Some(_)) => Disposition::SupplierClaim,
                (true, 0..85, _) | (false, 0..4, _) => Disposition::Scrap,
                _ => Disposition::Restock,
            };
            let supplier = claimed.filter(|_| outcome == Disposition::SupplierClaim);
            claims.extend(supplier);
            lines.push(DisposeLine {
                line,
                sku: None,
                quantity: None,
                outcome,
                place: None,
                reason: match outcome {
                    Disposition::Scrap => "damaged".to_owned(),
                    _ => String::new(),
                },
                grade_sku: None,
                grade_value: None,
                supplier: supplier.map(|at| self.world.supplier(at).code.clone()),
                note: String::new(),
            });
        }
        self.returning.undecided.entry(on).or_default().push(Undecided {
            return_id,
            channel: invoice.channel(),
            invoice: invoice.number.to_string(),
            lines,
            claims,
            worth: coming.worth,
        });
        Ok(())
    }

    /// Who would be asked to pay for broken pieces. Claims are made in pounds, so to suppliers that are
    /// paid in pounds, and not over pennies.
    fn claimed_from(
        &self,
        item: ItemIndex,
        pieces: i64,
    ) -> Result<Option<SupplierIndex>, DemoError> {
        let quantity = Quantity::from_units(pieces)?;
        let cost = self.world.item(item).cost;
        if cost.extend(quantity, Currency::GBP, Rounding::HalfUp)? < WORTH_A_CLAIM {
            return Ok(None);
        }
        let from = self.world.offer(item).map(|offer| offer.supplier);
        Ok(from.filter(|at| self.world.supplier(*at).currency == Currency::GBP))
    }

    /// Will decides what becomes of goods that came back, fay refunds them, and suppliers credit what
    /// was claimed a month ago.
    pub(super) fn dispose(&mut self, day: Day) -> Result<(), DemoError> {
        let claims = due(&mut self.returning.claims, day);
        let undecided = due(&mut self.returning.undecided, day);
        if claims.is_empty() && undecided.is_empty() {
            return Ok(());
        }
        let frame = Arc::clone(&self.frame);
        let (settled, work) = (claims.clone(), undecided.clone());
        let decided = self.write(move |tx| {
            let fay = frame.at(&frame.fay, day, clock(5, 55))?;
            let credited = settle(tx, &fay, &settled, day)?;
            let decided = work
                .iter()
                .map(|goods| decide(tx, &frame, day, goods))
                .collect::<Result<Vec<_>, _>>()?;
            Ok((credited, decided))
        })?;
        let (credited, decided) = decided;
        self.tally.claims_settled += credited.len() as u64;
        for (claim_id, supplier, amount) in credited {
            self.tally.claims_credited += amount;
            self.money.claim_credited(supplier, claim_id, amount);
        }
        for (goods, decided) in undecided.iter().zip(decided) {
            self.tally.refunded_returns += decided.gross;
            self.tally.refund_payments += u64::from(decided.paid > 0);
            for line in &goods.lines {
                match line.outcome {
                    Disposition::Restock => self.tally.restocked += 1,
                    Disposition::Scrap => self.tally.scrapped += 1,
                    _ => self.tally.claimed += 1,
                }
            }
            for (claim_id, supplier) in decided.claims.into_iter().zip(&goods.claims) {
                let on = open_on_or_after(day.plus(CLAIM_DAYS)?)?;
                self.returning.claims.entry(on).or_default().push((claim_id, *supplier));
            }
        }
        Ok(())
    }
}

fn authorize(
    order_id: Option<SalesOrderId>,
    reason: ReturnReason,
    lines: Vec<AuthorizeLine>,
    client_ref: String,
) -> AuthorizeReturn {
    AuthorizeReturn {
        order_id,
        partner: None,
        warehouse: None,
        reason,
        note: String::new(),
        lines: Some(lines),
        sold_on: None,
        prices: None,
        expected_on: None,
        confirm_late: true,
        client_ref,
    }
}

/// What came of a decision.
struct Decided {
    /// What the customer gets, with tax, in pence.
    gross: i64,
    /// What of it was paid out; the rest was owed less.
    paid: i64,
    claims: Vec<ClaimId>,
}

fn decide(
    tx: &mut Tx<'_>,
    frame: &Frame,
    day: Day,
    goods: &Undecided,
) -> Result<Decided, DemoError> {
    let will = frame.at(&frame.will, day, clock(6, 0))?;
    let fay = frame.at(&frame.fay, day, clock(6, 5))?;
    let lee = frame.at(&frame.lee, day, clock(6, 10))?;
    let return_id = goods.return_id;
    let request = Dispose {
        return_id,
        decided_on: Some(day),
        lines: goods.lines.clone(),
        client_ref: String::new(),
    };
    let disposed = quality::dispose(tx, &will, request).map_err(refused("dispose"))?;
    let mut decided = Decided { gross: 0, paid: 0, claims: disposed.claims };
    if !goods.worth {
        return Ok(decided);
    }
    let request = DecideRefund {
        return_id,
        lines: None,
        decided_on: Some(day),
        reason: format!("returned, {}", goods.invoice),
        client_ref: String::new(),
    };
    let mut refund = quality::decide_refund(tx, &fay, request).map_err(refused("refund"))?;
    if refund.state == RefundState::ToApprove {
        let refund_id = refund.refund_id;
        let yes = ApproveRefund { refund_id, verdict: Verdict::Approve, reason: String::new() };
        refund = quality::approve_refund(tx, &lee, yes).map_err(refused("approve refund"))?;
    }
    decided.gross = refund.gross.minor;
    decided.paid = refund.payable.minor;
    if decided.paid > 0 {
        let (through, method) = match goods.channel {
            Channel::WebShop => (Through::Channel(frame.web), "card"),
            Channel::Wholesale => (Through::Bank, "transfer"),
        };
        let request = Refund {
            of: RefundOf::Decided,
            open: OpenRef { kind: REFUND.to_owned(), id: refund.refund_id.raw() },
            through,
            amount: Money::new(decided.paid, Currency::GBP),
            bank_amount: None,
            happened_on: Some(day),
            partner_id: None,
            method: method.to_owned(),
            reference: String::new(),
            client_ref: String::new(),
            memo: String::new(),
        };
        payments::refund(tx, &fay, request).map_err(refused("pay refund"))?;
    }
    Ok(decided)
}

/// Suppliers credit all that was claimed. Returns what they owe for each claim.
fn settle(
    tx: &mut Tx<'_>,
    fay: &identity::Ctx,
    claims: &[(ClaimId, SupplierIndex)],
    day: Day,
) -> Result<Vec<(ClaimId, SupplierIndex, i64)>, DemoError> {
    for (claim_id, _) in claims {
        let request = SettleClaim {
            claim_id: *claim_id,
            outcome: ClaimOutcome::Credit,
            amount: None,
            reference: format!("claim credited {day}"),
            place: None,
            reason: String::new(),
            settled_on: Some(day),
        };
        quality::settle_claim(tx, fay, request).map_err(refused("settle claim"))?;
    }
    let mut owed = BTreeMap::new();
    if !claims.is_empty() {
        let filter = OpenItemFilter {
            role: Some(Role::Payable),
            kind: Some(CLAIM.to_owned()),
            ..OpenItemFilter::default()
        };
        owed = open_lines(tx, fay, filter)?
            .into_iter()
            .map(|it| (it.source_id, it.amount.minor))
            .collect();
    }
    let credited = claims.iter().filter_map(|(claim_id, supplier)| {
        Some((*claim_id, *supplier, *owed.get(&claim_id.raw())?))
    });
    Ok(credited.collect())
}
