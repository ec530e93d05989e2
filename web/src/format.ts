// Numbers and days as the reader writes them. Decimals stay text: nothing here reckons.
import type { Schemas } from "./api/client";

type Decimal = `${number}`;

function make(locale: string, zone: string | undefined) {
  const plain = new Intl.NumberFormat(locale, { maximumFractionDigits: 6 });
  const price = new Intl.NumberFormat(locale, {
    minimumFractionDigits: 2,
    maximumFractionDigits: 6,
  });
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 7 });
  const ratio = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
  const share = new Intl.NumberFormat(locale, {
    style: "unit",
    unit: "percent",
    maximumFractionDigits: 1,
  });
  const rate = new Intl.NumberFormat(locale, { maximumFractionDigits: 9 });
  const day = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" });
  const moment = new Intl.DateTimeFormat(locale, {
    dateStyle: "medium",
    timeStyle: "short",
    timeZone: zone,
  });
  const currencies = new Map<string, Intl.NumberFormat>();
  const currency = (code: string) => {
    let found = currencies.get(code);
    if (!found) {
      found = new Intl.NumberFormat(locale, { style: "currency", currency: code });
      currencies.set(code, found);
    }
    return found;
  };
  return {
    quantity: (text: string) => plain.format(text as Decimal),
    price: (text: string) => price.format(text as Decimal),
    percent: (text: string) => percent.format(text as Decimal),
    ratio: (text: string) => ratio.format(text as Decimal),
    rate: (text: string) => rate.format(text as Decimal),
    share: (text: string) => share.format(text as Decimal),
    count: (count: number) => plain.format(count),
    money: (money: Schemas["Money"]) => currency(money.currency).format(money.amount as Decimal),
    day: (text: string) => day.format(new Date(`${text}T00:00:00Z`)),
    moment: (text: string) => moment.format(new Date(text)),
  };
}

export type Formats = ReturnType<typeof make>;

const made = new Map<string, Formats>();

/**
 * Formatting in a language and, for moments, a time zone: made once, for every cell of a list asks for
 * it, and the browser takes longer to make a format than to use it.
 */
export function formats(locale: string, zone: string | undefined): Formats {
  const key = `${locale} ${zone ?? ""}`;
  const found = made.get(key) ?? make(locale, zone);
  made.set(key, found);
  return found;
}

/** Whether a decimal text is zero. */
export function isZero(text: string): boolean {
  return /^-?0*(\.0*)?$/.test(text);
}

/** Whether a decimal text is below zero. */
export function isNegative(text: string): boolean {
  return text.startsWith("-") && !isZero(text);
}

/** The same amount seen from the other side of the ledger. */
export function otherSide(money: Schemas["Money"]): Schemas["Money"] {
  const { amount } = money;
  if (isZero(amount)) return money;
  return { ...money, amount: amount.startsWith("-") ? amount.slice(1) : `-${amount}` };
}

/** How many decimals quantities and prices have at the most. */
const DECIMALS = 6;

/** A decimal as a reader of the locale typed it, as the contract writes it; none when it is none. */
export function readDecimal(typed: string, locale: string, most = DECIMALS): string | undefined {
  const parts = new Intl.NumberFormat(locale).formatToParts(1234567.8);
  const sign = (type: string) => parts.find((part) => part.type === type)?.value ?? "";
  const [group, decimal] = [sign("group"), sign("decimal")];
  const text = typed.replace(/\s/g, "");
  const [whole = "", ...rest] = text.split(decimal);
  const groups = whole.replace(/^-/, "").split(group);
  const grouped = groups.length > 1 && groups.slice(1).every((part) => /^\d{3}$/.test(part));
  const plain = grouped
    ? [whole.replaceAll(group, ""), ...rest].join(".")
    : text.replace(decimal, ".");
  const found = /^-?\d+(?:\.(\d+))?$/.exec(plain);
  return found && (found[1] ?? "").length <= most ? plain : undefined;
}

/** What is written in percent, as the fraction that it is: the point moves by two places. */
export function ofPercent(text: string): string {
  const [, sign = "", whole = "", part = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  const digits = whole.padStart(3, "0");
  return `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}${part}`;
}

/** A decimal of the contract as a reader of the locale types it. */
export function typeDecimal(text: string, locale: string): string {
  const parts = new Intl.NumberFormat(locale).formatToParts(1.5);
  return text.replace(".", parts.find(({ type }) => type === "decimal")?.value ?? ".");
}

/** The last day of the month before a day: the one that is closed next, as a calendar tells it. */
export function lastOfMonthBefore(day: string): string {
  const first = new Date(`${day.slice(0, 8)}01T00:00:00Z`);
  first.setUTCDate(0);
  return first.toISOString().slice(0, 10);
}

/** A day so many days before another. */
function daysBefore(day: string, days: number): string {
  const found = new Date(`${day}T00:00:00Z`);
  found.setUTCDate(found.getUTCDate() - days);
  return found.toISOString().slice(0, 10);
}

/** A year of days, to the last of them. */
const YEAR = 365;

/** The days of a month, as `2026-01`, that are in a period; left out, it is the year to the last day. */
export function daysOfMonth(month: string, period: { from?: string; to?: string }, today: string) {
  const to = period.to ?? today;
  const from = period.from ?? daysBefore(to, YEAR - 1);
  const [year, number] = month.split("-").map(Number);
  const last = new Date(Date.UTC(year ?? 0, number ?? 0, 0)).toISOString().slice(0, 10);
  const first = `${month}-01`;
  // Days as texts sort as days do.
  const [, from_day = from] = [first, from].sort();
  const [to_day = to] = [last, to].sort();
  return { from_day, to_day };
}
