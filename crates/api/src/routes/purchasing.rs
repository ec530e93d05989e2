//! Offers, orders to suppliers, receipts and bills.

use crate::route::Routes;
use base::Rule;
use purchasing::{
    APPROVE, BILL, CreateOrderError, MATCH, OFFER, ORDER, OrderCreated, READ, RECEIVE, RETURN, SEND,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What became of each order of a batch, in the order asked.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct OrdersCreated {
    orders: Vec<OrderAnswer>,
}

/// What became of one order.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(tag = "outcome", rename_all = "snake_case")]
enum OrderAnswer {
    /// It is there; perhaps it was before.
    Done {
        /// The order.
        order: OrderCreated,
    },
    /// It was refused.
    Refused {
        /// The broken rule.
        code: String,
        /// The rule in words.
        detail: String,
    },
}

impl From<Result<OrderCreated, CreateOrderError>> for OrderAnswer {
    fn from(answer: Result<OrderCreated, CreateOrderError>) -> OrderAnswer {
        match answer {
            Ok(order) => OrderAnswer::Done { order },
            Err(error) => {
                let problem = error.problem();
                OrderAnswer::Refused { code: problem.code.to_owned(), detail: problem.detail }
            }
        }
    }
}

pub(super) fn add(routes: Routes) -> Routes {
    goods_and_bills(orders(routes))
}

fn orders(routes: Routes) -> Routes {
    routes
        .verb("/offers", OFFER, "Define suppliers' offers", purchasing::define_offers)
        .list("/offers", READ, "List offers", purchasing::list_offers)
        .import(
            "/offers/import",
            OFFER,
            "Import offers from CSV",
            purchasing::OFFER_COLUMNS,
            purchasing::import_offers,
        )
        .verb("/prices", READ, "Tell a supplier's price for a quantity", purchasing::price_of)
        .verb("/purchase-orders", ORDER, "Create orders, up to 1,000", |tx, ctx, request| {
            let made = purchasing::create_orders(tx, ctx, request)?;
            let orders = made.into_iter().map(OrderAnswer::from).collect();
            Ok::<_, purchasing::CreateOrdersError>(OrdersCreated { orders })
        })
        .list("/purchase-orders", READ, "List orders to suppliers", purchasing::list_orders)
        .detail("/purchase-orders/{id}", READ, "Show an order", purchasing::order)
        .verb("/purchase-orders/submit", ORDER, "Submit an order", purchasing::submit_order)
        .verb("/purchase-orders/approve", APPROVE, "Decide an order", purchasing::approve_order)
        .verb("/purchase-orders/send", SEND, "Send an order", paperwork::send_order)
        .verb(
            "/purchase-orders/acknowledge",
            ORDER,
            "Note what the supplier promises",
            purchasing::acknowledge_order,
        )
        .verb("/purchase-orders/amend", ORDER, "Amend an order", purchasing::amend_order)
        .verb("/purchase-orders/close", ORDER, "Close lines short", purchasing::close_short)
        .verb("/purchase-orders/cancel", ORDER, "Cancel an order", purchasing::cancel_order)
}

fn goods_and_bills(routes: Routes) -> Routes {
    routes
        .verb("/receipts", RECEIVE, "Receive goods", purchasing::receive)
        .list("/receipts", READ, "List receipts", purchasing::list_receipts)
        .verb("/inspection-rules", ORDER, "Set what is inspected", purchasing::set_inspection)
        .list(
            "/inspection-rules",
            READ,
            "List what is inspected",
            purchasing::list_inspection_rules,
        )
        .rehearsed_verb(
            ("/supplier-returns", "/supplier-returns/rehearse"),
            RETURN,
            ("Return goods", "Tell what a return would do"),
            purchasing::return_to_supplier,
            purchasing::rehearse_return,
        )
        .list(
            "/supplier-returns",
            READ,
            "List what went back to suppliers",
            purchasing::list_supplier_returns,
        )
        .verb("/bills", BILL, "Enter a supplier's bill", purchasing::bill)
        .list("/bills", READ, "List bills", purchasing::list_bills)
        .verb("/bills/accept", MATCH, "Accept a mismatch", purchasing::resolve_mismatch)
        .verb("/credit-notes", BILL, "Enter a supplier's credit note", purchasing::credit_note)
        .list("/grni", READ, "List what is received and not billed", purchasing::grni_by_line)
}
