// What a scanned code is, told from what was taken along: a barcode, a GS1 code with its fields, or
// an SKU, in the order in which the server tells it.
import type { Schemas } from "../api/client";
import { times } from "./decimal";

export type KnownItem = Schemas["ItemCodes"];

export interface Told {
  item: KnownItem;
  /** How many stock units one scan counts for. */
  quantity: string;
  packaging: string;
  lot?: string;
  expiresOn?: string;
}

const SEPARATOR = "\u001d";
const FIXED: Record<string, number> = {
  "00": 18,
  "01": 14,
  "02": 14,
  "03": 14,
  11: 6,
  12: 6,
  13: 6,
  15: 6,
  16: 6,
  17: 6,
  20: 2,
};
/** Fields that we use, and those that may stand before them. */
const KNOWN = /^(0[0-3]|1[0-7]|2[0-2]|30|37)/;

const bare = (text: string): string => (text.startsWith(SEPARATOR) ? bare(text.slice(1)) : text);

/** The fields of a GS1 code as scanners send it; nothing when it is none. */
function fieldsOf(code: string): Map<string, string> | undefined {
  let rest = bare(code.replace(/^\](C1|e0|d2|Q3|J1)/, ""));
  if (rest.startsWith("(")) {
    const parts = [...rest.matchAll(/\((\d{2,4})\)([^(]+)/g)];
    return new Map(parts.map(([, number = "", value = ""]) => [number, value.trim()]));
  }
  const fields = new Map<string, string>();
  while (rest) {
    const number = KNOWN.exec(rest)?.[0];
    if (!number) return undefined;
    const after = rest.slice(number.length);
    const end = FIXED[number] ?? (after.indexOf(SEPARATOR) + 1 || after.length + 1) - 1;
    const value = after.slice(0, end);
    if (!value || value.length < (FIXED[number] ?? 1)) return undefined;
    fields.set(number, value);
    rest = bare(after.slice(end));
  }
  return fields;
}

/** A day as `301231`; day 00 is the last of the month. */
function dayOf(value: string | undefined): string | undefined {
  const [, year, month, day] = /^(\d\d)(\d\d)(\d\d)$/.exec(value ?? "") ?? [];
  if (!year || !month || !day) return undefined;
  const last = new Date(Date.UTC(2000 + Number(year), Number(month), 0)).getUTCDate();
  return `20${year}-${month}-${day === "00" ? last : day}`;
}

/** Trade numbers of eight to fourteen digits are one number. */
const same = (code: string) => (/^\d{8,14}$/.test(code) ? code.padStart(14, "0") : code);

/** Tells what a code is; nothing when no item that was taken along has it. */
export function tell(items: KnownItem[], scanned: string): Told | undefined {
  const code = scanned.trim();
  const by = (wanted: string): Told | undefined => {
    for (const item of items) {
      const found = item.codes.find((one) => same(one.code) === same(wanted));
      if (found) return { item, quantity: found.quantity, packaging: found.packaging };
    }
    return undefined;
  };
  const own = by(code);
  if (own) return own;
  const fields = fieldsOf(code);
  const trade = fields?.get("01") ?? fields?.get("02");
  const found = trade && by(trade);
  if (found && fields) {
    const count = fields.get("30") ?? fields.get("37");
    const quantity = count ? times(found.quantity, count) : found.quantity;
    const expiresOn = dayOf(fields.get("17") ?? fields.get("15"));
    return { ...found, quantity, lot: fields.get("21") ?? fields.get("10"), expiresOn };
  }
  const item = items.find((one) => one.sku === code);
  return item && { item, quantity: "1", packaging: "" };
}
