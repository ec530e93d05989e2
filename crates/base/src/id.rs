//! Typed ids: an id of one kind never passes for another.

use std::fmt::{self, Debug};
use std::hash::Hash;

use crate::NumberError;
use crate::wire::text;

/// The number of a row, typed by what the row is. In JSON a string of digits, since a JavaScript
/// number cannot hold every one.
pub trait Id: Copy + Eq + Hash + Ord + Debug {
    /// What the row is, in snake_case: `purchase_order`.
    const KIND: &'static str;

    /// The id with this number.
    fn from_raw(raw: i64) -> Self;

    /// The number of this id.
    fn raw(self) -> i64;
}

macro_rules! ids {
    ($d:tt $($(#[$doc:meta])* $name:ident = $kind:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(i64);

        impl Id for $name {
            const KIND: &'static str = $kind;

            fn from_raw(raw: i64) -> Self {
                $name(raw)
            }

            fn raw(self) -> i64 {
                self.0
            }
        }

        impl $name {
            fn parse(text: &str) -> Result<Self, NumberError> {
                digits(text).map($name)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        as_text!(
            $name,
            NumberError,
            "an id such as \"42\"",
            text("42")
                .pattern(Some("^[0-9]+$"))
                .description(Some(concat!("The id of: ", $kind)))
        );
    )+

        /// Calls a macro with the names of all typed ids, so that a floor above can teach each of
        /// them something that this floor does not know.
        #[macro_export]
        macro_rules! for_each_id {
            ($d callback:ident) => { $d callback! { $($name),+ } };
        }
    };
}

fn digits(text: &str) -> Result<i64, NumberError> {
    if text.is_empty() {
        Err(NumberError::Empty)
    } else if text.bytes().all(|byte| byte.is_ascii_digit()) {
        text.parse().map_err(|_| NumberError::OutOfRange)
    } else {
        Err(NumberError::NotANumber)
    }
}

// Alphabetical; only ever added to.
ids! { $
    /// An account of the ledger.
    AccountId = "account";
    /// A key with which a program signs in.
    ApiKeyId = "api_key";
    /// An approval, asked or given.
    ApprovalId = "approval";
    /// A rule of approval.
    ApprovalRuleId = "approval_rule";
    /// Goods of a transfer that arrived together.
    ArrivalId = "arrival";
    /// A part of them: what became of goods that one move sent.
    ArrivalLineId = "arrival_line";
    /// A row of the audit trail.
    AuditId = "audit";
    /// Other bank details of a partner, asked for or in force.
    BankChangeId = "bank_change";
    /// A barcode of an item.
    BarcodeId = "barcode";
    /// A batch of requests.
    BatchId = "batch";
    /// A supplier's bill.
    BillId = "bill";
    /// A line of a supplier's bill.
    BillLineId = "bill_line";
    /// Goods that are counted in without anybody seeing what was ordered.
    BlindReceiptId = "blind_receipt";
    /// A category of items.
    CategoryId = "category";
    /// A claim on a supplier.
    ClaimId = "claim";
    /// A company of ours.
    CompanyId = "company";
    /// A stock count.
    CountId = "count";
    /// A line of a stock count.
    CountLineId = "count_line";
    /// A credit note to a customer.
    CreditNoteId = "credit_note";
    /// A return of a customer.
    CustomerReturnId = "customer_return";
    /// A line of a return of a customer.
    CustomerReturnLineId = "customer_return_line";
    /// A span of days in which one user decides in another's name.
    DelegationId = "delegation";
    /// A fact on its way to a webhook.
    DeliveryId = "webhook_delivery";
    /// A demand for goods.
    DemandId = "demand";
    /// Goods of a transfer that left together.
    DispatchId = "dispatch";
    /// A part of them: what one move took of a line.
    DispatchLineId = "dispatch_line";
    /// A decision on returned goods.
    DispositionId = "disposition";
    /// A file that is attached to a record.
    DocumentId = "document";
    /// A journal entry.
    EntryId = "entry";
    /// A line of a journal entry.
    EntryLineId = "entry_line";
    /// An exchange rate of a day.
    ExchangeRateId = "exchange_rate";
    /// Goods expected in or out.
    ExpectationId = "expectation";
    /// A fact stated in the outbox.
    FactId = "fact";
    /// A hold on goods.
    HoldId = "hold";
    /// An inspection of goods.
    InspectionId = "inspection";
    /// A customer's invoice.
    InvoiceId = "invoice";
    /// A line of a customer's invoice.
    InvoiceLineId = "invoice_line";
    /// An item of the catalogue.
    ItemId = "item";
    /// A run of a job.
    JobRunId = "job_run";
    /// A key that makes a request happen once.
    KeyId = "key";
    /// A layer of stock value.
    LayerId = "layer";
    /// A lot or serial number.
    LotId = "lot";
    /// A mail that goes out.
    MailId = "mail";
    /// A move of goods.
    MoveId = "move";
    /// A supplier's offer.
    OfferId = "offer";
    /// The opening of a going company's books.
    OpeningId = "opening";
    /// An open item to be settled.
    OpenItemId = "open_item";
    /// A package of goods that were picked for an order.
    PackageId = "package";
    /// A packaging of an item.
    PackagingId = "packaging";
    /// A supplier, customer or both.
    PartnerId = "partner";
    /// A payment in or out.
    PaymentId = "payment";
    /// An accounting period.
    PeriodId = "period";
    /// A line of a pick list.
    PickLineId = "pick_line";
    /// A list of goods to be taken from their places.
    PickListId = "pick_list";
    /// What somebody took, or did not find, for a line of a pick list.
    PickScanId = "pick_scan";
    /// A place where goods lie.
    PlaceId = "place";
    /// A pool of stock value.
    PoolId = "pool";
    /// A proposal of what to order.
    ProposalId = "proposal";
    /// A line of a purchase order.
    PurchaseLineId = "purchase_line";
    /// A purchase order.
    PurchaseOrderId = "purchase_order";
    /// A reason given for a change.
    ReasonId = "reason";
    /// A receipt of goods.
    ReceiptId = "receipt";
    /// A line of a receipt.
    ReceiptLineId = "receipt_line";
    /// A refund to a customer.
    RefundId = "refund";
    /// Goods reserved for a demand.
    ReservationId = "reservation";
    /// A return of goods.
    ReturnId = "return";
    /// A role with its permissions.
    RoleId = "role";
    /// A decision from which warehouse an order is filled.
    RouteId = "route";
    /// A rule of replenishment.
    RuleId = "rule";
    /// A line of a sales order.
    SalesLineId = "sales_line";
    /// A sales order.
    SalesOrderId = "sales_order";
    /// A user's session.
    SessionId = "session";
    /// A shipment of goods.
    ShipmentId = "shipment";
    /// A line of a shipment.
    ShipmentLineId = "shipment_line";
    /// A row of stock: an item at a place.
    StockRowId = "stock_row";
    /// What is bought for a line of a sales order.
    SupplyId = "supply";
    /// A tax code.
    TaxCodeId = "tax_code";
    /// A transfer of goods between warehouses.
    TransferId = "transfer";
    /// A line of a transfer.
    TransferLineId = "transfer_line";
    /// A unit of measure.
    UnitId = "unit";
    /// Goods that arrived and of which the item or the order is not known.
    UnknownGoodsId = "unknown_goods";
    /// A user.
    UserId = "user";
    /// A warehouse.
    WarehouseId = "warehouse";
    /// A webhook that facts are delivered to.
    WebhookId = "webhook";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_knows_its_kind_and_number() {
        assert_eq!(PurchaseOrderId::KIND, "purchase_order");
        assert_eq!(ItemId::from_raw(7).raw(), 7);
        assert_eq!(ItemId::from_raw(7).to_string(), "7");
        assert_eq!(format!("{:?}", ItemId::from_raw(7)), "ItemId(7)");
        assert!(ItemId::from_raw(7) < ItemId::from_raw(8));
    }

    #[test]
    fn json_is_a_string_of_digits() {
        let most = ItemId::from_raw(i64::MAX);
        assert_eq!(serde_json::to_string(&most).unwrap(), r#""9223372036854775807""#);
        assert_eq!(serde_json::from_str::<ItemId>(r#""9223372036854775807""#).unwrap(), most);
        for bad in ["7", r#""""#, r#""-7""#, r#""+7""#, r#""7.0""#, r#""9223372036854775808""#] {
            let error = serde_json::from_str::<ItemId>(bad).unwrap_err().to_string();
            assert!(error.contains(r#"expected an id such as "42""#), "{error}");
        }
    }
}
