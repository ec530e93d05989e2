//! The pure decision: what a payment settles, at what value, and what exchange won or lost.

use accounting::Role;
use base::{Currency, Money, PartnerId, PaymentId, Rate, Rounding, mul_div};
use std::collections::HashMap;

use crate::PAYMENT;
use crate::error::PaymentError;
use crate::model::{Allocation, Decided, Draft, Effect, Key, Part, Purse, Wanted};

/// Where an open line is found: account, kind, id and currency.
pub(crate) type Slot = (Role, String, i64, Currency);

/// What is open of a line, debit positive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    /// Minor units of the company's currency.
    pub amount: i64,
    /// Minor units of the line's currency.
    pub amount_foreign: i64,
    pub partner_id: Option<PartnerId>,
}

/// The open lines as they stand, payments decided before included.
pub(crate) type Standings = HashMap<Slot, Standing>;

/// What a payment is decided by besides itself.
pub(crate) struct Facts {
    pub payment_id: PaymentId,
    pub home: Currency,
    /// What one unit of the payment's currency is worth in the company's.
    pub rate: Rate,
}

/// A part taken, before amounts at the payment's own rate are known.
struct Piece {
    part: Part,
    partner_id: Option<PartnerId>,
    amount_foreign: i64,
    /// The value in the books of what is settled.
    amount: Option<i64>,
}

/// Decides a payment: what each part takes, that it comes to the whole, and the values in the
/// company's currency. The difference between what was open and what was paid for it is the
/// exchange's. On refusal the standings stay as they were.
pub(crate) fn decide(
    draft: &Draft,
    facts: &Facts,
    standings: &mut Standings,
) -> Result<Decided, PaymentError> {
    let money = |minor| Money::new(minor, draft.currency);
    let mut desk = Desk { draft, standings, changed: HashMap::new(), partner_id: draft.partner_id };
    // A credit leaves more of the amount for what is owed, wherever it is named.
    let mut order: Vec<usize> = (0..draft.parts.len()).collect();
    order.sort_by_key(|at| !desk.is_credit(&draft.parts[*at]));
    let mut taken = Vec::with_capacity(order.len());
    let mut total = 0;
    for at in order {
        let left = draft.amount.map_or(i64::MAX, |amount| amount.saturating_sub(total));
        let piece = desk.take(&draft.parts[at], left)?;
        total = add(total, piece.amount_foreign)?;
        taken.push((at, piece));
    }
    taken.sort_by_key(|(at, _)| *at);
    let mut pieces: Vec<Piece> = taken.into_iter().map(|(_, piece)| piece).collect();
    let amount = draft.amount.unwrap_or(total);
    if amount <= 0 {
        return Err(PaymentError::NotPositive { amount: money(amount) });
    }
    let rest = amount.checked_sub(total).ok_or(PaymentError::OutOfRange)?;
    if rest < 0 {
        let (amount, allocated) = (money(amount), money(total));
        return Err(PaymentError::AllocatedTooMuch { amount, allocated });
    }
    if rest > 0 {
        if !draft.keep_rest {
            return Err(PaymentError::NotAllocated { rest: money(rest) });
        }
        let key = Key::of(PAYMENT, base::Id::raw(facts.payment_id));
        pieces.push(desk.take(&Part::opens(Role::CustomerDeposits, key, rest), rest)?);
    }
    let amount_company = match &draft.purse {
        Purse::Deposit(role, key) => desk.settle(*role, key, -draft.direction.sign(), amount)?.0,
        _ => paid_in_company_currency(draft, facts, amount)?,
    };
    let (changed, partner_id) = (desk.changed, desk.partner_id);
    let allocations = value(pieces, amount, amount_company, partner_id)?;
    standings.extend(changed);
    Ok(Decided { amount, amount_company, partner_id, allocations })
}

/// What the bank or a channel moved, in the company's currency.
fn paid_in_company_currency(
    draft: &Draft,
    facts: &Facts,
    amount: i64,
) -> Result<i64, PaymentError> {
    let paid = Money::new(amount, draft.currency);
    let Some(bank_amount) = draft.bank_amount else {
        if draft.currency == facts.home {
            return Ok(amount);
        }
        return Ok(facts.rate.convert(paid, facts.home, Rounding::HalfUp)?.minor);
    };
    let sound = bank_amount.currency == facts.home
        && bank_amount.minor > 0
        && (draft.currency != facts.home || bank_amount.minor == amount);
    if sound {
        Ok(bank_amount.minor)
    } else {
        Err(PaymentError::BankAmount { bank_amount, amount: paid, currency: facts.home })
    }
}

/// Gives each piece its value: what is settled has the value it was booked at, everything else the
/// payment's own rate. What is left between them is the exchange's.
fn value(
    pieces: Vec<Piece>,
    amount: i64,
    amount_company: i64,
    partner_id: Option<PartnerId>,
) -> Result<Vec<Allocation>, PaymentError> {
    let share = |part| mul_div(amount_company, part, amount, Rounding::HalfUp);
    let mut valued = 0;
    let mut allocations = Vec::with_capacity(pieces.len() + 1);
    for piece in pieces {
        let amount = match piece.amount {
            Some(booked) => booked,
            None => share(piece.amount_foreign)?,
        };
        valued = add(valued, amount)?;
        let tax = match piece.part.tax {
            Some((code, net)) => Some((code, share(net)?)),
            None => None,
        };
        allocations.push(Allocation {
            role: piece.part.role,
            partner_id: piece.partner_id.or(partner_id),
            key: piece.part.key,
            amount,
            amount_foreign: piece.amount_foreign,
            tax,
        });
    }
    let difference = add(amount_company, -valued)?;
    if difference != 0 {
        allocations.push(Allocation {
            role: Role::ExchangeDifference,
            key: None,
            partner_id: None,
            amount: difference,
            amount_foreign: 0,
            tax: None,
        });
    }
    Ok(allocations)
}

/// One payment at work: what it changed so far stays here until it is decided.
struct Desk<'d> {
    draft: &'d Draft,
    standings: &'d Standings,
    changed: Standings,
    partner_id: Option<PartnerId>,
}

impl Desk<'_> {
    /// Whether all that is open of a part is owed the other way.
    fn is_credit(&self, part: &Part) -> bool {
        let (Wanted::Open, Effect::Settles, Some(key)) = (part.wanted, part.effect, &part.key)
        else {
            return false;
        };
        let sign = self.draft.direction.sign();
        self.standing(part.role, key).is_ok_and(|open| -sign * open.1.amount_foreign < 0)
    }

    fn take(&mut self, part: &Part, left: i64) -> Result<Piece, PaymentError> {
        let sign = self.draft.direction.sign();
        let money = |minor| Money::new(minor, self.draft.currency);
        let wanted = match (part.wanted, &part.key, part.effect) {
            (Wanted::Exactly(minor), ..) => minor,
            (Wanted::Open, Some(key), Effect::Settles) => {
                let open = -sign * self.standing(part.role, key)?.1.amount_foreign;
                open.min(left.max(0))
            }
            (Wanted::Open, ..) => left,
        };
        if part.effect == Effect::Opens && wanted <= 0 {
            return Err(PaymentError::NotPositive { amount: money(wanted) });
        }
        let mut piece =
            Piece { part: part.clone(), partner_id: None, amount_foreign: wanted, amount: None };
        if let (Effect::Settles, Some(key)) = (part.effect, &part.key) {
            let (booked, partner_id) = self.settle(part.role, key, sign, wanted)?;
            (piece.amount, piece.partner_id) = (Some(booked), partner_id);
        }
        Ok(piece)
    }

    /// Takes `wanted` of what is open on the side opposite to `sign`, never more than there is, and
    /// returns its value in the books: the share of what is open, the last part with the remainder.
    fn settle(
        &mut self,
        role: Role,
        key: &Key,
        sign: i64,
        wanted: i64,
    ) -> Result<(i64, Option<PartnerId>), PaymentError> {
        let (slot, standing) = self.standing(role, key)?;
        if let (Some(found), Some(partner)) = (standing.partner_id, self.partner_id)
            && found != partner
        {
            let kind = key.kind.to_string();
            return Err(PaymentError::WrongPartner { kind, id: key.id, found, wanted: partner });
        }
        let (open, booked) = (-sign * standing.amount_foreign, -sign * standing.amount);
        let within = wanted.signum() == open.signum() && wanted.abs() <= open.abs();
        if wanted == 0 || !within {
            return Err(PaymentError::ExceedsOpen {
                role,
                kind: key.kind.to_string(),
                id: key.id,
                asked: Money::new(wanted, self.draft.currency),
                open: Money::new(open, self.draft.currency),
            });
        }
        let amount =
            if wanted == open { booked } else { mul_div(booked, wanted, open, Rounding::HalfUp)? };
        self.partner_id = self.partner_id.or(standing.partner_id);
        let left = Standing {
            amount: add(standing.amount, sign * amount)?,
            amount_foreign: add(standing.amount_foreign, sign * wanted)?,
            partner_id: standing.partner_id,
        };
        self.changed.insert(slot, left);
        Ok((amount, standing.partner_id))
    }

    fn standing(&self, role: Role, key: &Key) -> Result<(Slot, Standing), PaymentError> {
        let slot = (role, key.kind.to_string(), key.id, self.draft.currency);
        match self.changed.get(&slot).or_else(|| self.standings.get(&slot)) {
            Some(standing) => Ok((slot, *standing)),
            None => Err(PaymentError::NotOpen {
                role,
                kind: slot.1,
                id: key.id,
                currency: self.draft.currency,
            }),
        }
    }
}

/// The sum, kept clear of `i64::MIN` so that every amount has its negative.
fn add(a: i64, b: i64) -> Result<i64, PaymentError> {
    a.checked_add(b).filter(|sum| *sum != i64::MIN).ok_or(PaymentError::OutOfRange)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Direction, Kind};
    use base::{Day, Id};

    const USD: Currency = Currency::USD;
    const GBP: Currency = Currency::GBP;

    fn bill(standing: (i64, i64)) -> Standings {
        let (amount, amount_foreign) = standing;
        let standing =
            Standing { amount, amount_foreign, partner_id: Some(PartnerId::from_raw(3)) };
        HashMap::from([
            ((Role::Payable, "bill".to_owned(), 1, USD), standing),
            ((Role::Payable, "bill".to_owned(), 1, GBP), standing),
        ])
    }

    fn paying(currency: Currency, amount: i64, wanted: &[Wanted]) -> Draft {
        let day = Day::of(2026, 1, 5).unwrap();
        let of = Money::new(amount, currency);
        let mut draft = Draft::new(Kind::Pay, Direction::Out, Purse::Bank, day, of);
        draft.parts = wanted
            .iter()
            .map(|wanted| Part::settles(Role::Payable, Key::of("bill", 1), *wanted))
            .collect();
        draft
    }

    fn facts(rate: &str) -> Facts {
        let rate = Rate::parse(rate).unwrap();
        Facts { payment_id: PaymentId::from_raw(9), home: GBP, rate }
    }

    fn amounts(decided: &Decided) -> Vec<(Role, i64, i64)> {
        decided.allocations.iter().map(|a| (a.role, a.amount, a.amount_foreign)).collect()
    }

    #[test]
    fn a_foreign_bill_is_paid_at_the_days_rate_and_the_difference_is_the_exchanges() {
        let mut open = bill((-8_000, -10_000));
        let draft = paying(USD, 2_500, &[Wanted::Open]);
        let paid = decide(&draft, &facts("0.9"), &mut open).unwrap();
        assert_eq!((paid.amount, paid.amount_company), (2_500, 2_250));
        assert_eq!(
            amounts(&paid),
            [(Role::Payable, 2_000, 2_500), (Role::ExchangeDifference, 250, 0)]
        );
        let rest = decide(&paying(USD, 7_500, &[Wanted::Open]), &facts("0.7"), &mut open).unwrap();
        assert_eq!(
            amounts(&rest),
            [(Role::Payable, 6_000, 7_500), (Role::ExchangeDifference, -750, 0)]
        );
        let left = open[&(Role::Payable, "bill".to_owned(), 1, USD)];
        assert_eq!((left.amount, left.amount_foreign), (0, 0));
    }

    #[test]
    fn parts_of_an_odd_amount_leave_nothing_behind() {
        let mut open = bill((-1_001, -3_000));
        let mut booked = 0;
        for _ in 0..3 {
            let draft = paying(USD, 1_000, &[Wanted::Exactly(1_000)]);
            let paid = decide(&draft, &facts("1"), &mut open).unwrap();
            booked += paid.allocations[0].amount;
        }
        assert_eq!(booked, 1_001);
    }

    #[test]
    fn what_the_bank_says_goes_before_the_days_rate() {
        let mut open = bill((-8_000, -10_000));
        let mut draft = paying(USD, 10_000, &[Wanted::Open]);
        draft.bank_amount = Some(Money::new(8_125, GBP));
        let paid = decide(&draft, &facts("0.9"), &mut open).unwrap();
        assert_eq!(paid.amount_company, 8_125);
        assert_eq!(amounts(&paid)[1], (Role::ExchangeDifference, 125, 0));
    }

    #[test]
    fn no_allocation_settles_more_than_is_open_and_a_refusal_changes_nothing() {
        let cases: &[(i64, &[Wanted])] = &[
            (101, &[Wanted::Exactly(101)]),
            (102, &[Wanted::Exactly(51), Wanted::Exactly(51)]),
            (100, &[Wanted::Open, Wanted::Open]),
            (50, &[Wanted::Exactly(0), Wanted::Exactly(50)]),
            (50, &[Wanted::Exactly(-10), Wanted::Exactly(60)]),
            (60, &[Wanted::Exactly(50)]),
            (40, &[Wanted::Exactly(50)]),
            (0, &[Wanted::Open]),
            (-5, &[]),
        ];
        for (amount, wanted) in cases {
            let mut open = bill((-100, -100));
            let before = open.clone();
            let draft = paying(GBP, *amount, wanted);
            assert!(decide(&draft, &facts("1"), &mut open).is_err(), "{amount} {wanted:?}");
            assert_eq!(open, before);
        }
    }

    #[test]
    fn a_credit_is_set_against_what_is_paid() {
        let credit = Standing { amount: 30, amount_foreign: 30, partner_id: None };
        let mut draft = paying(GBP, 70, &[]);
        draft.parts = vec![
            Part::settles(Role::Payable, Key::of("credit", 2), Wanted::Open),
            Part::settles(Role::Payable, Key::of("bill", 1), Wanted::Open),
        ];
        let mut expected = vec![(Role::Payable, -30, -30), (Role::Payable, 100, 100)];
        // Whichever is named first.
        for _ in 0..2 {
            let mut open = bill((-100, -100));
            open.insert((Role::Payable, "credit".to_owned(), 2, GBP), credit);
            let paid = decide(&draft, &facts("1"), &mut open).unwrap();
            assert_eq!(amounts(&paid), expected);
            draft.parts.reverse();
            expected.reverse();
        }
    }

    #[test]
    fn the_payment_and_its_lines_have_one_partner() {
        let mut open = bill((-100, -100));
        let mut draft = paying(GBP, 100, &[Wanted::Open]);
        draft.partner_id = Some(PartnerId::from_raw(4));
        let refused = decide(&draft, &facts("1"), &mut open).unwrap_err();
        assert!(matches!(refused, PaymentError::WrongPartner { .. }), "{refused}");
    }
}
