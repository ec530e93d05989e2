//! What is measured: the product's verbs as a client's requests, each with its own key.

use crate::company::{self, CHANNEL, Company};
use crate::wire::Caller;
use crate::{BenchError, ITEMS, Which, refused};
use base::{PurchaseOrderId, Quantity, SalesOrderId};
use identity::Ctx;
use purchasing::{Bill, BillGoods};
use sales::{AcceptLine, AcceptOrder, Ship};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use store::{Database, RequestKey, Tx};

/// How many lines an order has.
pub(crate) const LINES: usize = 3;

/// The statements that write facts, audit rows and that these wait for their seal, at the commit,
/// after the verb has ended: one each.
const AT_COMMIT: u64 = 3;

/// A client of the product.
#[derive(Clone, Copy)]
pub(crate) struct Client<'a> {
    pub database: &'a Database,
    /// How it speaks to the product: over HTTP, or at the doors when absent.
    pub caller: Option<&'a Caller>,
    pub company: &'a Company,
    /// Where statements are counted, for a probe.
    pub statements: Option<&'a AtomicU64>,
}

/// Three different items, by the number of the operation: spread over the catalogue, and the same
/// in every run.
pub(crate) fn items_of(operation: u64) -> [usize; LINES] {
    // SplitMix64.
    let mut mixed = operation.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^= mixed >> 31;
    let first = usize::try_from(mixed % 1_000_000).unwrap_or(0) % ITEMS;
    // Thirds of the catalogue apart, never the same item twice.
    [first, (first + ITEMS / 3) % ITEMS, (first + 2 * (ITEMS / 3)) % ITEMS]
}

impl Client<'_> {
    /// One operation: all its transactions.
    pub(crate) fn operate(self, which: Which, operation: u64) -> Result<(), BenchError> {
        match which {
            Which::W1 => self.sell(operation),
            Which::W2 => self.buy(operation),
        }
    }

    fn sell(self, operation: u64) -> Result<(), BenchError> {
        let request = to_accept(operation);
        let accepted = self.once("/sales-orders", operation, request, |tx, ctx, request| {
            sales::accept(tx, ctx, request).map_err(refused("accept"))
        })?;
        let request = shipment(accepted.order_id);
        self.once("/shipments", operation, request, |tx, ctx, request| {
            sales::ship(tx, ctx, request).map_err(refused("ship"))
        })?;
        Ok(())
    }

    fn buy(self, operation: u64) -> Result<(), BenchError> {
        let lines = items_of(operation).map(|item| (item, 1));
        let order_id = match self.caller {
            None => {
                let order = (company::supplier(operation), lines);
                self.once("/purchase-orders", operation, order, |tx, ctx, (supplier, lines)| {
                    company::order(tx, ctx, supplier, &lines)
                })?
            }
            Some(caller) => order_over(caller, operation, &lines)?,
        };
        let request = company::receipt(order_id, &lines);
        self.once("/receipts", operation, request, |tx, ctx, request| {
            purchasing::receive(tx, ctx, request).map_err(refused("receive"))
        })?;
        let request = bill(order_id, operation);
        let billed = self.once("/bills", operation, request, |tx, ctx, request| {
            purchasing::bill(tx, ctx, request).map_err(refused("bill"))
        })?;
        if billed.state == purchasing::BillState::Matched {
            return Ok(());
        }
        let reason = format!("it is {} instead of matched", billed.state);
        Err(BenchError::Refused { verb: "bill", reason })
    }

    /// A request under its key, as a client sends it.
    fn once<Q, T>(
        self,
        route: &'static str,
        operation: u64,
        request: Q,
        verb: impl Fn(&mut Tx<'_>, &Ctx, Q) -> Result<T, BenchError> + Send + 'static,
    ) -> Result<T, BenchError>
    where
        Q: Serialize + Clone + Send + 'static,
        T: Serialize + DeserializeOwned + Send + 'static,
    {
        if let Some(caller) = self.caller {
            return caller.post(route, &format!("bench-{operation}"), &request);
        }
        let ctx = self.company.ctx.clone();
        let canonical = serde_json::to_vec(&request).map_err(refused("a request"))?;
        let key = RequestKey {
            company_id: ctx.company_id,
            principal: ctx.principal.clone(),
            route,
            key: format!("bench-{operation}"),
            fingerprint: Sha256::digest(&canonical).to_vec(),
            at: ctx.at,
        };
        let mut work = move |tx: &mut Tx<'_>| verb(tx, &ctx, request.clone());
        let Some(statements) = self.statements else {
            return Ok(self.database.write_once(key, work)?.answer);
        };
        let (once, issued) = self.database.write(move |tx| {
            let once = store::once(tx, &key, &mut work)?;
            Ok::<_, BenchError>((once, tx.statements()))
        })?;
        statements.fetch_add(issued + AT_COMMIT, Relaxed);
        Ok(once.answer)
    }
}

/// An order to a supplier over HTTP: written by one request, submitted and so approved by another.
fn order_over(
    caller: &Caller,
    operation: u64,
    lines: &[(usize, i64)],
) -> Result<PurchaseOrderId, BenchError> {
    let order = company::to_create(company::supplier(operation), lines)?;
    let request = purchasing::CreateOrders { orders: vec![order], all_or_nothing: true };
    let key = format!("bench-{operation}");
    let made: serde_json::Value = caller.post("/purchase-orders", &key, &request)?;
    let id = made["orders"][0]["order"]["order_id"].as_str().unwrap_or_default();
    let order_id = id.parse().map_err(refused("the order's id"))?;
    let request = purchasing::SubmitOrder { order_id };
    caller.post::<serde_json::Value>("/purchase-orders/submit", &key, &request)?;
    Ok(order_id)
}

/// A customer's order of three lines.
pub(crate) fn to_accept(operation: u64) -> AcceptOrder {
    let line = |item: usize| AcceptLine {
        sku: Some(company::sku(item)),
        quantity: Quantity::ONE,
        ..AcceptLine::default()
    };
    AcceptOrder {
        channel: CHANNEL.to_owned(),
        external_ref: Some(format!("E{operation}")),
        lines: items_of(operation).into_iter().map(line).collect(),
        ..AcceptOrder::default()
    }
}

/// Everything that is reserved leaves.
pub(crate) fn shipment(order_id: SalesOrderId) -> Ship {
    Ship {
        order_id,
        warehouse_id: None,
        lines: None,
        happened_on: None,
        carrier: None,
        tracking: None,
        client_ref: None,
    }
}

/// A bill of what was received, at the order's price.
pub(crate) fn bill(order_id: PurchaseOrderId, operation: u64) -> Bill {
    let goods = |line: i64| BillGoods {
        order_id,
        line,
        quantity: None,
        unit: None,
        price: None,
        tax_code: None,
        correction: false,
    };
    Bill {
        supplier: company::supplier(operation),
        reference: format!("B{operation}"),
        billed_on: None,
        due_on: None,
        currency: None,
        goods: (1..).take(LINES).map(goods).collect(),
        expenses: Vec::new(),
        confirm_duplicate: false,
        note: String::new(),
        client_ref: String::new(),
    }
}
