//! Pure decisions: what lines come to, what a part of a line is worth, what can leave, and where an
//! order stands afterwards.

use crate::model::{Amounts, Line, LineTax};
use crate::words::{OrderState, Prices, Progress, RevenueAt};
use base::{DemandId, ItemId, NumberError, Problem, Quantity, Rounding, Rule, mul_div};
use std::collections::BTreeMap;
use stock::{Pick, Standing};

/// Why a line of an order cannot be shipped or cancelled as asked, in order of precedence.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum LineError {
    /// The order has no such line.
    #[error("the order has no line {line}")]
    Unknown {
        /// The line asked for.
        line: i64,
    },
    /// The line is named twice.
    #[error("line {line} is named twice; name it once with the whole quantity")]
    Twice {
        /// The line.
        line: i64,
    },
    /// The line has no goods.
    #[error("line {line} has no goods; it goes with the first shipment by itself")]
    NoGoods {
        /// The line.
        line: i64,
    },
    /// Nothing, or less, of the line.
    #[error("line {line}: the quantity is {quantity}; it must be above zero")]
    NotPositive {
        /// The line.
        line: i64,
        /// What was asked.
        quantity: Quantity,
    },
    /// A part of something that is never divided.
    #[error("line {line}: the quantity is {quantity}; it must be a whole number")]
    NotWhole {
        /// The line.
        line: i64,
        /// What was asked.
        quantity: Quantity,
    },
    /// More than is still to be shipped.
    #[error("line {line}: {asked} asked, but {open} are neither shipped nor cancelled")]
    ExceedsOpen {
        /// The line.
        line: i64,
        /// What was asked.
        asked: Quantity,
        /// What is open.
        open: Quantity,
    },
    /// More than is kept for the line.
    #[error("line {line}: {asked} asked, but {reserved} are reserved; reserve the rest first")]
    NotReserved {
        /// The line.
        line: i64,
        /// What was asked.
        asked: Quantity,
        /// What is reserved.
        reserved: Quantity,
    },
    /// What is named to leave is not what the line consists of.
    #[error(
        "line {line}: {quantity} of it are {needed} of one of its items, but {named} are to leave; \
         ship whole lines, and sets with all their parts"
    )]
    Uneven {
        /// The line.
        line: i64,
        /// How much of the line is to leave.
        quantity: Quantity,
        /// How much of the item that is.
        needed: Quantity,
        /// How much of it is named.
        named: Quantity,
    },
    /// A number beyond what the books can hold.
    #[error("{0}")]
    Number(#[from] NumberError),
}

impl Rule for LineError {
    fn problem(&self) -> Problem {
        let (code, line) = match self {
            LineError::Unknown { line } => ("unknown_line", line),
            LineError::Twice { line } => ("line_twice", line),
            LineError::NoGoods { line } => ("line_without_goods", line),
            LineError::NotPositive { line, .. } => ("quantity_not_positive", line),
            LineError::NotWhole { line, .. } => ("quantity_not_whole", line),
            LineError::ExceedsOpen { line, .. } => ("exceeds_open", line),
            LineError::NotReserved { line, .. } => ("not_reserved", line),
            LineError::Uneven { line, .. } => ("uneven_line", line),
            LineError::Number(error) => return error.problem(),
        };
        Problem::refused(code, self.to_string()).with_line(u32::try_from(*line).unwrap_or(0))
    }
}

/// What lines come to: their amounts as priced, net or gross, and their taxes, rounded by line or
/// once by tax for the whole document.
pub(crate) fn price_lines(
    prices: Prices,
    by_document: bool,
    lines: &[(i64, &LineTax)],
) -> Result<Vec<Amounts>, NumberError> {
    let mut taxes = vec![0_i64; lines.len()];
    if by_document {
        let mut groups: BTreeMap<&LineTax, Vec<usize>> = BTreeMap::new();
        for (index, (_, tax)) in lines.iter().enumerate() {
            groups.entry(tax).or_default().push(index);
        }
        for (tax, members) in groups {
            let amounts: Vec<i64> = members.iter().map(|&index| lines[index].0).collect();
            let parts = match prices {
                Prices::Net => accounting::rules::tax_on_net_document,
                Prices::Gross => accounting::rules::tax_in_gross_document,
            }(&amounts, tax.rate, Rounding::HalfUp)?;
            members.into_iter().zip(parts).for_each(|(index, part)| taxes[index] = part);
        }
    } else {
        for ((amount, tax), part) in lines.iter().zip(&mut taxes) {
            *part = match prices {
                Prices::Net => accounting::rules::tax_on_net,
                Prices::Gross => accounting::rules::tax_in_gross,
            }(*amount, tax.rate, Rounding::HalfUp)?;
        }
    }
    let amounts = lines.iter().zip(taxes).map(|((amount, _), tax)| match prices {
        Prices::Net => amounts(*amount, tax),
        Prices::Gross => amounts(minus(*amount, tax)?, tax),
    });
    amounts.collect()
}

/// Net and tax, whose sum has to be a number as well.
fn amounts(net: i64, tax: i64) -> Result<Amounts, NumberError> {
    plus(net, tax).map(|_| Amounts { net, tax })
}

/// The sum of two amounts of money.
pub(crate) fn plus(a: i64, b: i64) -> Result<i64, NumberError> {
    a.checked_add(b).filter(|sum| *sum != i64::MIN).ok_or(NumberError::OutOfRange)
}

fn minus(a: i64, b: i64) -> Result<i64, NumberError> {
    a.checked_sub(b).filter(|rest| *rest != i64::MIN).ok_or(NumberError::OutOfRange)
}

/// The sum of many lines.
pub(crate) fn total(lines: impl IntoIterator<Item = Amounts>) -> Result<Amounts, NumberError> {
    lines.into_iter().try_fold(Amounts::default(), |sum, line| {
        amounts(plus(sum.net, line.net)?, plus(sum.tax, line.tax)?)
    })
}

/// What the pieces from `from` to `to` of a line of `whole` pieces are worth: the difference of two
/// rounded shares of the whole, so that the parts of a line always add up to the line. What is
/// shared is what was priced, net or gross, and the tax.
pub(crate) fn share(
    prices: Prices,
    line: Amounts,
    from: Quantity,
    to: Quantity,
    whole: Quantity,
) -> Result<Amounts, NumberError> {
    let upto = |amount: i64, part: Quantity| {
        mul_div(amount, part.micro(), whole.micro(), Rounding::HalfUp)
    };
    let part = |amount: i64| minus(upto(amount, to)?, upto(amount, from)?);
    let tax = part(line.tax)?;
    match prices {
        Prices::Net => amounts(part(line.net)?, tax),
        Prices::Gross => amounts(minus(part(line.gross())?, tax)?, tax),
    }
}

impl Line {
    /// What is neither shipped nor cancelled.
    pub(crate) fn open(&self) -> Result<Quantity, NumberError> {
        self.quantity.checked_sub(self.shipped)?.checked_sub(self.cancelled)
    }

    /// What is shipped and not invoiced.
    pub(crate) fn to_invoice(&self) -> Result<Quantity, NumberError> {
        self.shipped.checked_sub(self.invoiced)
    }

    /// What the next `quantity` pieces to leave are worth.
    pub(crate) fn worth_of_next(
        &self,
        prices: Prices,
        quantity: Quantity,
    ) -> Result<Amounts, NumberError> {
        let to = self.shipped.checked_add(quantity)?;
        share(prices, self.amounts, self.shipped, to, self.quantity)
    }

    /// What the next `quantity` pieces to be cancelled are worth: they go from the line's other end.
    pub(crate) fn worth_of_last(
        &self,
        prices: Prices,
        quantity: Quantity,
    ) -> Result<Amounts, NumberError> {
        let to = self.quantity.checked_sub(self.cancelled)?;
        share(prices, self.amounts, to.checked_sub(quantity)?, to, self.quantity)
    }

    /// What the next `quantity` pieces to be invoiced are worth.
    pub(crate) fn worth_to_invoice(
        &self,
        prices: Prices,
        quantity: Quantity,
    ) -> Result<Amounts, NumberError> {
        let to = self.invoiced.checked_add(quantity)?;
        share(prices, self.amounts, self.invoiced, to, self.quantity)
    }
}

/// How an amount is taken off what is open, oldest first: at most what is open of each.
pub(crate) fn off_oldest<T: Copy>(open: &[(T, i64)], amount: i64) -> Vec<(T, i64)> {
    let mut left = amount;
    let mut taken = Vec::new();
    for &(what, open) in open {
        let part = open.min(left);
        if part > 0 {
            taken.push((what, part));
            left -= part;
        }
    }
    taken
}

/// Where an order stands with these lines.
pub(crate) fn state_of(
    lines: &[Line],
    revenue_at: RevenueAt,
    before: OrderState,
) -> Result<OrderState, NumberError> {
    for line in lines {
        if line.open()?.is_positive() {
            return Ok(before);
        }
    }
    if lines.iter().all(|line| line.shipped.is_zero()) {
        return Ok(OrderState::Cancelled);
    }
    for line in lines {
        if revenue_at == RevenueAt::Invoice && line.to_invoice()?.is_positive() {
            return Ok(before);
        }
    }
    Ok(OrderState::Closed)
}

/// How far something has come: how many lines have begun it, and how many still lack something.
pub(crate) fn progress(begun: i64, lacking: i64) -> Progress {
    match (begun, lacking) {
        (0, _) => Progress::None,
        (_, 0) => Progress::Fully,
        _ => Progress::Partly,
    }
}

/// The demands of an order by line, and what is kept for them by demand.
#[derive(Debug, Clone, Default)]
pub(crate) struct Kept {
    by_line: BTreeMap<i64, Vec<Standing>>,
    picks: BTreeMap<DemandId, Vec<Pick>>,
}

impl Kept {
    /// Sorts demands and picks by whom they are for.
    pub(crate) fn new(demands: Vec<Standing>, picks: Vec<Pick>) -> Kept {
        let mut kept = Kept::default();
        for demand in demands {
            kept.by_line.entry(demand.line_id).or_default().push(demand);
        }
        for pick in picks {
            kept.picks.entry(pick.demand_id).or_default().push(pick);
        }
        kept
    }

    fn of(&self, line: &Line) -> &[Standing] {
        self.by_line.get(&base::Id::raw(line.id)).map_or(&[], Vec::as_slice)
    }

    fn picks_of(&self, demand: DemandId) -> &[Pick] {
        self.picks.get(&demand).map_or(&[], Vec::as_slice)
    }
}

/// What one item of a line wants and has, over all its demands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Need {
    wanted: Quantity,
    reserved: Quantity,
}

fn needs(demands: &[Standing]) -> Result<BTreeMap<ItemId, Need>, NumberError> {
    let mut needs: BTreeMap<ItemId, Need> = BTreeMap::new();
    for demand in demands {
        let need = needs.entry(demand.item_id).or_default();
        need.wanted = need.wanted.checked_add(demand.quantity)?;
        need.reserved = need.reserved.checked_add(demand.reserved)?;
    }
    Ok(needs)
}

/// How many of a line are kept for it: of a kit, as many as the scarcest component allows.
pub(crate) fn reserved_of(line: &Line, kept: &Kept) -> Result<Quantity, NumberError> {
    let needs = needs(kept.of(line))?;
    kept_of(line.quantity, line.kit, needs.values().map(|need| (need.reserved, need.wanted)))
}

/// How much of a line is kept when of its goods, each in turn, so much is kept of so much.
pub(crate) fn kept_of(
    quantity: Quantity,
    kit: bool,
    goods: impl IntoIterator<Item = (Quantity, Quantity)>,
) -> Result<Quantity, NumberError> {
    let mut least: Option<Quantity> = None;
    for (reserved, wanted) in goods {
        let part = part_of(quantity, reserved, wanted)?;
        let part = if kit { whole_part(part) } else { part };
        least = Some(least.map_or(part, |least| least.min(part)));
    }
    Ok(least.unwrap_or(Quantity::ZERO))
}

/// `whole` times `part` over `of`, rounded down.
fn part_of(whole: Quantity, part: Quantity, of: Quantity) -> Result<Quantity, NumberError> {
    mul_div(whole.micro(), part.micro(), of.micro(), Rounding::Down).map(Quantity::from_micro)
}

fn whole_part(quantity: Quantity) -> Quantity {
    Quantity::from_micro(quantity.micro() / Quantity::MICRO * Quantity::MICRO)
}

/// Whether a quantity is a whole number.
pub(crate) fn is_whole(quantity: Quantity) -> bool {
    quantity.micro() % Quantity::MICRO == 0
}

/// How much of each demand of a line belongs to `quantity` of the line that is still open.
pub(crate) fn of_demands(
    line: &Line,
    quantity: Quantity,
    kept: &Kept,
) -> Result<Vec<(Standing, Quantity)>, NumberError> {
    let needs = needs(kept.of(line))?;
    let mut left: BTreeMap<ItemId, Quantity> = BTreeMap::new();
    for (item, need) in &needs {
        left.insert(*item, part_of(need.wanted, quantity, line.quantity)?);
    }
    let mut parts = Vec::new();
    for demand in kept.of(line) {
        let Some(left) = left.get_mut(&demand.item_id) else { continue };
        let part = demand.open()?.min(*left);
        if part.is_positive() {
            *left = left.checked_sub(part)?;
            parts.push((*demand, part));
        }
    }
    Ok(parts)
}

/// A line, or a part of it, that leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Leaving {
    /// Which of the order's lines, from 0.
    pub index: usize,
    pub quantity: Quantity,
    /// What is taken from where; nothing for a line without goods.
    pub takes: Vec<(Pick, Quantity)>,
}

/// What leaves now: of each line with goods what was asked, or all that is kept for it; and the
/// lines without goods that have not been booked, as they go with the first shipment. The goods are
/// taken from what is kept in its order, or from exactly where `from` says.
pub(crate) fn leaving(
    lines: &[Line],
    kept: &Kept,
    asked: Option<&[(i64, Quantity)]>,
    from: Option<&[Pick]>,
) -> Result<Vec<Leaving>, LineError> {
    let mut goods = match asked {
        Some(asked) => asked_for(lines, kept, asked)?,
        None => {
            let mut all = Vec::new();
            for (index, line) in lines.iter().enumerate().filter(|(_, l)| l.kind.has_goods()) {
                let reserved = reserved_of(line, kept)?;
                if reserved.is_positive() {
                    all.push((index, reserved));
                }
            }
            all
        }
    };
    goods.sort_unstable();
    let mut parts = Vec::with_capacity(goods.len());
    for (index, quantity) in goods {
        let takes = match from {
            None => takes(&lines[index], quantity, kept)?,
            Some(from) => takes_from(&lines[index], quantity, kept, from)?,
        };
        parts.push(Leaving { index, quantity, takes });
    }
    let waits = lines
        .iter()
        .any(|line| line.kind.has_goods() && line.open().is_ok_and(Quantity::is_positive));
    if parts.is_empty() && waits {
        return Ok(parts);
    }
    with_services(lines, parts)
}

/// With what leaves go the lines without goods that have not been booked yet; all in the order's own
/// sequence.
pub(crate) fn with_services(
    lines: &[Line],
    mut parts: Vec<Leaving>,
) -> Result<Vec<Leaving>, LineError> {
    for (index, line) in lines.iter().enumerate().filter(|(_, line)| !line.kind.has_goods()) {
        let quantity = line.open()?;
        if quantity.is_positive() {
            parts.push(Leaving { index, quantity, takes: Vec::new() });
        }
    }
    parts.sort_by_key(|part| part.index);
    Ok(parts)
}

/// Finds lines named by number, each once and with a quantity that it can have.
pub(crate) fn named(
    lines: &[Line],
    asked: &[(i64, Quantity)],
) -> Result<Vec<(usize, Quantity)>, LineError> {
    let mut found: BTreeMap<i64, usize> = BTreeMap::new();
    let mut named = Vec::with_capacity(asked.len());
    for &(number, quantity) in asked {
        let index = lines
            .binary_search_by_key(&number, |line| line.line)
            .map_err(|_| LineError::Unknown { line: number })?;
        if found.insert(number, index).is_some() {
            return Err(LineError::Twice { line: number });
        }
        let line = &lines[index];
        if !quantity.is_positive() {
            return Err(LineError::NotPositive { line: number, quantity });
        }
        if (line.whole || line.kit) && !is_whole(quantity) {
            return Err(LineError::NotWhole { line: number, quantity });
        }
        let open = line.open()?;
        if quantity > open {
            return Err(LineError::ExceedsOpen { line: number, asked: quantity, open });
        }
        named.push((index, quantity));
    }
    Ok(named)
}

fn asked_for(
    lines: &[Line],
    kept: &Kept,
    asked: &[(i64, Quantity)],
) -> Result<Vec<(usize, Quantity)>, LineError> {
    let named = named(lines, asked)?;
    for &(index, quantity) in &named {
        let line = &lines[index];
        if !line.kind.has_goods() {
            return Err(LineError::NoGoods { line: line.line });
        }
        let reserved = reserved_of(line, kept)?;
        if quantity > reserved {
            return Err(LineError::NotReserved { line: line.line, asked: quantity, reserved });
        }
    }
    Ok(named)
}

/// Takes a quantity of a line from what is kept for its demands, place by place.
fn takes(
    line: &Line,
    quantity: Quantity,
    kept: &Kept,
) -> Result<Vec<(Pick, Quantity)>, NumberError> {
    let mut takes = Vec::new();
    for (item, need) in needs(kept.of(line))? {
        let mut left = part_of(need.wanted, quantity, line.quantity)?;
        for demand in kept.of(line).iter().filter(|demand| demand.item_id == item) {
            for pick in kept.picks_of(demand.demand_id) {
                let part = pick.quantity.min(left);
                if part.is_positive() {
                    left = left.checked_sub(part)?;
                    takes.push((*pick, part));
                }
            }
        }
    }
    Ok(takes)
}

/// Takes a quantity of a line from exactly the rows that are named, each at most as far as goods are
/// kept there for the line.
fn takes_from(
    line: &Line,
    quantity: Quantity,
    kept: &Kept,
    from: &[Pick],
) -> Result<Vec<(Pick, Quantity)>, LineError> {
    let number = line.line;
    let mut takes = Vec::new();
    let mut named: BTreeMap<ItemId, Quantity> = BTreeMap::new();
    for demand in kept.of(line) {
        for asked in from.iter().filter(|asked| asked.demand_id == demand.demand_id) {
            let row = |pick: &&Pick| (pick.place_id, pick.lot_id) == (asked.place_id, asked.lot_id);
            let here = kept.picks_of(demand.demand_id).iter().find(row);
            let reserved = here.map_or(Quantity::ZERO, |pick| pick.quantity);
            let here = here.filter(|pick| asked.quantity <= pick.quantity);
            let asked = asked.quantity;
            let pick = here.ok_or(LineError::NotReserved { line: number, asked, reserved })?;
            takes.push((*pick, asked));
            let sum = named.entry(demand.item_id).or_default();
            *sum = sum.checked_add(asked)?;
        }
    }
    for (item, need) in needs(kept.of(line))? {
        let needed = part_of(need.wanted, quantity, line.quantity)?;
        let named = named.get(&item).copied().unwrap_or_default();
        if named != needed {
            return Err(LineError::Uneven { line: number, quantity, needed, named });
        }
    }
    Ok(takes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::LineKind;
    use accounting::Role;
    use base::{Id, Rate};

    fn tax(rate: &str) -> LineTax {
        let rate = Rate::parse(rate).unwrap();
        LineTax { code_id: None, code: rate.to_string(), rate }
    }

    #[test]
    fn tax_is_rounded_by_line_or_once_by_rate() {
        #[track_caller]
        fn check(prices: Prices, by_document: bool, amounts: &[i64], expected: &[(i64, i64)]) {
            let tax = tax("0.175");
            let lines: Vec<_> = amounts.iter().map(|amount| (*amount, &tax)).collect();
            let priced = price_lines(prices, by_document, &lines).unwrap();
            let told: Vec<_> = priced.iter().map(|line| (line.net, line.tax)).collect();
            assert_eq!(told, expected);
        }
        check(Prices::Net, false, &[3, 3, 3], &[(3, 1), (3, 1), (3, 1)]);
        check(Prices::Net, true, &[3, 3, 3], &[(3, 1), (3, 1), (3, 0)]);
        check(Prices::Gross, false, &[1_175, -235], &[(1_000, 175), (-200, -35)]);
        check(Prices::Gross, true, &[10, 10], &[(8, 2), (9, 1)]);
        check(Prices::Net, true, &[], &[]);
    }

    #[test]
    fn taxes_of_other_rates_are_rounded_apart() {
        let (full, none) = (tax("0.2"), tax("0"));
        let lines = [(3, &full), (100, &none), (4, &full)];
        let priced = price_lines(Prices::Net, true, &lines).unwrap();
        assert_eq!(priced.iter().map(|line| line.tax).collect::<Vec<_>>(), [0, 0, 1]);
        assert_eq!(total(priced).unwrap(), Amounts { net: 107, tax: 1 });
        let most = [Amounts { net: i64::MAX, tax: 0 }, Amounts { net: 1, tax: 0 }];
        assert_eq!(total(most), Err(NumberError::OutOfRange));
    }

    #[test]
    fn the_parts_of_a_line_come_to_the_line() {
        for (net, tax) in [(1_000, 200), (-7, -1), (1, 1), (833, 167), (0, 0)] {
            let line = Amounts { net, tax };
            for prices in [Prices::Net, Prices::Gross] {
                let cuts = [0, 1, 3, 4, 7].map(Quantity::units);
                let whole = Quantity::units(7);
                let parts =
                    cuts.windows(2).map(|cut| share(prices, line, cut[0], cut[1], whole).unwrap());
                assert_eq!(total(parts).unwrap(), line);
            }
        }
        let third = share(
            Prices::Gross,
            Amounts { net: 833, tax: 167 },
            Quantity::ZERO,
            Quantity::ONE,
            Quantity::units(3),
        );
        assert_eq!(third.unwrap().gross(), 333);
    }

    #[test]
    fn of_a_kit_the_scarcest_component_counts_in_whole_kits() {
        #[track_caller]
        fn check(quantity: i64, kit: bool, goods: &[(i64, i64)], expected: i64) {
            let goods = goods.iter().map(|(a, b)| (Quantity::units(*a), Quantity::units(*b)));
            let kept = kept_of(Quantity::units(quantity), kit, goods).unwrap();
            assert_eq!(kept, Quantity::units(expected));
        }
        check(5, false, &[(3, 5)], 3);
        check(5, true, &[(10, 10), (4, 5)], 4);
        check(5, true, &[(9, 10), (5, 5)], 4);
        check(5, true, &[(0, 10), (5, 5)], 0);
        check(5, false, &[], 0);
    }

    fn line(shipped: i64, invoiced: i64, cancelled: i64) -> Line {
        Line {
            id: Id::from_raw(1),
            line: 1,
            kind: LineKind::Goods,
            kit: false,
            item_id: None,
            whole: true,
            quantity: Quantity::units(3),
            tax_code_id: None,
            role: Role::Revenue,
            amounts: Amounts::default(),
            shipped: Quantity::units(shipped),
            invoiced: Quantity::units(invoiced),
            cancelled: Quantity::units(cancelled),
            tax_rate: base::Rate::ZERO,
            returned: Quantity::ZERO,
            credited: Quantity::ZERO,
            given_back: Amounts::default(),
        }
    }

    #[test]
    fn what_is_given_back_is_taken_off_the_oldest_that_is_owed() {
        for (open, amount, expected) in [
            (vec![('a', 50), ('b', 30)], 60, vec![('a', 50), ('b', 10)]),
            (vec![('a', 0), ('b', 30)], 60, vec![('b', 30)]),
            (vec![('a', -5), ('b', 30)], 20, vec![('b', 20)]),
            (vec![], 20, vec![]),
        ] {
            assert_eq!(off_oldest(&open, amount), expected);
        }
    }

    #[test]
    fn an_order_ends_when_nothing_of_it_is_open() {
        use OrderState::{Accepted, Cancelled, Closed};
        #[track_caller]
        fn check(lines: &[Line], revenue_at: RevenueAt, expected: OrderState) {
            assert_eq!(state_of(lines, revenue_at, Accepted), Ok(expected));
        }
        check(&[line(2, 0, 0)], RevenueAt::Shipment, Accepted);
        check(&[line(3, 0, 0)], RevenueAt::Shipment, Closed);
        check(&[line(2, 0, 1)], RevenueAt::Shipment, Closed);
        check(&[line(0, 0, 3)], RevenueAt::Invoice, Cancelled);
        check(&[line(3, 2, 0)], RevenueAt::Invoice, Accepted);
        check(&[line(3, 3, 0), line(0, 0, 3)], RevenueAt::Invoice, Closed);
    }

    #[test]
    fn progress_is_told_by_what_has_begun_and_what_is_lacking() {
        assert_eq!(progress(0, 4), Progress::None);
        assert_eq!(progress(1, 3), Progress::Partly);
        assert_eq!(progress(4, 0), Progress::Fully);
        assert_eq!(progress(0, 0), Progress::None);
    }
}
