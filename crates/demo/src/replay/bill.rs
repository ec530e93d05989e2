//! Suppliers' bills, and what they credit of what they billed twice.

use base::{Day, Quantity};
use purchasing::{Bill, BillGoods, BillState, CreditGoods, CreditNote, MatchState};

use super::buy::due;
use super::{DemoError, Replay, clock, refused};

/// After how many days a supplier credits what it billed twice.
const CREDIT_DAYS: i64 = 10;

impl Replay<'_> {
    /// Suppliers bill, and credit what they had billed twice.
    pub(super) fn bill(
        &mut self,
        day: Day,
        planned: &[(usize, usize, usize)],
    ) -> Result<(), DemoError> {
        let mut papers: Vec<(usize, usize, usize)> = planned
            .iter()
            .filter_map(|(at, goods, bill)| Some((*self.buying.planned.get(at)?, *goods, *bill)))
            .collect();
        papers.extend(due(&mut self.buying.bills, day));
        let credits = due(&mut self.buying.credits, day);
        if papers.is_empty() && credits.is_empty() {
            return Ok(());
        }
        let bills =
            papers.iter().map(|paper| self.bill_of(*paper)).collect::<Result<Vec<_>, _>>()?;
        let notes = credits
            .iter()
            .map(|(at, goods, bill, _)| self.credit_note_of((*at, *goods, *bill), day))
            .collect::<Result<Vec<_>, _>>()?;
        let fay = self.at(&self.frame.fay, day, clock(5, 50))?;
        let (billed, credited) = self.write(move |tx| {
            let mut billed = Vec::with_capacity(bills.len());
            for bill in bills.clone() {
                billed.push(purchasing::bill(tx, &fay, bill).map_err(refused("bill"))?);
            }
            let mut credited = Vec::with_capacity(notes.len());
            for note in notes.clone() {
                let note = purchasing::credit_note(tx, &fay, note);
                credited.push(note.map_err(refused("credit note"))?);
            }
            Ok((billed, credited))
        })?;
        for (paper, billed) in papers.into_iter().zip(billed) {
            self.tally.bills += 1;
            self.tally.bills_matched += u64::from(billed.state == BillState::Matched);
            self.tally.bill_lines += billed.matches.len() as u64;
            let matched = billed.matches.iter().filter(|state| **state == MatchState::Matched);
            self.tally.bill_lines_matched += matched.count() as u64;
            let order = &self.buying.orders[paper.0];
            let bill = &order.supply.deliveries[paper.1].bills[paper.2];
            let states = bill.lines.iter().zip(&billed.matches);
            let more = |(_, state): &(_, &MatchState)| **state == MatchState::QuantityMismatch;
            for (line, _) in states.filter(more).filter(|_| !bill.repeats) {
                let doubted = self.buying.doubted.entry(order.site).or_default();
                doubted.insert(order.lines[line.line].item);
            }
            if bill.repeats {
                let on = crate::open_days::open_on_or_after(day.plus(CREDIT_DAYS)?)?;
                let (at, goods, paper) = paper;
                let known = (at, goods, paper, billed.bill_id);
                self.buying.credits.entry(on).or_default().push(known);
                self.tally.billed_twice += 1;
            } else {
                let (bill_id, total) = (billed.bill_id, billed.total);
                self.money.owe(bill.due_on, order.supplier, bill_id, total, &billed.matches);
            }
        }
        for ((at, _, _, bill_id), credited) in credits.into_iter().zip(credited) {
            self.tally.credit_notes += 1;
            let supplier = self.buying.orders[at].supplier;
            self.money.set_off(supplier, bill_id, credited.bill_id, credited.total.negate());
        }
        Ok(())
    }

    fn bill_of(&self, (at, goods, bill): (usize, usize, usize)) -> Result<Bill, DemoError> {
        let order = &self.buying.orders[at];
        let paper = &order.supply.deliveries[goods].bills[bill];
        let line = |line: &crate::supply::BilledLine| {
            Ok(BillGoods {
                order_id: order.id,
                line: line.line as i64 + 1,
                quantity: Some(Quantity::from_units(line.quantity)?),
                unit: None,
                price: Some(line.price),
                tax_code: None,
                correction: false,
            })
        };
        let supplier = self.world.supplier(order.supplier);
        Ok(Bill {
            supplier: supplier.code.clone(),
            reference: paper.number.clone(),
            billed_on: Some(paper.day),
            due_on: Some(paper.due_on),
            currency: Some(supplier.currency),
            goods: paper.lines.iter().map(line).collect::<Result<Vec<_>, DemoError>>()?,
            expenses: Vec::new(),
            confirm_duplicate: false,
            note: String::new(),
            client_ref: paper.number.clone(),
        })
    }

    fn credit_note_of(
        &self,
        (at, goods, bill): (usize, usize, usize),
        day: Day,
    ) -> Result<CreditNote, DemoError> {
        let order = &self.buying.orders[at];
        let paper = &order.supply.deliveries[goods].bills[bill];
        let line = |line: &crate::supply::BilledLine| {
            Ok(CreditGoods {
                order_id: order.id,
                line: line.line as i64 + 1,
                quantity: Some(Quantity::from_units(line.quantity)?),
                unit: None,
                price: Some(line.price),
                tax_code: None,
            })
        };
        Ok(CreditNote {
            supplier: self.world.supplier(order.supplier).code.clone(),
            reference: format!("{}-CREDIT", paper.number),
            credited_on: Some(day),
            goods: paper.lines.iter().map(line).collect::<Result<Vec<_>, DemoError>>()?,
            confirm_duplicate: false,
            note: "billed twice".to_owned(),
            client_ref: format!("{}-CREDIT", paper.number),
        })
    }
}
