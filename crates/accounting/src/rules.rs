//! Pure decisions of the books: what a set of lines becomes, which day is open, how tax is reckoned.

use crate::books::Books;
use crate::model::{Area, BookedLine, KINDS_WITHOUT_TAX_CODE, KnownAccount, Line, Role};
use crate::post::PostError;
use crate::tables::Totals;
use base::{Currency, Day, DayError, Id, NumberError, Rate, Rounding, TextError};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// The longest reason and memo, in characters.
pub(crate) const MAX_TEXT: usize = 500;

/// The first day on or after `day` that is not locked.
pub(crate) fn first_open_day(day: Day, locked_through: Option<Day>) -> Result<Day, DayError> {
    match locked_through {
        Some(locked) if day <= locked => locked.plus(1),
        _ => Ok(day),
    }
}

/// SHA-256 over the canonical lines of a trial balance: the area, the last day, and then account,
/// debits and credits by account id.
pub(crate) fn hash_totals(area: Area, through: Day, totals: &Totals) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update(format!("{area}\n{through}\n"));
    for (account_id, (debit, credit)) in totals {
        hash.update(format!("{account_id} {debit} {credit}\n"));
    }
    hash.finalize().to_vec()
}

/// Bytes in hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A reason is one line that says something.
pub(crate) fn check_reason(reason: &str) -> Result<(), TextError> {
    if reason.trim().is_empty() {
        return Err(TextError::Empty { field: "reason" });
    }
    base::check_text("reason", reason, MAX_TEXT)
}

/// Checks the lines of an entry against the books and merges those alike but for their amount, in
/// the order in which they first appear. `number` is the entry's, from 1, for messages.
pub(crate) fn book_lines(
    books: &Books,
    home: Currency,
    number: usize,
    kind: &str,
    lines: &[Line],
) -> Result<Vec<BookedLine>, PostError> {
    let out_of_range = || PostError::OutOfRange { entry: number };
    let mut booked: Vec<BookedLine> = Vec::with_capacity(lines.len());
    let mut places: HashMap<LineKey, usize> = HashMap::with_capacity(lines.len());
    for (index, line) in lines.iter().enumerate() {
        let place = Place { entry: number, line: index + 1 };
        let (account_id, known) = books.find(line.account).ok_or(PostError::NoAccount {
            entry: number,
            line: place.line,
            account: line.account,
        })?;
        let codeless = KINDS_WITHOUT_TAX_CODE.contains(&kind);
        check_line(place, line, known, home, codeless)?;
        let next = booked_line(account_id, known, line, home);
        match places.get(&key_of(&next)) {
            Some(&at) => {
                let sum = &mut booked[at];
                sum.amount = add(sum.amount, next.amount).ok_or_else(out_of_range)?;
                sum.amount_foreign =
                    add(sum.amount_foreign, next.amount_foreign).ok_or_else(out_of_range)?;
                sum.tax_base = add(sum.tax_base, next.tax_base).ok_or_else(out_of_range)?;
            }
            None => {
                places.insert(key_of(&next), booked.len());
                booked.push(next);
            }
        }
    }
    booked.retain(|line| line.amount != 0 || line.amount_foreign != 0 || line.tax_base != 0);
    check_balance(number, &booked)?;
    Ok(booked)
}

#[derive(Clone, Copy)]
struct Place {
    entry: usize,
    line: usize,
}

/// What makes two lines alike.
type LineKey = (i64, Currency, String, (i64, i64), Option<Day>, i64, i64);

fn key_of(line: &BookedLine) -> LineKey {
    (
        line.account_id.raw(),
        line.currency,
        line.open_kind.clone(),
        (line.open_source_id, line.partner_id),
        line.due_on,
        line.tax_code_id,
        line.item_id,
    )
}

/// The sum, kept clear of `i64::MIN` so that every amount has its negative.
fn add(a: i64, b: i64) -> Option<i64> {
    a.checked_add(b).filter(|sum| *sum != i64::MIN)
}

fn check_line(
    place: Place,
    line: &Line,
    known: &KnownAccount,
    home: Currency,
    codeless: bool,
) -> Result<(), PostError> {
    let Place { entry, line: number } = place;
    let code = || known.code.clone();
    let is_tax = known.role.is_some_and(Role::is_tax);
    if line.amount == i64::MIN || line.foreign.is_some_and(|money| money.minor == i64::MIN) {
        return Err(PostError::OutOfRange { entry });
    }
    if known.open_lines && line.open.is_none_or(|key| key.kind.is_empty()) {
        return Err(PostError::OpenKeyMissing { entry, line: number, code: code() });
    }
    if is_tax && line.tax.is_none() && !codeless {
        return Err(PostError::TaxCodeMissing { entry, line: number, code: code() });
    }
    if let Some(tag) = line.tax {
        if !is_tax {
            return Err(PostError::TaxElsewhere { entry, line: number, code: code() });
        }
        if line.amount.signum() * tag.base.signum() < 0 || tag.base == i64::MIN {
            return Err(PostError::TaxSign {
                entry,
                line: number,
                amount: line.amount,
                base: tag.base,
            });
        }
    }
    if let Some(money) = line.foreign {
        let contradicts = if money.currency == home {
            money.minor != line.amount
        } else {
            line.amount.signum() * money.minor.signum() < 0
        };
        if contradicts {
            return Err(PostError::ForeignMismatch {
                entry,
                line: number,
                amount: line.amount,
                foreign: money.minor,
            });
        }
    }
    Ok(())
}

fn booked_line(
    account_id: base::AccountId,
    known: &KnownAccount,
    line: &Line,
    home: Currency,
) -> BookedLine {
    let partner_id = line.open.and_then(|key| key.partner_id).map_or(0, Id::raw);
    BookedLine {
        account_id,
        amount: line.amount,
        currency: line.foreign.map_or(home, |money| money.currency),
        amount_foreign: line.foreign.map_or(line.amount, |money| money.minor),
        open_kind: line.open.map_or("", |key| key.kind).to_owned(),
        open_source_id: line.open.map_or(0, |key| key.id),
        partner_id,
        due_on: line.due_on,
        tax_code_id: line.tax.map_or(0, |tag| tag.code.raw()),
        tax_base: line.tax.map_or(0, |tag| tag.base),
        item_id: line.item_id.map_or(0, Id::raw),
        opens: known.open_lines,
    }
}

fn check_balance(entry: usize, lines: &[BookedLine]) -> Result<(), PostError> {
    let side =
        |keep: fn(i64) -> i64| lines.iter().map(|l| i128::from(keep(l.amount))).sum::<i128>();
    let (debit, credit) = (side(|amount| amount.max(0)), -side(|amount| amount.min(0)));
    if debit != credit {
        return Err(PostError::Unbalanced { entry, debit, credit });
    }
    if debit > i128::from(i64::MAX) {
        return Err(PostError::OutOfRange { entry });
    }
    if lines.len() == 1 {
        return Err(PostError::SingleLine { entry });
    }
    Ok(())
}

/// What one open item becomes more by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OpenChange {
    pub partner_id: i64,
    pub due_on: Option<Day>,
    pub opened_on: Day,
    pub amount: i64,
    pub amount_foreign: i64,
}

/// The key of an open item: account, kind, source and currency, in the order in which they are
/// written so that two postings never wait for each other in a circle.
pub(crate) type OpenItemKey = (i64, String, i64, Currency);

/// Sums the lines on accounts with open lines by open item. Of partner and due day the last one
/// named counts. `None` when a sum cannot be held.
pub(crate) fn open_changes<'e>(
    lines: impl Iterator<Item = (Day, &'e BookedLine)>,
) -> Option<Vec<(OpenItemKey, OpenChange)>> {
    let mut changes: std::collections::BTreeMap<OpenItemKey, OpenChange> = Default::default();
    for (posted_on, line) in lines.filter(|(_, line)| line.opens) {
        let key =
            (line.account_id.raw(), line.open_kind.clone(), line.open_source_id, line.currency);
        let change = changes.entry(key).or_insert(OpenChange {
            partner_id: 0,
            due_on: None,
            opened_on: posted_on,
            amount: 0,
            amount_foreign: 0,
        });
        change.amount = add(change.amount, line.amount)?;
        change.amount_foreign = add(change.amount_foreign, line.amount_foreign)?;
        change.opened_on = change.opened_on.min(posted_on);
        if line.partner_id != 0 {
            change.partner_id = line.partner_id;
        }
        change.due_on = line.due_on.or(change.due_on);
    }
    Some(changes.into_iter().collect())
}

/// The tax on a net amount in minor units.
///
/// # Errors
/// `OutOfRange`.
pub fn tax_on_net(minor: i64, rate: Rate, rounding: Rounding) -> Result<i64, NumberError> {
    rate.apply(minor, rounding)
}

/// The tax contained in a gross amount in minor units; net is gross less this.
///
/// # Errors
/// `OutOfRange`.
pub fn tax_in_gross(minor: i64, rate: Rate, rounding: Rounding) -> Result<i64, NumberError> {
    let one_and_rate = rate.nano().checked_add(Rate::ONE.nano()).ok_or(NumberError::OutOfRange)?;
    base::mul_div(minor, rate.nano(), one_and_rate, rounding)
}

/// The part of a tax that the tax office gives back; the rest is a cost of what was bought.
///
/// # Errors
/// `OutOfRange`.
pub fn recoverable_tax(tax: i64, share: Rate, rounding: Rounding) -> Result<i64, NumberError> {
    share.apply(tax, rounding)
}

/// The tax on the net amounts of a document at one rate, rounded once for the whole document and
/// split over the lines by largest remainder, so that each line's part is within one minor unit of
/// its exact tax. Lines may be negative.
///
/// # Errors
/// `OutOfRange`.
pub fn tax_on_net_document(
    nets: &[i64],
    rate: Rate,
    rounding: Rounding,
) -> Result<Vec<i64>, NumberError> {
    let one = i128::from(Rate::ONE.nano());
    split(nets, i128::from(rate.nano()), one, rounding)
}

/// As [`tax_on_net_document`], of gross amounts.
///
/// # Errors
/// `OutOfRange`.
pub fn tax_in_gross_document(
    grosses: &[i64],
    rate: Rate,
    rounding: Rounding,
) -> Result<Vec<i64>, NumberError> {
    let nano = i128::from(rate.nano());
    split(grosses, nano, nano + i128::from(Rate::ONE.nano()), rounding)
}

fn split(
    amounts: &[i64],
    numerator: i128,
    denominator: i128,
    rounding: Rounding,
) -> Result<Vec<i64>, NumberError> {
    if denominator <= 0 {
        return Err(NumberError::OutOfRange);
    }
    let products: Vec<i128> = amounts.iter().map(|a| i128::from(*a) * numerator).collect();
    let whole = products
        .iter()
        .try_fold(0_i128, |sum, product| sum.checked_add(*product))
        .ok_or(NumberError::OutOfRange)?;
    let total = i128::from(base::div_round(whole, denominator, rounding)?);
    let mut parts: Vec<i128> = products.iter().map(|p| p.div_euclid(denominator)).collect();
    // Each floor is less than one below its exact share, so at most one unit per line is left.
    let mut left = total - parts.iter().sum::<i128>();
    let mut by_rest: Vec<usize> = (0..parts.len()).collect();
    by_rest.sort_by_key(|&i| (std::cmp::Reverse(products[i].rem_euclid(denominator)), i));
    for i in by_rest {
        if left == 0 {
            break;
        }
        parts[i] += 1;
        left -= 1;
    }
    parts.into_iter().map(|part| i64::try_from(part).map_err(|_| NumberError::OutOfRange)).collect()
}

#[cfg(test)]
mod tests;
