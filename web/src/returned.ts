// Why customers send goods back, and what becomes of these, as the contract has them.
import type { Schemas } from "./api/client";

/** The likeliest first. */
export const RETURN_REASONS = [
  "changed_mind",
  "damaged",
  "defective",
  "wrong_item",
  "not_as_described",
  "late",
  "undelivered",
  "other",
] as const satisfies readonly Schemas["ReturnReason"][];

export const DISPOSITIONS = [
  "restock",
  "second_grade",
  "scrap",
  "supplier_claim",
  "back_to_customer",
] as const satisfies readonly Schemas["Disposition"][];
