// Goods that are entered line by line, by scan or by hand, before they are booked in one act.
import { Refusal } from "../../api/client";
import { typeDecimal } from "../../format";
import { type KnownItem, tell } from "../../shift/codes";
import { plus, times } from "../../shift/decimal";
import type { Say } from "../../words";
import type { Scanned } from "../Scan";

/** A line of the document that goods are entered of. */
export interface Goods {
  line: number;
  sku: string;
  name: string;
  unit: string;
  /** How much is still expected. */
  expected: string;
}

/** Goods as they were entered. */
export interface Entered<O extends string> {
  id: string;
  line: number;
  sku: string;
  lot: string;
  expiresOn: string;
  /** As it was typed. */
  quantity: string;
  outcome: O;
  reason: string;
}

export interface Draft<O extends string> {
  rows: Entered<O>[];
  note: string;
  /** When it happened; empty for today. */
  day: string;
}

export function entered<O extends string>(of: Goods, outcome: O, quantity: string): Entered<O> {
  const { line, sku } = of;
  const id = crypto.randomUUID();
  return { id, line, sku, lot: "", expiresOn: "", quantity, outcome, reason: "" };
}

interface Reading {
  say: Say;
  locale: string;
  decimal: (typed: string) => string | undefined;
  goods: Goods[];
  items: KnownItem[];
  /** Whether lots are told apart. */
  lots: boolean;
}

/** The goods of a scan: of which line, how many and of which lot; it is refused in words. */
export function scannedGoods(scan: Scanned, { say, goods, items, lots }: Reading) {
  const no = (code: string, text: string) => new Refusal(code, text, 422, undefined);
  const told = tell(items, scan.code);
  if (!told) throw no("unknown", say("scan.unknown", { code: scan.code }));
  const { item, expiresOn = "" } = told;
  const lines = goods.filter(({ sku }) => sku === item.sku);
  const of = lines.find(({ expected }) => !/^0*(\.0*)?$/.test(expected)) ?? lines[0];
  if (!of) throw no("not_here", say("shift.notOnDocument", { sku: item.sku }));
  const lot = scan.lot ?? told.lot ?? "";
  if (lots && item.tracking !== "none" && !lot) {
    throw no("lot_missing", say("shift.lotMissing", { sku: item.sku }));
  }
  return { of, lot, expiresOn, quantity: times(told.quantity, scan.quantity ?? "1") };
}

/** What was entered, with what was scanned added to it. */
export function added<O extends string>(
  rows: Entered<O>[],
  scan: ReturnType<typeof scannedGoods>,
  outcome: O,
  { decimal, locale }: Pick<Reading, "decimal" | "locale">,
): Entered<O>[] {
  const { of, lot, expiresOn, quantity } = scan;
  const same = (row: Entered<O>) =>
    row.line === of.line && row.lot === lot && row.outcome === outcome;
  const before = rows.find(same);
  if (!before) {
    const fresh = entered(of, outcome, typeDecimal(quantity, locale));
    return [...rows, { ...fresh, lot, expiresOn }];
  }
  const sum = typeDecimal(plus(decimal(before.quantity) ?? "0", quantity), locale);
  return rows.map((row) => (row === before ? { ...row, quantity: sum } : row));
}
