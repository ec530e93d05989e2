//! The files of an opening: what they are called, their columns, and their rows as they are written,
//! before anything that they name is looked up.

use base::{Currency, Day, Money, Price, Quantity, Rate};
use serde::{Deserialize, Serialize};
use std::fmt;
use tabular::{Cells, Column, RowError};
use utoipa::ToSchema;

/// The files of an opening as CSV texts; an empty text is a file that is not there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Files {
    /// Every account with its balance.
    pub trial_balance: String,
    /// Goods by item, place and lot with their value; several rows are several layers.
    pub stock: String,
    /// Orders to suppliers on which something is due, or waits for its bill or its goods.
    pub purchase_orders: String,
    /// Suppliers' bills that are not paid.
    pub bills: String,
    /// Invoices to customers that are not paid.
    pub invoices: String,
    /// What customers paid before their shipment, and we before the bill.
    pub deposits: String,
    /// What channels and payment providers hold for us.
    pub channel_clearing: String,
    /// Orders of customers that are not shipped.
    pub sales_orders: String,
}

/// One of the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sheet {
    /// Its name, in a folder with `.csv` after it.
    pub name: &'static str,
    /// What its rows are.
    pub holds: &'static str,
    /// Its columns.
    pub columns: &'static [Column],
}

/// Every file, in the order in which they are taken over.
pub const FILES: [Sheet; 8] = [
    Sheet { name: "trial_balance", holds: "accounts with their balances", columns: BALANCE },
    Sheet { name: "stock", holds: "goods with their values", columns: STOCK },
    Sheet { name: "purchase_orders", holds: "lines of orders to suppliers", columns: ORDERS },
    Sheet { name: "bills", holds: "unpaid bills of suppliers", columns: BILLS },
    Sheet { name: "invoices", holds: "unpaid invoices to customers", columns: INVOICES },
    Sheet { name: "deposits", holds: "payments made in advance", columns: DEPOSITS },
    Sheet { name: "channel_clearing", holds: "balances that channels hold", columns: CLEARING },
    Sheet {
        name: "sales_orders",
        holds: "lines of customers' orders",
        columns: &sales::ORDER_COLUMNS,
    },
];

impl Files {
    /// The text of a file by its name; empty when there is none.
    pub(crate) fn get(&self, name: &str) -> &str {
        match name {
            "trial_balance" => &self.trial_balance,
            "stock" => &self.stock,
            "purchase_orders" => &self.purchase_orders,
            "bills" => &self.bills,
            "invoices" => &self.invoices,
            "deposits" => &self.deposits,
            "channel_clearing" => &self.channel_clearing,
            "sales_orders" => &self.sales_orders,
            _ => "",
        }
    }

    /// The text of a file by its name; nothing when there is no file of that name.
    #[must_use]
    pub fn get_mut(&mut self, name: &str) -> Option<&mut String> {
        match name {
            "trial_balance" => Some(&mut self.trial_balance),
            "stock" => Some(&mut self.stock),
            "purchase_orders" => Some(&mut self.purchase_orders),
            "bills" => Some(&mut self.bills),
            "invoices" => Some(&mut self.invoices),
            "deposits" => Some(&mut self.deposits),
            "channel_clearing" => Some(&mut self.channel_clearing),
            "sales_orders" => Some(&mut self.sales_orders),
            _ => None,
        }
    }
}

/// A file with its headings alone, to be filled in.
#[must_use]
pub fn template(sheet: &Sheet) -> String {
    let names: Vec<&str> = sheet.columns.iter().map(|column| column.name).collect();
    format!("{}\n", names.join(","))
}

/// What is wrong with one cell, row or heading of one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FileError {
    /// The file's name.
    pub file: String,
    /// The row as a spreadsheet counts it: the heading is row 1.
    pub row: u64,
    /// The column's heading; empty when it is about the whole row or file.
    pub column: String,
    /// What is there and what was expected.
    pub message: String,
}

impl FileError {
    pub(crate) fn of(file: &str, error: RowError) -> FileError {
        let RowError { row, column, message } = error;
        FileError { file: file.to_owned(), row, column, message }
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let FileError { file, row, column, message } = self;
        if column.is_empty() {
            write!(f, "{file}.csv, row {row}: {message}")
        } else {
            write!(f, "{file}.csv, row {row}, column {column}: {message}")
        }
    }
}

pub(crate) const ACCOUNT: Column = Column::text("account", "the code of an account").required();
const NAME: Column = Column::text("name", "the account's name; it is not compared");
pub(crate) const DEBIT: Column = Column::plain("debit", "an amount such as 1200.50, or nothing");
const CREDIT: Column = Column::plain("credit", "an amount such as 1200.50, or nothing");
const BALANCE: &[Column] = &[ACCOUNT, NAME, DEBIT, CREDIT];

pub(crate) const SKU: Column = Column::text("sku", "an item's SKU").required();
pub(crate) const PLACE: Column = Column::text(
    "place",
    "the path of a place such as WH/Stock, or nothing for the warehouse's stock",
);
pub(crate) const LOT: Column = Column::text("lot", "the number of a lot or piece, or nothing");
pub(crate) const EXPIRES_ON: Column =
    Column::plain("expires_on", "a day such as 2026-12-31, or nothing");
pub(crate) const QUANTITY: Column =
    Column::plain("quantity", "a quantity in the stock unit such as 12").required();
pub(crate) const VALUE: Column =
    Column::plain("value", "the worth of all of it, such as 1200.50").required();
const STOCK: &[Column] = &[SKU, PLACE, LOT, EXPIRES_ON, QUANTITY, VALUE];

pub(crate) const ORDER: Column = Column::text("order", "the order's number").required();
pub(crate) const SUPPLIER: Column = Column::text("supplier", "a supplier's code").required();
pub(crate) const WAREHOUSE: Column = Column::text("warehouse", "a warehouse's code").required();
pub(crate) const CURRENCY: Column =
    Column::plain("currency", "a currency such as GBP, or nothing for the partner's");
pub(crate) const ORDERED_ON: Column =
    Column::plain("ordered_on", "a day such as 2026-01-31").required();
const SENT_ON: Column = Column::plain("sent_on", "a day such as 2026-01-31, or nothing");
const ORDERED: Column = Column::plain("quantity", "a quantity such as 12").required();
const UNIT: Column = Column::text("unit", "the code of a unit, or nothing for the purchase unit");
const PRICE: Column = Column::plain("price", "what one unit costs, such as 12.50").required();
const DISCOUNT: Column = Column::plain("discount", "a fraction such as 0.05, or nothing");
const TAX_CODE: Column = Column::text("tax_code", "the code of a tax, or nothing");
const DUE_ON: Column = Column::plain("due_on", "a day such as 2026-01-31, or nothing");
const PROMISED_ON: Column = Column::plain("promised_on", "a day such as 2026-01-31, or nothing");
const RECEIVED: Column = Column::plain("received", "a quantity such as 12, or nothing");
const BILLED: Column = Column::plain("billed", "a quantity such as 12, or nothing");
const WAITING: Column = Column::plain(
    "waiting_value",
    "what received less billed is worth, such as 1200.50, or nothing",
);
const ORDERS: &[Column] = &[
    ORDER,
    SUPPLIER,
    WAREHOUSE,
    CURRENCY,
    ORDERED_ON,
    SENT_ON,
    SKU,
    ORDERED,
    UNIT,
    PRICE,
    DISCOUNT,
    TAX_CODE,
    DUE_ON,
    PROMISED_ON,
    RECEIVED,
    BILLED,
    WAITING,
];

pub(crate) const REFERENCE: Column =
    Column::text("reference", "the supplier's number of the bill").required();
pub(crate) const BILLED_ON: Column =
    Column::plain("billed_on", "a day such as 2026-01-31").required();
pub(crate) const OPEN: Column =
    Column::plain("open", "what is not paid, such as 1200.50; below zero for a credit note")
        .required();
pub(crate) const HOME_VALUE: Column =
    Column::plain("value", "the same in the company's currency, or nothing");
const BILLS: &[Column] = &[SUPPLIER, REFERENCE, BILLED_ON, DUE_ON, CURRENCY, OPEN, HOME_VALUE];

pub(crate) const CUSTOMER: Column = Column::text("customer", "a customer's code").required();
pub(crate) const NUMBER: Column = Column::text("number", "the invoice's number").required();
pub(crate) const INVOICED_ON: Column =
    Column::plain("invoiced_on", "a day such as 2026-01-31").required();
const INVOICES: &[Column] = &[CUSTOMER, NUMBER, INVOICED_ON, DUE_ON, OPEN];

pub(crate) const SIDE: Column = Column::plain("side", "customer or supplier").required();
pub(crate) const PARTNER: Column =
    Column::text("partner", "a customer's or supplier's code; of an order, nothing");
pub(crate) const CHANNEL: Column = Column::text("channel", "the code of a channel").required();
pub(crate) const OF_CHANNEL: Column =
    Column::text("channel", "the channel of the order, or nothing");
pub(crate) const OF_ORDER: Column =
    Column::text("order", "an order's number at its channel, or nothing");
pub(crate) const AMOUNT: Column = Column::plain("amount", "an amount such as 1200.50").required();
const DEPOSITS: &[Column] = &[SIDE, PARTNER, OF_CHANNEL, OF_ORDER, CURRENCY, AMOUNT, HOME_VALUE];

const CLEARING: &[Column] = &[CHANNEL, AMOUNT];

/// A row with its number.
pub(crate) struct Numbered<T> {
    pub row: u64,
    pub is: T,
}

/// An account's balance, debit positive, in minor units.
pub(crate) struct BalanceRow {
    pub account: String,
    pub balance: i64,
}

/// Goods at one place: a layer.
pub(crate) struct StockRow {
    pub sku: String,
    pub place: String,
    pub lot: String,
    pub expires_on: Option<Day>,
    pub quantity: Quantity,
    /// In minor units.
    pub value: i64,
}

/// A line of an order to a supplier, with what it says of the order.
pub(crate) struct OrderRow {
    pub order: String,
    pub supplier: String,
    pub warehouse: String,
    pub currency: Option<Currency>,
    pub ordered_on: Option<Day>,
    pub sent_on: Option<Day>,
    pub line: purchasing::OpenOrderLine,
}

/// A bill; its amount is read when its currency is known.
pub(crate) struct BillRow {
    pub supplier: String,
    pub reference: String,
    pub billed_on: Option<Day>,
    pub due_on: Option<Day>,
    pub currency: Option<Currency>,
    pub open: String,
    pub value: Option<i64>,
}

/// An invoice.
pub(crate) struct InvoiceRow {
    pub customer: String,
    pub number: String,
    pub invoiced_on: Option<Day>,
    pub due_on: Option<Day>,
    /// In minor units.
    pub open: i64,
}

/// Whose deposit it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Customer,
    Supplier,
}

/// A deposit; its amount is read when its currency is known.
pub(crate) struct DepositRow {
    pub side: Side,
    pub partner: String,
    pub channel: String,
    pub order: String,
    pub currency: Option<Currency>,
    pub amount: String,
    pub value: Option<i64>,
}

/// What a channel holds for us.
pub(crate) struct ClearingRow {
    pub channel: String,
    /// In minor units.
    pub amount: i64,
}

/// All files as they are written, but for that of customers' orders, which sales reads itself.
pub(crate) struct Sheets {
    pub balance: Vec<Numbered<BalanceRow>>,
    pub stock: Vec<Numbered<StockRow>>,
    pub orders: Vec<Numbered<OrderRow>>,
    pub bills: Vec<Numbered<BillRow>>,
    pub invoices: Vec<Numbered<InvoiceRow>>,
    pub deposits: Vec<Numbered<DepositRow>>,
    pub clearing: Vec<Numbered<ClearingRow>>,
}

impl Sheets {
    /// How many rows each file has, in the order of [`FILES`]; that of customers' orders is not read here.
    pub(crate) fn rows(&self) -> [usize; 8] {
        [
            self.balance.len(),
            self.stock.len(),
            self.orders.len(),
            self.bills.len(),
            self.invoices.len(),
            self.deposits.len(),
            self.clearing.len(),
            0,
        ]
    }
}

/// Reads every file, or names every bad cell of all of them.
pub(crate) fn read(files: &Files, home: Currency) -> Result<Sheets, Vec<FileError>> {
    let (sheets, mut errors) = parse(files, home);
    if sheets.balance.is_empty() && errors.is_empty() {
        let message = "the trial balance is missing; write every account with its balance";
        errors.push(FileError::of("trial_balance", RowError::whole(1, message)));
    }
    if errors.is_empty() { Ok(sheets) } else { Err(errors) }
}

/// Reads every file that is there; one with errors has no rows.
pub(crate) fn parse(files: &Files, home: Currency) -> (Sheets, Vec<FileError>) {
    let mut errors = Vec::new();
    let sheets = Sheets {
        balance: sheet("trial_balance", &files.trial_balance, BALANCE, &mut errors, |cells| {
            balance_row(cells, home)
        }),
        stock: sheet("stock", &files.stock, STOCK, &mut errors, |cells| stock_row(cells, home)),
        orders: sheet("purchase_orders", &files.purchase_orders, ORDERS, &mut errors, |cells| {
            order_row(cells, home)
        }),
        bills: sheet("bills", &files.bills, BILLS, &mut errors, |cells| bill_row(cells, home)),
        invoices: sheet("invoices", &files.invoices, INVOICES, &mut errors, |cells| {
            invoice_row(cells, home)
        }),
        deposits: sheet("deposits", &files.deposits, DEPOSITS, &mut errors, |cells| {
            deposit_row(cells, home)
        }),
        clearing: sheet(
            "channel_clearing",
            &files.channel_clearing,
            CLEARING,
            &mut errors,
            |cells| ClearingRow {
                channel: cells.text(CHANNEL).to_owned(),
                amount: money(cells, AMOUNT, home).unwrap_or(0),
            },
        ),
    };
    (sheets, errors)
}

/// The rows of one file; what is wrong with it is noted.
fn sheet<T>(
    name: &str,
    text: &str,
    columns: &[Column],
    errors: &mut Vec<FileError>,
    mut make: impl FnMut(&mut Cells<'_>) -> T,
) -> Vec<Numbered<T>> {
    if text.trim().is_empty() {
        return Vec::new();
    }
    let rows = tabular::read(text.as_bytes(), columns)
        .and_then(|table| table.map(|cells| Numbered { row: cells.row(), is: make(cells) }));
    rows.unwrap_or_else(|wrong| {
        errors.extend(wrong.into_iter().map(|error| FileError::of(name, error)));
        Vec::new()
    })
}

/// An amount in minor units of a currency; nothing when the cell is empty or, after a note, unreadable.
fn money(cells: &mut Cells<'_>, column: Column, currency: Currency) -> Option<i64> {
    let text = cells.text(column);
    if text.is_empty() {
        return None;
    }
    cells.accept(column, Money::parse(text, currency)).map(|money| money.minor)
}

fn balance_row(cells: &mut Cells<'_>, home: Currency) -> BalanceRow {
    let (debit, credit) = (money(cells, DEBIT, home), money(cells, CREDIT, home));
    for (column, amount) in [(DEBIT, debit), (CREDIT, credit)] {
        if amount.is_some_and(|amount| amount < 0) {
            cells.refuse(column, "an amount below zero; write it on the other side");
        }
    }
    if debit.unwrap_or(0) != 0 && credit.unwrap_or(0) != 0 {
        cells.refuse(CREDIT, "debit and credit are both there; write the balance on one side");
    }
    let balance = debit.unwrap_or(0).saturating_sub(credit.unwrap_or(0));
    BalanceRow { account: cells.text(ACCOUNT).to_owned(), balance }
}

fn stock_row(cells: &mut Cells<'_>, home: Currency) -> StockRow {
    let quantity = cells.value_or(QUANTITY, Quantity::ONE);
    if !quantity.is_positive() {
        cells.refuse(QUANTITY, "goods are above zero; leave rows of nothing out");
    }
    let value = money(cells, VALUE, home).unwrap_or(0);
    if value < 0 {
        cells.refuse(VALUE, "goods are worth zero or more");
    }
    StockRow {
        sku: cells.text(SKU).to_owned(),
        place: cells.text(PLACE).to_owned(),
        lot: cells.text(LOT).to_owned(),
        expires_on: cells.value(EXPIRES_ON),
        quantity,
        value,
    }
}

fn order_row(cells: &mut Cells<'_>, home: Currency) -> OrderRow {
    let unit = cells.text(UNIT);
    let line = purchasing::OrderLine {
        sku: cells.text(SKU).to_owned(),
        quantity: cells.value_or(ORDERED, Quantity::ONE),
        unit: (!unit.is_empty()).then(|| unit.to_owned()),
        price: cells.value::<Price>(PRICE),
        discount: cells.value::<Rate>(DISCOUNT),
        tax_code: cells.text(TAX_CODE).to_owned(),
        due_on: cells.value(DUE_ON),
    };
    OrderRow {
        order: cells.text(ORDER).to_owned(),
        supplier: cells.text(SUPPLIER).to_owned(),
        warehouse: cells.text(WAREHOUSE).to_owned(),
        currency: cells.value(CURRENCY),
        ordered_on: cells.value(ORDERED_ON),
        sent_on: cells.value(SENT_ON),
        line: purchasing::OpenOrderLine {
            line,
            received: cells.value_or(RECEIVED, Quantity::ZERO),
            billed: cells.value_or(BILLED, Quantity::ZERO),
            waiting_value: money(cells, WAITING, home),
            promised_on: cells.value(PROMISED_ON),
        },
    }
}

fn bill_row(cells: &mut Cells<'_>, home: Currency) -> BillRow {
    BillRow {
        supplier: cells.text(SUPPLIER).to_owned(),
        reference: cells.text(REFERENCE).to_owned(),
        billed_on: cells.value(BILLED_ON),
        due_on: cells.value(DUE_ON),
        currency: cells.value(CURRENCY),
        open: cells.text(OPEN).to_owned(),
        value: money(cells, HOME_VALUE, home),
    }
}

fn invoice_row(cells: &mut Cells<'_>, home: Currency) -> InvoiceRow {
    InvoiceRow {
        customer: cells.text(CUSTOMER).to_owned(),
        number: cells.text(NUMBER).to_owned(),
        invoiced_on: cells.value(INVOICED_ON),
        due_on: cells.value(DUE_ON),
        open: money(cells, OPEN, home).unwrap_or(0),
    }
}

fn deposit_row(cells: &mut Cells<'_>, home: Currency) -> DepositRow {
    let side = match cells.text(SIDE) {
        "customer" | "" => Side::Customer,
        "supplier" => Side::Supplier,
        _ => {
            let _: Option<()> = cells.accept(SIDE, Err("no such side"));
            Side::Customer
        }
    };
    DepositRow {
        side,
        partner: cells.text(PARTNER).to_owned(),
        channel: cells.text(OF_CHANNEL).to_owned(),
        order: cells.text(OF_ORDER).to_owned(),
        currency: cells.value(CURRENCY),
        amount: cells.text(AMOUNT).to_owned(),
        value: money(cells, HOME_VALUE, home),
    }
}
