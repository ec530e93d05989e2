//! Channels, orders of customers, shipments and invoices.

use crate::route::Routes;
use sales::{ACCEPT, CONFIGURE, INVOICE, READ, SHIP};

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .verb("/channels", CONFIGURE, "Define a channel", sales::define_channel)
        .list("/channels", READ, "List channels", sales::list_channels)
        .verb("/sales-orders", ACCEPT, "Accept an order", sales::accept)
        .verb("/sales-orders/batch", ACCEPT, "Accept orders, up to 1,000", sales::accept_orders)
        .import(
            "/sales-orders/import",
            ACCEPT,
            "Import orders from CSV",
            &sales::ORDER_COLUMNS,
            sales::import_orders,
        )
        .list("/sales-orders", READ, "List orders", sales::list_orders)
        .detail("/sales-orders/{id}", READ, "Show an order", sales::order)
        .verb("/sales-orders/reserve", ACCEPT, "Reserve for an order", sales::reserve_order)
        .verb(
            "/sales-orders/allocate",
            ACCEPT,
            "Reserve for back-orders, oldest first",
            sales::allocate_back_orders,
        )
        .verb("/shipments", SHIP, "Ship an order, or a part of it", picking::ship_order)
        .verb("/shipments/batch", SHIP, "Ship orders, up to 1,000", picking::ship_orders)
        .list("/shipments", READ, "List shipments", sales::list_shipments)
        .detail("/shipments/{id}", READ, "Show a shipment", sales::shipment)
        .verb("/invoices", INVOICE, "Invoice what was shipped", sales::invoice)
        .verb("/invoices/batch", INVOICE, "Invoice orders, up to 1,000", sales::invoice_orders)
        .list("/invoices", READ, "List invoices", sales::list_invoices)
        .detail("/invoices/{id}", READ, "Show an invoice", sales::invoice_detail)
        .list(
            "/opened-invoices",
            READ,
            "List invoices written before the books were opened",
            sales::list_opened_invoices,
        )
}
