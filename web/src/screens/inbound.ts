// What is to come, by day: lines of orders that are still due, and transfers on their way.
import { list, type Row } from "../api/client";

/** Something that arrives on a day. */
export interface Arrival {
  key: string;
  day: string;
  /** Where it is shown. */
  to: string;
  number: string;
  from: string;
  warehouse: string;
  /** Of how many lines something is due. */
  lines: number;
  kind: "order" | "transfer";
}

interface Asked {
  /** The last day that is looked at. */
  through: string;
  /** The warehouse's code; all when empty. */
  warehouse: string;
  mayOrders: boolean;
  mayTransfers: boolean;
}

const PAGE = "200";
/** How many pages of lines are read: what comes after them is said to be left out. */
const MOST_PAGES = 10;

async function orders({ through, warehouse }: Asked) {
  const found = new Map<string, Arrival>();
  const query = { to_day: through, limit: PAGE, ...(warehouse && { warehouse }) };
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const asked = { ...query, ...(cursor && { cursor }) };
    const { lines, next_cursor } = await list("/api/v1/reports/open-purchase-lines", asked);
    for (const line of lines) {
      const key = `${line.order_id} ${line.expected_on}`;
      const known = found.get(key);
      found.set(key, {
        key,
        day: line.expected_on,
        to: `/buying/orders/${line.order_id}`,
        number: line.number,
        from: line.supplier_name || line.supplier,
        warehouse: line.warehouse,
        lines: (known?.lines ?? 0) + 1,
        kind: "order",
      });
    }
    cursor = next_cursor;
    if (!cursor) break;
  }
  return { arrivals: [...found.values()], isCut: cursor !== undefined };
}

/** Transfers of a state that arrive through a day; whether there may be more than was read. */
async function moving({ through, warehouse }: Asked, state: "planned" | "under_way") {
  const found: Row<"/api/v1/transfers">[] = [];
  const query = { state, limit: PAGE, ...(warehouse && { to: warehouse }) };
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const asked = { ...query, ...(cursor && { cursor }) };
    const { lines, next_cursor } = await list("/api/v1/transfers", asked);
    found.push(...lines.filter(({ arrive_on }) => arrive_on <= through));
    // The list is by the day of arrival: after a later one nothing earlier comes.
    cursor = lines.some(({ arrive_on }) => arrive_on > through) ? undefined : next_cursor;
    if (!cursor) break;
  }
  return { found, isCut: cursor !== undefined };
}

async function transfers(asked: Asked) {
  const read = await Promise.all([moving(asked, "planned"), moving(asked, "under_way")]);
  const arrivals = read
    .flatMap(({ found }) => found)
    .map(
      (row): Arrival => ({
        key: row.transfer_id,
        day: row.arrive_on,
        to: `/stock/transfers/${row.transfer_id}`,
        number: row.number,
        from: row.from,
        warehouse: row.to,
        lines: 0,
        kind: "transfer",
      }),
    );
  return { arrivals, isCut: read.some(({ isCut }) => isCut) };
}

const NONE: { arrivals: Arrival[]; isCut: boolean } = { arrivals: [], isCut: false };

/** All that arrives through a day; of which there is more than was read. */
export async function arrivals(asked: Asked) {
  const [bought, moved] = await Promise.all([
    asked.mayOrders ? orders(asked) : NONE,
    asked.mayTransfers ? transfers(asked) : NONE,
  ]);
  return {
    arrivals: [...bought.arrivals, ...moved.arrivals],
    isCut: { orders: bought.isCut, transfers: moved.isCut },
  };
}

/** What arrives, by the day on which it does. */
export function byDay(all: Arrival[]): Map<string, Arrival[]> {
  const found = new Map<string, Arrival[]>();
  for (const one of all) found.set(one.day, [...(found.get(one.day) ?? []), one]);
  return found;
}

const parse = (day: string) => new Date(`${day}T00:00:00Z`);
const write = (date: Date) => date.toISOString().slice(0, 10);

/** The month that many after a month, as `2026-01`. */
export function monthAfter(month: string, by: number): string {
  const first = parse(`${month}-01`);
  first.setUTCMonth(first.getUTCMonth() + by);
  return write(first).slice(0, 7);
}

/** The weeks that a month lies in, from Monday on, each with its seven days. */
export function weeksOf(month: string): string[][] {
  const at = parse(`${month}-01`);
  at.setUTCDate(at.getUTCDate() - ((at.getUTCDay() + 6) % 7));
  const weeks: string[][] = [];
  do {
    const week: string[] = [];
    for (let day = 0; day < 7; day += 1) {
      week.push(write(at));
      at.setUTCDate(at.getUTCDate() + 1);
    }
    weeks.push(week);
  } while (write(at).slice(0, 7) === month);
  return weeks;
}
