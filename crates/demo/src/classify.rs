//! What each line is. Every line falls in exactly one class by a rule that names it; a line that no
//! rule names is unread, and the whole file leaves none.

use std::collections::{BTreeMap, HashMap, VecDeque};

use base::{Day, Price};

use crate::read::{Data, InvoiceKind, InvoiceNo, ItemIndex, Line};

/// What a code that is no goods stands for, and so which account its amount goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ServiceKind {
    /// `DOT`, `POST`, `C2`: carriage that the customer pays.
    ShippingIncome,
    /// `AMAZONFEE`: a marketplace's fee; negative is a fee, positive takes one back.
    ChannelFee,
    /// `BANK CHARGES`: negative is a fee of the bank, positive is charged on to a customer.
    BankFee,
    /// `D`: a discount.
    Discount,
    /// `M`: a credit or debit by hand, with its invoice's tax.
    Manual,
    /// `S`: samples.
    Samples,
    /// `GIFT_...`: a gift voucher, owed until it is used.
    Voucher,
    /// `CRUK`: a commission to the charity.
    Commission,
    /// `B`: a bad-debt adjustment against unnamed receivables, quantity times price as signed.
    BadDebt,
}

impl ServiceKind {
    /// Every kind, in the order in which a screen lists them.
    pub const ALL: [ServiceKind; 9] = [
        ServiceKind::ShippingIncome,
        ServiceKind::ChannelFee,
        ServiceKind::BankFee,
        ServiceKind::Discount,
        ServiceKind::Manual,
        ServiceKind::Samples,
        ServiceKind::Voucher,
        ServiceKind::Commission,
        ServiceKind::BadDebt,
    ];

    /// The kind that a code stands for; none when the code is not one of a service.
    #[must_use]
    pub fn of_code(code: &str) -> Option<ServiceKind> {
        Some(match code {
            "DOT" | "POST" | "C2" => ServiceKind::ShippingIncome,
            "AMAZONFEE" => ServiceKind::ChannelFee,
            "BANK CHARGES" => ServiceKind::BankFee,
            "D" => ServiceKind::Discount,
            "M" => ServiceKind::Manual,
            "S" => ServiceKind::Samples,
            "CRUK" => ServiceKind::Commission,
            "B" => ServiceKind::BadDebt,
            _ if code.starts_with("GIFT_") => ServiceKind::Voucher,
            _ => return None,
        })
    }
}

/// Whether a code is one of goods: five digits first, or `DCGS`.
#[must_use]
pub fn is_goods_code(code: &str) -> bool {
    let digits = code.bytes().take_while(u8::is_ascii_digit).count();
    digits == 5 || code.starts_with("DCGS")
}

/// Why no rule names a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unread {
    /// The code is neither of goods nor of a service.
    UnknownCode,
    /// The quantity is zero.
    NoQuantity,
    /// The price of goods is below zero.
    NegativePrice,
    /// Goods are on a bad-debt adjustment.
    GoodsOnBadDebt,
    /// A credit adds goods, or has a price of zero.
    OddCredit,
    /// An order, or goods given away, with a quantity below zero.
    NegativeQuantity,
}

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Goods sold.
    Goods,
    /// A service, fee or charge.
    Service(ServiceKind),
    /// Goods given away: shipped at cost to marketing.
    FreeGoods,
    /// A note of the warehouse: the signed quantity is the change of stock.
    StockNote,
    /// Goods on a C invoice. Whether that is a cancellation, a return or of unknown origin shows
    /// only against the shipments open at that moment, so the replay decides.
    CreditedGoods,
    /// No rule names it.
    Unread(Unread),
}

/// What the rule looks at.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The stock code.
    pub code: &'a str,
    /// What the invoice's letter says.
    pub invoice: InvoiceKind,
    /// Pieces.
    pub quantity: i64,
    /// GBP per piece.
    pub price: Price,
    /// Whether the invoice has a customer's number.
    pub has_customer: bool,
    /// Whether any line of the invoice has a price other than zero.
    pub invoice_has_price: bool,
}

/// The class of a line: service codes first, then C invoices, then zero prices, then goods.
#[must_use]
pub fn classify(line: Facts<'_>) -> Class {
    if let Some(kind) = ServiceKind::of_code(line.code) {
        return Class::Service(kind);
    }
    if !is_goods_code(line.code) {
        return Class::Unread(Unread::UnknownCode);
    }
    if line.quantity == 0 {
        return Class::Unread(Unread::NoQuantity);
    }
    if line.price < Price::ZERO {
        return Class::Unread(Unread::NegativePrice);
    }
    match (line.invoice, line.price == Price::ZERO) {
        (InvoiceKind::BadDebt, _) => Class::Unread(Unread::GoodsOnBadDebt),
        (InvoiceKind::Credit, false) if line.quantity < 0 => Class::CreditedGoods,
        (InvoiceKind::Credit, _) => Class::Unread(Unread::OddCredit),
        (InvoiceKind::Plain, true) if !line.has_customer && !line.invoice_has_price => {
            Class::StockNote
        }
        (InvoiceKind::Plain, _) if line.quantity < 0 => Class::Unread(Unread::NegativeQuantity),
        (InvoiceKind::Plain, true) => Class::FreeGoods,
        (InvoiceKind::Plain, false) => Class::Goods,
    }
}

/// The class of each line of the data, in the order of the lines.
#[must_use]
pub fn classify_lines(data: &Data) -> Vec<Class> {
    let mut priced: HashMap<InvoiceNo, bool> = HashMap::new();
    for line in &data.lines {
        *priced.entry(line.invoice).or_default() |= line.price != Price::ZERO;
    }
    let class = |line: &Line| {
        classify(Facts {
            code: &data.item(line.item).code,
            invoice: line.invoice.kind,
            quantity: line.quantity,
            price: line.price,
            has_customer: line.customer.is_some(),
            invoice_has_price: priced.get(&line.invoice).copied().unwrap_or(false),
        })
    };
    data.lines.iter().map(class).collect()
}

/// How many lines fell in each class.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// All lines.
    pub lines: u64,
    /// Goods sold.
    pub goods: u64,
    /// Services, fees and charges.
    pub services: u64,
    /// The same, by kind; kinds without lines are left out.
    pub services_by_kind: BTreeMap<ServiceKind, u64>,
    /// Goods given away.
    pub free_goods: u64,
    /// Notes of the warehouse.
    pub stock_notes: u64,
    /// Goods on C invoices: cancellations, returns and origin unknown together.
    pub credited_goods: u64,
    /// Lines that no rule names, by reason; empty when all is well.
    pub unread: BTreeMap<Unread, u64>,
}

impl Reading {
    /// Counts the lines dated before a day, or all.
    #[must_use]
    pub fn of(data: &Data, classes: &[Class], before: Option<Day>) -> Reading {
        let mut reading = Reading::default();
        for (line, class) in data.lines.iter().zip(classes) {
            if before.is_none_or(|day| line.day < day) {
                reading.count(*class);
            }
        }
        reading
    }

    /// Counts one line.
    pub fn count(&mut self, class: Class) {
        self.lines += 1;
        match class {
            Class::Goods => self.goods += 1,
            Class::Service(kind) => {
                self.services += 1;
                *self.services_by_kind.entry(kind).or_default() += 1;
            }
            Class::FreeGoods => self.free_goods += 1,
            Class::StockNote => self.stock_notes += 1,
            Class::CreditedGoods => self.credited_goods += 1,
            Class::Unread(reason) => *self.unread.entry(reason).or_default() += 1,
        }
    }

    /// How many lines no rule names.
    #[must_use]
    pub fn unread_lines(&self) -> u64 {
        self.unread.values().sum()
    }
}

/// Which zero-price line each adjustment is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matches {
    /// For each adjustment the position of its line; none when there is no such line.
    pub line_of: Vec<Option<usize>>,
    /// Zero-price lines that no adjustment speaks of, by position.
    pub without_adjustment: Vec<usize>,
}

impl Matches {
    /// How many adjustments have no line.
    #[must_use]
    pub fn without_line(&self) -> usize {
        self.line_of.iter().filter(|line| line.is_none()).count()
    }
}

/// What an adjustment and its line have in common.
type MatchKey = (InvoiceNo, Day, u16, ItemIndex, i64);

/// Finds the zero-price line of each adjustment by invoice, time, code and quantity. Of equal lines
/// each belongs to one adjustment, in the order of the files.
#[must_use]
pub fn match_adjustments(data: &Data) -> Matches {
    let mut open: HashMap<MatchKey, VecDeque<usize>> = HashMap::new();
    for (at, line) in data.lines.iter().enumerate().filter(|(_, line)| line.price == Price::ZERO) {
        let key = (line.invoice, line.day, line.minute, line.item, line.quantity);
        open.entry(key).or_default().push_back(at);
    }
    let line_of = data
        .adjustments
        .iter()
        .map(|row| {
            let key = (row.invoice, row.day, row.minute, row.item, row.quantity);
            open.get_mut(&key).and_then(VecDeque::pop_front)
        })
        .collect();
    let mut without_adjustment: Vec<usize> = open.into_values().flatten().collect();
    without_adjustment.sort_unstable();
    Matches { line_of, without_adjustment }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_names_its_lines() {
        use InvoiceKind::{BadDebt, Credit, Plain};
        let table = [
            // code, invoice, quantity, price, customer, invoice has a price => class
            ("85123A", Plain, 6, 2_550_000, true, true, Class::Goods),
            ("85123A", Plain, 6, 2_550_000, false, true, Class::Goods),
            ("DCGS0004", Plain, 1, 16_000_000, false, true, Class::Goods),
            ("85123A", Credit, -6, 2_550_000, true, true, Class::CreditedGoods),
            ("85123A", Credit, -6, 2_550_000, false, true, Class::CreditedGoods),
            ("22145", Plain, -40, 0, false, false, Class::StockNote),
            ("22145", Plain, 40, 0, false, false, Class::StockNote),
            ("22145", Plain, 1, 0, true, false, Class::FreeGoods),
            ("22145", Plain, 1, 0, false, true, Class::FreeGoods),
            ("22145", Plain, 1, 0, true, true, Class::FreeGoods),
            ("DOT", Plain, 1, 0, false, false, Class::Service(ServiceKind::ShippingIncome)),
            ("POST", Plain, 1, 18_000_000, true, true, Class::Service(ServiceKind::ShippingIncome)),
            ("C2", Credit, -1, 50_000_000, true, true, Class::Service(ServiceKind::ShippingIncome)),
            ("AMAZONFEE", Credit, -1, 1, false, true, Class::Service(ServiceKind::ChannelFee)),
            ("BANK CHARGES", Plain, 1, 1, true, true, Class::Service(ServiceKind::BankFee)),
            ("D", Credit, -1, 27_500_000, true, true, Class::Service(ServiceKind::Discount)),
            ("M", Plain, 1, 0, true, false, Class::Service(ServiceKind::Manual)),
            ("S", Credit, -1, 12_950_000, false, true, Class::Service(ServiceKind::Samples)),
            ("GIFT_0001_50", Plain, 1, 1, false, true, Class::Service(ServiceKind::Voucher)),
            ("CRUK", Credit, -1, 1_600_000, true, true, Class::Service(ServiceKind::Commission)),
            ("B", BadDebt, 1, -11_062_060_000, false, true, Class::Service(ServiceKind::BadDebt)),
            ("PADS", Plain, 1, 1, true, true, Class::Unread(Unread::UnknownCode)),
            ("2214", Plain, 1, 1, true, true, Class::Unread(Unread::UnknownCode)),
            ("22145", Plain, 0, 1, true, true, Class::Unread(Unread::NoQuantity)),
            ("22145", Plain, 1, -1, true, true, Class::Unread(Unread::NegativePrice)),
            ("22145", BadDebt, 1, 1, false, true, Class::Unread(Unread::GoodsOnBadDebt)),
            ("22145", Credit, 1, 1, true, true, Class::Unread(Unread::OddCredit)),
            ("22145", Credit, -1, 0, true, false, Class::Unread(Unread::OddCredit)),
            ("22145", Plain, -1, 1, true, true, Class::Unread(Unread::NegativeQuantity)),
            ("22145", Plain, -1, 0, true, false, Class::Unread(Unread::NegativeQuantity)),
        ];
        for (code, invoice, quantity, price, has_customer, invoice_has_price, expected) in table {
            let price = Price::from_micro(price);
            let facts = Facts { code, invoice, quantity, price, has_customer, invoice_has_price };
            assert_eq!(classify(facts), expected, "{facts:?}");
        }
    }
}
