// Records by their kind: where each is shown, and which of them files are attached to.
import type { Schemas } from "../api/client";

export type RecordKind = Schemas["RecordKind"];

const PAGES: Record<string, string> = {
  purchase_order: "/buying/orders",
  sales_order: "/sales/orders",
  customer_return: "/sales/returns",
  transfer: "/stock/transfers",
  count: "/stock/counts",
  pick_list: "/stock/picks",
  package: "/stock/packages",
  blind_receipt: "/stock/blind-receipts",
  unknown_goods: "/stock/unknown-goods",
  item: "/stock/items",
  partner: "/data/partners",
  payment: "/books/payments",
};

/** The address of a record's own page, when its kind has one. */
export function recordAddress(kind: string, id: string): string | undefined {
  const under = PAGES[kind];
  return under && `${under}/${id}`;
}

/** The kinds that files are attached to. */
export const RECORD_KINDS = [
  "purchase_order",
  "receipt",
  "bill",
  "supplier_return",
  "sales_order",
  "shipment",
  "invoice",
  "credit_note",
  "transfer",
  "adjustment",
  "count",
  "pick_list",
  "package",
  "customer_return",
  "claim",
  "refund",
  "payment",
  "blind_receipt",
  "unknown_goods",
  "item",
  "partner",
  "warehouse",
] as const satisfies readonly RecordKind[];

/** The kind as files know it; none when no files are attached to such records. */
export function kindWithFiles(kind: string): RecordKind | undefined {
  return RECORD_KINDS.find((one) => one === kind);
}

/** What a file may be. */
export const DOCUMENT_TYPES = [
  "order_confirmation",
  "delivery_note",
  "bill",
  "photo_of_damage",
  "photo",
  "count_evidence",
  "certificate",
  "test_report",
  "customs",
  "contract",
  "price_list",
  "data_sheet",
  "label",
  "correspondence",
  "other",
] as const satisfies readonly Schemas["DocumentType"][];
