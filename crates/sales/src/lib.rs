//! Selling: what customers ordered, what left for them, and what they owe.
//!
//! An order is accepted on a *channel*, whose terms it keeps: what happens when goods are short,
//! whether it was paid before, when the sale is income. Its lines want goods from `stock`; what
//! they still lack is their back-order. A shipment moves goods and books revenue and cost of sales
//! in one entry; an invoice is a legal document without a gap in its numbers.
//!
//! Reading order: the words and nouns, the pure decisions, one file per verb, then what readers get.

mod model;
mod rules;
mod words;

mod batch;

mod accept;
mod accept_orders;
mod cancel;
mod credit;
mod define_channel;
mod fill_rate;
mod import_orders;
mod invoice;
mod invoice_orders;
mod open_demands;
mod open_invoices;
mod price;
mod reserve;
mod ship;
mod ship_direct;
mod ship_orders;
mod sold;
mod take_back;
mod unshipped;

mod checks;
mod lists;
mod tables;
mod views;

use identity::Permission;

pub use accept::{AcceptError, AcceptLine, AcceptOrder, Accepted, AcceptedLine, accept};
pub use accept_orders::{AcceptOrders, BatchResult, BatchResults, accept_orders};
pub use batch::{BatchError, ElementOutcome, MAX_BATCH};
pub use cancel::{CancelError, CancelLine, CancelOrder, Cancelled, CloseOrder, cancel, close};
pub use credit::{Credit, CreditError, CreditLine, Credited, Worth, credit};
pub use define_channel::{Channel, ChannelError, DefineChannel, channels, define_channel};
pub use fill_rate::{FillBy, FillFilter, FillLine, FillLineFilter, FillRow, fill_lines, fill_rate};
pub use import_orders::{
    ImportOrdersError, ORDER_COLUMNS, OpenOrdersError, OpenedOrder, import_orders, open_orders,
    read_open_orders,
};
pub use invoice::{InvoiceError, InvoiceOrder, Invoiced, invoice};
pub use invoice_orders::{InvoiceOrders, InvoiceResult, InvoiceResults, invoice_orders};
pub use lists::{
    ChannelFilter, CreditNoteFilter, CreditNoteRow, InvoiceFilter, InvoiceRow, OpenedInvoiceFilter,
    OpenedInvoiceRow, SalesOrderFilter, SalesOrderRow, ShipmentFilter, ShipmentRow, list_channels,
    list_credit_notes, list_invoices, list_opened_invoices, list_orders, list_shipments,
};
pub use model::ORDER;
pub use open_demands::{
    OpenDemand, OpenDemandFilter, OrderAgeFilter, OrderAgeRow, open_demands, order_ages,
};
pub use open_invoices::{
    InvoicesOpened, OpenInvoice, OpenInvoiceError, OpenInvoices, OpenInvoicesError, open_invoices,
};
pub use reserve::{
    AllocateBackOrders, Allocated, AllocatedLine, ReserveError, ReserveOrder, Reserved,
    allocate_back_orders, reserve_order,
};
pub use rules::LineError;
pub use ship::{Ship, ShipError, ShipLine, Shipped, ship, ship_picked};
pub use ship_direct::{Direct, DirectLine, DirectOrder, DirectShipped, hold_direct, ship_direct};
pub use ship_orders::{ShipOrders, ShipResult, ShipResults, ship_orders};
pub use sold::{Back, Sold, SoldLine, come_back, hold_sold};
pub use take_back::{TakeBack, TakeBackError, take_back};
pub use unshipped::{
    Supplied, SupplyError, SupplyFrom, Unshipped, UnshippedLine, hold_unshipped, supply_from,
};
pub use views::{
    DocumentLine, InvoiceDetail, SalesOrderDetail, SalesOrderLine, ShipmentDetail, ViewError,
    find_order, invoice_detail, order, shipment,
};
pub use words::{
    InvoiceKind, LineKind, OrderState, Prices, Progress, ReserveAt, RevenueAt, WhenShort,
};

/// May see channels, orders, shipments and invoices.
pub const READ: Permission = Permission("sales.read");
/// May define channels and their terms.
pub const CONFIGURE: Permission = Permission("sales.configure");
/// May accept orders, and reserve goods for them.
pub const ACCEPT: Permission = Permission("sales.accept");
/// May ship from a warehouse.
pub const SHIP: Permission = Permission("sales.ship");
/// May invoice.
pub const INVOICE: Permission = Permission("sales.invoice");
/// May cancel what was not shipped, and close orders short.
pub const CANCEL: Permission = Permission("sales.cancel");
/// May bring orders and invoices of a going company along when its books are opened, and take them
/// back.
pub const OPEN: Permission = Permission("sales.open");

/// What this crate brings to the database.
pub static SCHEMA: store::Schema = store::Schema {
    name: "sales",
    migrations: store::migrations!(
        "0001_sales.sql",
        "0002_opening.sql",
        "0003_returns.sql",
        "0004_cancellations.sql"
    ),
    statements: &tables::ALL,
    checks: checks::CHECKS,
    append_only: &[
        "sales_cancellation",
        "sales_shipment_line",
        "sales_invoice",
        "sales_invoice_line",
        "sales_credit_note",
        "sales_credit_note_line",
    ],
    below: &[
        &store::SCHEMA,
        &identity::SCHEMA,
        &catalog::SCHEMA,
        &partners::SCHEMA,
        &accounting::SCHEMA,
        &stock::SCHEMA,
    ],
};
