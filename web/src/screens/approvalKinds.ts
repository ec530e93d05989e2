// The kinds of documents that somebody has to agree to, and where each is shown.
import { recordAddress } from "../house/records";

export const APPROVAL_KINDS = [
  "purchase_order",
  "stock_adjustment",
  "count",
  "refund",
  "bank_details",
] as const;

/** Kinds that are shown in a list. */
const LISTS: Record<string, string> = {
  stock_adjustment: "/stock/adjustments",
  refund: "/sales/refunds",
};

/** The address of what an approval is of. */
export function subjectAddress(of: { kind: string; subject_id: string }): string | undefined {
  // Bank details are the partner's.
  const kind = of.kind === "bank_details" ? "partner" : of.kind;
  return recordAddress(kind, of.subject_id) ?? LISTS[of.kind];
}
