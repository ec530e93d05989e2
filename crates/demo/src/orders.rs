//! The trade: lines grouped by their invoice, in the order of time, and the warehouse's notes.

use std::collections::HashMap;

use base::{Currency, Day, NumberError, Price, Quantity, Rounding};

use crate::classify::{Class, Matches};
use crate::read::{AdjustmentKind, CountryIndex, Data, InvoiceKind, InvoiceNo, ItemIndex, Line};

/// How an order came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// From a customer with a number: invoiced, on 30 days.
    Wholesale,
    /// From the web shop: paid when ordered, gross of VAT.
    WebShop,
}

impl Channel {
    /// The channel of an order with or without a customer's number.
    #[must_use]
    pub const fn of(customer: Option<u32>) -> Channel {
        if customer.is_some() { Channel::Wholesale } else { Channel::WebShop }
    }
}

/// A line of an invoice with its class. Repeated codes stay separate lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoiceLine {
    /// The row of `lines.csv.gz`, from 1.
    pub row: u32,
    /// What the line is for.
    pub item: ItemIndex,
    /// Pieces, with sign: negative on credits.
    pub quantity: i64,
    /// GBP per piece, net of VAT; zero for goods given away.
    pub price: Price,
    /// What the line is; never `StockNote` or `Unread`.
    pub class: Class,
}

impl InvoiceLine {
    /// Quantity times price in pence, net of VAT, with sign.
    ///
    /// # Errors
    ///
    /// `OutOfRange`.
    pub fn net_minor(&self) -> Result<i64, NumberError> {
        self.price.extend(Quantity::from_units(self.quantity)?, Currency::GBP, Rounding::HalfUp)
    }
}

/// An invoice of the file: by its number's letter an order, a credit or a bad-debt adjustment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invoice {
    /// The number, the key of an idempotent import.
    pub number: InvoiceNo,
    /// The day of its earliest line.
    pub day: Day,
    /// Minutes since midnight of its earliest line.
    pub minute: u16,
    /// The customer's number; none for the web shop and for bad-debt adjustments.
    pub customer: Option<u32>,
    /// Where the goods go; tax follows it.
    pub country: CountryIndex,
    /// The lines in the order of the file; never empty.
    pub lines: Vec<InvoiceLine>,
}

impl Invoice {
    /// How it came. Says nothing for a bad-debt adjustment.
    #[must_use]
    pub const fn channel(&self) -> Channel {
        Channel::of(self.customer)
    }

    /// Whether no line of it moves goods or money: zero-price lines of service codes alone.
    #[must_use]
    pub fn moves_nothing(&self) -> bool {
        self.lines
            .iter()
            .all(|line| matches!(line.class, Class::Service(_)) && line.price == Price::ZERO)
    }
}

/// A note of the warehouse: a zero-price line whose signed quantity is the change of stock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StockNote {
    /// The row of `lines.csv.gz`, from 1.
    pub row: u32,
    /// The invoice number that the note was typed under.
    pub number: InvoiceNo,
    /// The day.
    pub day: Day,
    /// Minutes since midnight.
    pub minute: u16,
    /// The item.
    pub item: ItemIndex,
    /// Pieces, with sign.
    pub quantity: i64,
    /// What the note speaks of; `Unexplained` for a line without an adjustment.
    pub kind: AdjustmentKind,
    /// The note as it was typed; often empty.
    pub note: String,
}

/// The whole trade of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trade {
    /// By day and minute, at the same minute orders before adjustments before credits, then by
    /// number.
    pub invoices: Vec<Invoice>,
    /// By day and minute, then in the order of the file.
    pub notes: Vec<StockNote>,
    /// Lines that no rule names, by position in the data; empty when all is well.
    pub unread: Vec<usize>,
}

impl Trade {
    /// Groups the lines by their invoice.
    #[must_use]
    pub fn of(data: &Data, classes: &[Class], matches: &Matches) -> Trade {
        let mut trade = Trade { invoices: Vec::new(), notes: Vec::new(), unread: Vec::new() };
        let adjustment_of: HashMap<usize, usize> = matches
            .line_of
            .iter()
            .enumerate()
            .filter_map(|(adjustment, line)| line.map(|line| (line, adjustment)))
            .collect();
        let mut place: HashMap<InvoiceNo, usize> = HashMap::new();
        for (at, (line, class)) in data.lines.iter().zip(classes).enumerate() {
            match class {
                Class::Unread(_) => trade.unread.push(at),
                Class::StockNote => {
                    let adjustment = adjustment_of.get(&at).map(|row| &data.adjustments[*row]);
                    let kind = adjustment.map_or(AdjustmentKind::Unexplained, |row| row.kind);
                    let note = adjustment.map(|row| row.note.clone()).unwrap_or_default();
                    trade.notes.push(note_of(line, kind, note));
                }
                Class::Goods | Class::Service(_) | Class::FreeGoods | Class::CreditedGoods => {
                    let invoice = *place.entry(line.invoice).or_insert_with(|| {
                        trade.invoices.push(invoice_of(line));
                        trade.invoices.len() - 1
                    });
                    add_line(&mut trade.invoices[invoice], line, *class);
                }
            }
        }
        trade.invoices.sort_by_key(|it| (it.day, it.minute, it.number));
        trade.notes.sort_by_key(|note| (note.day, note.minute, note.row));
        trade
    }

    /// The positions of the invoices of a day, in their order.
    #[must_use]
    pub fn invoices_on(&self, day: Day) -> std::ops::Range<usize> {
        let from = self.invoices.partition_point(|invoice| invoice.day < day);
        let until = self.invoices.partition_point(|invoice| invoice.day <= day);
        from..until
    }

    /// The positions of the notes of a day, in their order.
    #[must_use]
    pub fn notes_on(&self, day: Day) -> std::ops::Range<usize> {
        let from = self.notes.partition_point(|note| note.day < day);
        let until = self.notes.partition_point(|note| note.day <= day);
        from..until
    }

    /// The invoices of a kind.
    pub fn invoices_of(&self, kind: InvoiceKind) -> impl Iterator<Item = &Invoice> {
        self.invoices.iter().filter(move |invoice| invoice.number.kind == kind)
    }
}

fn note_of(line: &Line, kind: AdjustmentKind, note: String) -> StockNote {
    StockNote {
        row: line.row,
        number: line.invoice,
        day: line.day,
        minute: line.minute,
        item: line.item,
        quantity: line.quantity,
        kind,
        note,
    }
}

fn invoice_of(line: &Line) -> Invoice {
    Invoice {
        number: line.invoice,
        day: line.day,
        minute: line.minute,
        customer: line.customer,
        country: line.country,
        lines: Vec::new(),
    }
}

fn add_line(invoice: &mut Invoice, line: &Line, class: Class) {
    (invoice.day, invoice.minute) = (invoice.day, invoice.minute).min((line.day, line.minute));
    invoice.lines.push(InvoiceLine {
        row: line.row,
        item: line.item,
        quantity: line.quantity,
        price: line.price,
        class,
    });
}
