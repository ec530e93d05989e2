//! The nouns of the books: accounts and their roles, areas, lines and entries.

use base::{AccountId, Currency, Day, EntryId, Id, ItemId, Money, OpeningId, PartnerId, TaxCodeId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Declares an enum whose values are words in the database, in JSON and in messages.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
        )]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$doc])* $variant,)+ }

        impl $name {
            /// Every one, in the order declared.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The word in the database and in JSON.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }

            /// The value of a word, or `None` when there is no such word.
            #[must_use]
            pub fn parse(text: &str) -> Option<$name> {
                match text { $($word => Some($name::$variant),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl store::ToValue for $name {
            fn to_value(&self) -> store::Value {
                store::Value::Text(self.as_str().to_owned())
            }
        }

        impl store::FromValue for $name {
            fn from_value(value: &store::Value) -> Option<$name> {
                match value {
                    store::Value::Text(text) => $name::parse(text),
                    _ => None,
                }
            }
        }
    };
}

words! {
    /// What an account is for. A company has at most one account per role, so that a posting names
    /// the role and never an account's number.
    Role {
        /// Goods on the shelf, at cost.
        StockValuation = "stock_valuation",
        /// Goods that may not be sold yet, at cost.
        Quarantine = "quarantine",
        /// Goods of ours that are on their way, at cost.
        GoodsInTransit = "goods_in_transit",
        /// Goods received, not yet invoiced by the supplier.
        Grni = "grni",
        /// Goods billed, not yet received.
        BilledNotReceived = "billed_not_received",
        /// The cost of goods delivered, not yet invoiced to the customer.
        DeliveredNotInvoiced = "delivered_not_invoiced",
        /// The cost of goods sold.
        Cogs = "cogs",
        /// What we owe to suppliers.
        Payable = "payable",
        /// What customers owe to us.
        Receivable = "receivable",
        /// What we paid to suppliers before their bill.
        SupplierDeposits = "supplier_deposits",
        /// What customers paid before their shipment.
        CustomerDeposits = "customer_deposits",
        /// What channels and payment providers hold for us.
        ChannelClearing = "channel_clearing",
        /// Refunds decided, not yet paid.
        RefundsPayable = "refunds_payable",
        /// Money in the bank.
        Bank = "bank",
        /// Sales, net of tax.
        Revenue = "revenue",
        /// What customers pay for shipping.
        ShippingIncome = "shipping_income",
        /// Discounts given.
        Discounts = "discounts",
        /// Sales taken back with their goods.
        SalesReturns = "sales_returns",
        /// Sales refunded without goods.
        SalesAllowances = "sales_allowances",
        /// Vouchers sold, not yet redeemed.
        VoucherLiability = "voucher_liability",
        /// What channels charge.
        ChannelFees = "channel_fees",
        /// What the bank charges.
        BankFees = "bank_fees",
        /// What agents and causes get of a sale.
        Commission = "commission",
        /// Receivables that will not be paid.
        BadDebt = "bad_debt",
        /// Goods given away to sell more.
        Marketing = "marketing",
        /// Goods given away to be tried.
        Samples = "samples",
        /// Goods thrown away.
        Scrap = "scrap",
        /// Goods found that the books did not have.
        Found = "found",
        /// Goods gone without an explanation.
        Unexplained = "unexplained",
        /// What suppliers owe us for what was wrong with their goods.
        SupplierClaims = "supplier_claims",
        /// Bills that differ from the order's price.
        PriceDifference = "price_difference",
        /// What a change of exchange rates won or lost.
        ExchangeDifference = "exchange_difference",
        /// Freight and duty estimated, not yet billed.
        LandedCostClearing = "landed_cost_clearing",
        /// Differences to a standard cost when goods come in.
        StockVariationIn = "stock_variation_in",
        /// Differences to a standard cost when goods go out.
        StockVariationOut = "stock_variation_out",
        /// Tax paid that the tax office gives back.
        InputTax = "input_tax",
        /// Tax charged that the tax office gets.
        OutputTax = "output_tax",
        /// Any other cost.
        Expense = "expense",
        /// What did not add up when the books were opened.
        OpeningDifference = "opening_difference",
        /// What the owners put in, and what earlier years left.
        Capital = "capital",
    }
}

impl Role {
    /// Whether the account is a control account: it equals a list kept elsewhere, so nobody posts
    /// to it by hand.
    #[must_use]
    pub const fn is_control(self) -> bool {
        self.keeps_open_lines()
            || matches!(self, Role::StockValuation | Role::Quarantine | Role::GoodsInTransit)
    }

    /// Whether the account's balance is the sum of open items kept here. The lists behind the stock
    /// accounts are kept by valuation, by item.
    #[must_use]
    pub const fn keeps_open_lines(self) -> bool {
        matches!(
            self,
            Role::Grni
                | Role::BilledNotReceived
                | Role::DeliveredNotInvoiced
                | Role::Payable
                | Role::Receivable
                | Role::SupplierDeposits
                | Role::CustomerDeposits
                | Role::ChannelClearing
                | Role::RefundsPayable
                | Role::SupplierClaims
                | Role::LandedCostClearing
        )
    }

    /// Whether the account's movement is what the tax report lists.
    #[must_use]
    pub const fn is_tax(self) -> bool {
        matches!(self, Role::InputTax | Role::OutputTax)
    }
}

words! {
    /// Which side of the balance sheet or of the profit an account is on.
    AccountKind {
        /// What we have.
        Asset = "asset",
        /// What we owe.
        Liability = "liability",
        /// What is the owners'.
        Equity = "equity",
        /// What we earn.
        Income = "income",
        /// What it costs.
        Expense = "expense",
    }
}

words! {
    /// Which part of the business an entry belongs to; periods are locked by area.
    Area {
        /// Orders, shipments, invoices, returns of customers.
        Sales = "sales",
        /// Orders, receipts, bills, returns to suppliers.
        Purchasing = "purchasing",
        /// Counts, transfers, revaluation.
        Stock = "stock",
        /// Tax returns and settlements.
        Tax = "tax",
        /// As a lock: every area. As an entry's area: none in particular (manual entries, bank).
        All = "all",
    }
}

words! {
    /// How a tax code treats a supply.
    TaxKind {
        /// The full rate.
        Standard = "standard",
        /// A lower rate.
        Reduced = "reduced",
        /// Taxable at nothing.
        Zero = "zero",
        /// Not taxable by its nature.
        Exempt = "exempt",
        /// Outside the scope of the tax.
        Outside = "outside",
        /// The buyer declares the tax.
        ReverseCharge = "reverse_charge",
        /// Tax paid at the border.
        Import = "import",
    }
}

/// The account of a line: by its role, or one of the company's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Account {
    /// The company's account of this role.
    Role(Role),
    /// This account.
    Id(AccountId),
}

impl std::fmt::Display for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Account::Role(role) => write!(f, "the role {role}"),
            Account::Id(id) => write!(f, "the id {id}"),
        }
    }
}

impl From<Role> for Account {
    fn from(role: Role) -> Account {
        Account::Role(role)
    }
}

impl From<AccountId> for Account {
    fn from(id: AccountId) -> Account {
        Account::Id(id)
    }
}

/// Which open line of a control account an amount belongs to. Choose a key that few postings share
/// (a bill, an invoice, a payment): postings on one key wait for each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct OpenKey {
    /// The kind of what is open: `purchase_line`, `bill`, `invoice`, `payment`.
    pub kind: &'static str,
    /// Its id.
    pub id: i64,
    /// Whom it is open with.
    pub partner_id: Option<PartnerId>,
}

impl OpenKey {
    /// An open line of nobody in particular.
    #[must_use]
    pub const fn new(kind: &'static str, id: i64) -> OpenKey {
        OpenKey { kind, id, partner_id: None }
    }

    /// The same, open with a partner.
    #[must_use]
    pub const fn with(mut self, partner_id: PartnerId) -> OpenKey {
        self.partner_id = Some(partner_id);
        self
    }
}

/// What makes a line count in the tax report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TaxTag {
    /// The tax code.
    pub code: TaxCodeId,
    /// The net amount that the tax was reckoned on, minor units, signed as the line's amount: debit
    /// positive. A sale of 100 at 20 % is amount -20 and base -100; at zero 0 and -100.
    pub base: i64,
}

/// A line of an entry to be posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The account.
    pub account: Account,
    /// Minor units of the company's currency: debit positive, credit negative. A line of zero is
    /// left out, unless it changes a foreign amount or carries a tax base.
    pub amount: i64,
    /// The same amount in the currency it was agreed in, with the same sign. `None` is the
    /// company's currency.
    pub foreign: Option<Money>,
    /// The open line, required on control accounts that keep open lines.
    pub open: Option<OpenKey>,
    /// When the open line is due.
    pub due_on: Option<Day>,
    /// The tax code, required on tax accounts and only there.
    pub tax: Option<TaxTag>,
    /// The item it concerns, where the line is about one alone.
    pub item_id: Option<ItemId>,
}

impl Line {
    /// A line of a signed amount: debit positive, credit negative.
    pub fn new(account: impl Into<Account>, amount: i64) -> Line {
        Line {
            account: account.into(),
            amount,
            foreign: None,
            open: None,
            due_on: None,
            tax: None,
            item_id: None,
        }
    }

    /// A debit of so many minor units.
    pub fn debit(account: impl Into<Account>, minor: i64) -> Line {
        Line::new(account, minor)
    }

    /// A credit of so many minor units.
    ///
    /// # Panics
    /// When `minor` is `i64::MIN`, which no parser and no calculation of `base` gives.
    pub fn credit(account: impl Into<Account>, minor: i64) -> Line {
        Line::new(account, minor.checked_neg().expect("an amount is never i64::MIN"))
    }

    /// The same on an open line.
    #[must_use]
    pub fn open(mut self, key: OpenKey) -> Line {
        self.open = Some(key);
        self
    }

    /// The same, due on a day.
    #[must_use]
    pub fn due(mut self, day: Day) -> Line {
        self.due_on = Some(day);
        self
    }

    /// The same with its amount in another currency, signed as the line's amount.
    #[must_use]
    pub fn foreign(mut self, amount: Money) -> Line {
        self.foreign = Some(amount);
        self
    }

    /// The same as tax of a code on a net amount, signed as the line's amount, see [`TaxTag`].
    #[must_use]
    pub fn tax(mut self, code: TaxCodeId, base: i64) -> Line {
        self.tax = Some(TaxTag { code, base });
        self
    }

    /// The same concerning an item.
    #[must_use]
    pub fn item(mut self, item_id: ItemId) -> Line {
        self.item_id = Some(item_id);
        self
    }
}

/// An entry to be posted: lines that add up to zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What sort of entry it is: `receipt`, `bill`, `shipment`.
    pub kind: &'static str,
    /// The kind of document it comes from.
    pub source_kind: &'static str,
    /// The document.
    pub source_id: i64,
    /// When it happened, in the company's time zone.
    pub happened_on: Day,
    /// A line for people.
    pub memo: String,
    /// The lines.
    pub lines: Vec<Line>,
}

/// The kind, and the kind of source, of what an opening books.
pub const OPENING: &str = "opening";

impl Entry {
    /// An entry of the opening of a going company's books.
    #[must_use]
    pub fn of_opening(id: OpeningId, opened_on: Day, memo: &str, lines: Vec<Line>) -> Entry {
        Entry {
            kind: OPENING,
            source_kind: OPENING,
            source_id: id.raw(),
            happened_on: opened_on,
            memo: memo.to_owned(),
            lines,
        }
    }
}

/// What [`post`](crate::post()) answers for an entry of which nothing was left to write, because all
/// its lines were zero or cancelled out.
#[must_use]
pub fn no_entry() -> EntryId {
    EntryId::from_raw(0)
}

/// Entry kinds that may touch tax accounts without a tax code: they settle tax or open the books.
pub const KINDS_WITHOUT_TAX_CODE: &[&str] = &["tax_settlement", OPENING];

/// An account as a posting needs to know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KnownAccount {
    pub code: String,
    pub role: Option<Role>,
    pub control: bool,
    pub open_lines: bool,
}

/// A line as it is written: on a known account, merged with its likes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BookedLine {
    pub account_id: AccountId,
    pub amount: i64,
    pub currency: Currency,
    pub amount_foreign: i64,
    pub open_kind: String,
    pub open_source_id: i64,
    pub partner_id: i64,
    pub due_on: Option<Day>,
    pub tax_code_id: i64,
    pub tax_base: i64,
    pub item_id: i64,
    /// Whether the amount belongs in the open items.
    pub opens: bool,
}

/// An entry as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BookedEntry {
    pub id: EntryId,
    pub number: String,
    pub kind: String,
    pub source_kind: String,
    pub source_id: i64,
    pub happened_on: Day,
    pub posted_on: Day,
    pub memo: String,
    pub reverses_id: i64,
    pub lines: Vec<BookedLine>,
}
