// The kinds of documents that somebody has to agree to, and where each is shown.
export const APPROVAL_KINDS = [
  "purchase_order",
  "stock_adjustment",
  "count",
  "refund",
  "bank_details",
] as const;

/** Kinds that have a page of their own, by the id of the document. */
const RECORDS: Record<string, string> = {
  purchase_order: "/buying/orders",
  count: "/stock/counts",
  bank_details: "/data/partners",
};

/** Kinds that are shown in a list. */
const LISTS: Record<string, string> = {
  stock_adjustment: "/stock/adjustments",
  refund: "/sales/refunds",
};

/** The address of what an approval is of. */
export function subjectAddress(of: { kind: string; subject_id: string }): string | undefined {
  const under = RECORDS[of.kind];
  return under ? `${under}/${of.subject_id}` : LISTS[of.kind];
}
