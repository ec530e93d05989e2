//! The fixed words of sales, the same in the database, in JSON and in files.

store::words! {
    /// What becomes of an order for more than is there.
    WhenShort: "refuse, back_order" {
        /// The whole order is refused.
        Refuse = "refuse",
        /// What is there is kept for it, the rest stays open.
        BackOrder = "back_order",
    }

    /// When goods are kept for an order.
    ReserveAt: "accept, manual" {
        /// When it is accepted.
        Accept = "accept",
        /// When somebody says so.
        Manual = "manual",
    }

    /// What the prices of a channel are.
    Prices: "net, gross" {
        /// Without tax.
        Net = "net",
        /// With tax.
        Gross = "gross",
    }

    /// When a sale is income.
    RevenueAt: "shipment, invoice" {
        /// When the goods leave.
        Shipment = "shipment",
        /// When they are invoiced.
        Invoice = "invoice",
    }

    /// What a line of an order is.
    LineKind: "goods, service, charge, discount, free" {
        /// Goods or a kit, sold.
        Goods = "goods",
        /// Something done.
        Service = "service",
        /// Something charged besides, as postage.
        Charge = "charge",
        /// Something taken off.
        Discount = "discount",
        /// Goods given away.
        Free = "free",
    }

    /// Where an order stands. What is shipped, invoiced and paid is derived, never a state.
    #[schema(as = SalesOrderState)]
    OrderState: "accepted, closed, cancelled" {
        /// Something is still to be done.
        Accepted = "accepted",
        /// Everything was shipped and booked, or is no longer wanted.
        Closed = "closed",
        /// Nothing was shipped and nothing is wanted any more.
        Cancelled = "cancelled",
    }

    /// Which legal document it is.
    InvoiceKind: "invoice, credit_note" {
        /// The customer owes.
        Invoice = "invoice",
        /// The customer gets back.
        CreditNote = "credit_note",
    }

    /// How much of an order has happened.
    #[schema(as = SalesProgress)]
    Progress: "none, partly, fully" {
        /// Nothing.
        None = "none",
        /// Something.
        Partly = "partly",
        /// Everything that is still wanted.
        Fully = "fully",
    }
}

impl LineKind {
    /// Whether goods leave for such a line.
    #[must_use]
    pub const fn has_goods(self) -> bool {
        matches!(self, LineKind::Goods | LineKind::Free)
    }
}

impl InvoiceKind {
    /// The legal series in which such documents are numbered.
    pub(crate) const fn series(self) -> &'static str {
        match self {
            InvoiceKind::Invoice => "INV",
            InvoiceKind::CreditNote => "CN",
        }
    }
}
