//! Records of every domain, by kind and id or name: whether there is such a one, and whether the
//! caller may see it.

use crate::tables;
use base::{Problem, Rule};
use documents::Record;
use identity::{Ctx, Denied, Permission};
use serde::{Deserialize, Serialize};
use store::{Statement, StoreError, Tx};

store::words! {
    /// The kinds of records that files are attached to.
    RecordKind: "purchase_order, receipt, bill, supplier_return, sales_order, shipment, invoice, credit_note, transfer, adjustment, count, pick_list, package, customer_return, claim, refund, payment, blind_receipt, unknown_goods, item, partner, warehouse" {
        /// An order to a supplier.
        PurchaseOrder = "purchase_order",
        /// A receipt of goods.
        Receipt = "receipt",
        /// A supplier's bill or credit note.
        Bill = "bill",
        /// Goods that went back to a supplier.
        SupplierReturn = "supplier_return",
        /// A customer's order.
        SalesOrder = "sales_order",
        /// A shipment.
        Shipment = "shipment",
        /// An invoice.
        Invoice = "invoice",
        /// A credit note to a customer.
        CreditNote = "credit_note",
        /// A transfer between warehouses.
        Transfer = "transfer",
        /// An adjustment of stock.
        Adjustment = "adjustment",
        /// A count sheet.
        Count = "count",
        /// A pick list.
        PickList = "pick_list",
        /// A package.
        Package = "package",
        /// A return of a customer.
        CustomerReturn = "customer_return",
        /// A claim on a supplier.
        Claim = "claim",
        /// A refund.
        Refund = "refund",
        /// A payment.
        Payment = "payment",
        /// A blind receipt.
        BlindReceipt = "blind_receipt",
        /// Goods of which the item or the order is not known.
        UnknownGoods = "unknown_goods",
        /// An item.
        Item = "item",
        /// A supplier or customer.
        Partner = "partner",
        /// A warehouse.
        Warehouse = "warehouse",
    }
}

/// Every kind.
pub(crate) const KINDS: [RecordKind; 22] = [
    RecordKind::PurchaseOrder,
    RecordKind::Receipt,
    RecordKind::Bill,
    RecordKind::SupplierReturn,
    RecordKind::SalesOrder,
    RecordKind::Shipment,
    RecordKind::Invoice,
    RecordKind::CreditNote,
    RecordKind::Transfer,
    RecordKind::Adjustment,
    RecordKind::Count,
    RecordKind::PickList,
    RecordKind::Package,
    RecordKind::CustomerReturn,
    RecordKind::Claim,
    RecordKind::Refund,
    RecordKind::Payment,
    RecordKind::BlindReceipt,
    RecordKind::UnknownGoods,
    RecordKind::Item,
    RecordKind::Partner,
    RecordKind::Warehouse,
];

impl RecordKind {
    /// What a caller needs to see records of this kind.
    pub(crate) fn permission(self) -> Permission {
        match self {
            RecordKind::PurchaseOrder
            | RecordKind::Receipt
            | RecordKind::Bill
            | RecordKind::SupplierReturn => purchasing::READ,
            RecordKind::SalesOrder
            | RecordKind::Shipment
            | RecordKind::Invoice
            | RecordKind::CreditNote => sales::READ,
            RecordKind::Transfer | RecordKind::Adjustment | RecordKind::Warehouse => stock::READ,
            RecordKind::Count => counting::READ,
            RecordKind::PickList | RecordKind::Package => picking::READ,
            RecordKind::CustomerReturn | RecordKind::Claim | RecordKind::Refund => quality::READ,
            RecordKind::Payment => payments::READ,
            RecordKind::BlindReceipt | RecordKind::UnknownGoods => receiving::READ,
            RecordKind::Item => catalog::READ,
            RecordKind::Partner => partners::READ,
        }
    }

    fn statement(self) -> &'static Statement {
        match self {
            RecordKind::PurchaseOrder => &tables::PURCHASE_ORDER,
            RecordKind::Receipt => &tables::RECEIPT,
            RecordKind::Bill => &tables::BILL,
            RecordKind::SupplierReturn => &tables::SUPPLIER_RETURN,
            RecordKind::SalesOrder => &tables::SALES_ORDER,
            RecordKind::Shipment => &tables::SHIPMENT,
            RecordKind::Invoice => &tables::INVOICE,
            RecordKind::CreditNote => &tables::CREDIT_NOTE,
            RecordKind::Transfer => &tables::TRANSFER,
            RecordKind::Adjustment => &tables::ADJUSTMENT,
            RecordKind::Count => &tables::COUNT_SHEET,
            RecordKind::PickList => &tables::PICK_LIST,
            RecordKind::Package => &tables::PACKAGE,
            RecordKind::CustomerReturn => &tables::CUSTOMER_RETURN,
            RecordKind::Claim => &tables::CLAIM,
            RecordKind::Refund => &tables::REFUND,
            RecordKind::Payment => &tables::PAYMENT,
            RecordKind::BlindReceipt => &tables::BLIND_RECEIPT,
            RecordKind::UnknownGoods => &tables::UNKNOWN_GOODS,
            RecordKind::Item => &tables::ITEM,
            RecordKind::Partner => &tables::PARTNER,
            RecordKind::Warehouse => &tables::WAREHOUSE,
        }
    }
}

/// How a record is named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum RecordKey {
    /// By its id.
    Id(i64),
    /// By what people call it, as in `PO-000123`.
    Name(String),
}

/// Why a record is not told.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum RecordError {
    /// The caller may not see such records.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is none.
    #[error("there is no {kind} {key}")]
    NotFound {
        /// The kind asked for.
        kind: String,
        /// The id or name asked for.
        key: String,
    },
    /// There are several of that name.
    #[error("there are several records {kind} named {name}; give the id")]
    Several {
        /// The kind asked for.
        kind: RecordKind,
        /// The name asked for.
        name: String,
    },
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for RecordError {
    fn problem(&self) -> Problem {
        match self {
            RecordError::Denied(error) => error.problem(),
            RecordError::NotFound { .. } => {
                Problem::not_found("record_not_found", self.to_string())
            }
            RecordError::Several { .. } => {
                Problem::refused("record_not_unique", self.to_string()).with_field("record_id")
            }
            RecordError::Store(error) => error.problem(),
        }
    }
}

/// The record of a kind with an id or name, when the caller may see it.
///
/// # Errors
/// The first broken rule in the order of [`RecordError`].
pub fn find_record(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    kind: RecordKind,
    key: &RecordKey,
) -> Result<Record, RecordError> {
    let permission = kind.permission();
    ctx.require_somewhere(permission)?;
    let (id, name) = match key {
        RecordKey::Id(id) => (*id, None),
        RecordKey::Name(name) => (-1, Some(name.as_str()).filter(|name| !name.contains('\0'))),
    };
    let mut found = tables::find(tx, ctx.company_id, kind.statement(), id, name)?;
    if found.len() > 1 {
        return Err(RecordError::Several { kind, name: name.unwrap_or_default().to_owned() });
    }
    let missing = || RecordError::NotFound {
        kind: kind.word().replace('_', " "),
        key: name.map_or_else(|| id.to_string(), str::to_owned),
    };
    let (id, name, warehouse_id) = found.pop().ok_or_else(missing)?;
    match warehouse_id {
        Some(warehouse_id) => ctx.require_in(permission, warehouse_id)?,
        None => ctx.require(permission)?,
    }
    Ok(Record { kind: kind.word().to_owned(), id, name })
}

/// The kinds of which the caller may see every record.
pub(crate) fn seen(ctx: &Ctx) -> Vec<&'static str> {
    KINDS.iter().filter(|kind| ctx.holds(kind.permission())).map(|kind| kind.word()).collect()
}
