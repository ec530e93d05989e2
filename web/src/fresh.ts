// What is shown and may have changed is asked again: by area, and not what takes long to tell.
import { queries } from "./queries";

/** What is asked again only by hand, or when it is old. */
const BY_HAND = ["checks", "imports", "rehearsal"];

/** What is changed in one area alone, by the first part of its path. All else is changed by all. */
const OWN: Record<string, string> = {
  "api-keys": "identity",
  grants: "identity",
  roles: "identity",
  sessions: "identity",
  users: "identity",
  barcodes: "catalog",
  categories: "catalog",
  "item-import-lines": "catalog",
  "item-imports": "catalog",
  items: "catalog",
  kits: "catalog",
  packagings: "catalog",
  scans: "catalog",
  units: "catalog",
  customers: "partners",
  "partner-import-lines": "partners",
  "partner-imports": "partners",
  partners: "partners",
  suppliers: "partners",
  accounts: "accounting",
  "tax-codes": "accounting",
  "tax-rates": "accounting",
  "exchange-rates": "accounting",
  "locked-periods": "accounting",
  locks: "accounting",
  "count-classes": "counting",
  "count-profiles": "counting",
  "inspection-rules": "purchasing",
  offers: "purchasing",
  places: "stock",
  "putaway-rules": "stock",
  reasons: "stock",
  "transfer-lead-times": "stock",
  warehouses: "stock",
  channels: "sales",
  rankings: "fulfilment",
};

const ownArea = (path: string) => OWN[path.replace("/api/v1/", "").split(/[/?]/)[0] ?? ""];

/** The areas that a verb changes something in: its own, or whatever work touches. */
export function areasOf(path: string): string[] {
  return [ownArea(path) ?? "work"];
}

/** Whether what was asked may be another answer after something was done in these areas. */
function concerns(key: readonly unknown[], areas: string[] | undefined): boolean {
  const [name = "", path = ""] = key.map(String);
  if (BY_HAND.includes(name)) return false;
  if (!areas || name === "trail" || /audit$|approvals(\/history)?$/.test(path)) return true;
  if (name === "session") return areas.includes("identity");
  const area = ownArea(path);
  // What is no master data follows from all of it, but not from who may sign in.
  return area ? areas.includes(area) : areas.some((one) => one !== "identity");
}

/** Asks again for what may have changed in these areas; in all when none are named. */
export function askAgain(areas?: string[]): Promise<void> {
  return queries.invalidateQueries({ predicate: ({ queryKey }) => concerns(queryKey, areas) });
}
