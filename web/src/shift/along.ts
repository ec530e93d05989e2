// What is taken along for a shift: the documents of a warehouse that somebody works on, as far as
// their work needs them, and what is to be known of their items.
import { type Filters, type ListPath, list, type Row, record, type Schemas } from "../api/client";
import type { KnownItem } from "./codes";

type Order = Schemas["OrderDetail"];
type OrderLine = Order["lines"][number];
type Sheet = Row<"/api/v1/counts">;
type SheetLine = Row<"/api/v1/count-lines">;
type Transfer = Schemas["TransferDetail"];
type Reason = Row<"/api/v1/reasons">;

export type ShiftOrder = Pick<Order, "order_id" | "number" | "supplier_name"> & {
  lines: Pick<OrderLine, "line" | "sku" | "name" | "due" | "stock_unit">[];
};
export type ShiftCount = Pick<Sheet, "count_id" | "number" | "memo"> & {
  lines: Pick<SheetLine, "line" | "place" | "sku" | "name" | "lot" | "state" | "again">[];
};
export type ShiftPick = Schemas["PickListDetail"];
/** Goods that wait at receiving places, and the places that they can go to. */
export interface ShiftPutAway {
  lines: Row<"/api/v1/goods-to-put-away">[];
  places: string[];
}
export type ShiftTransfer = Pick<Transfer, "head" | "lines">;

export interface Shift {
  warehouse: string;
  /** Until when the orders that were taken along are due. */
  dueBy: string;
  takenAt: string;
  orders: ShiftOrder[];
  counts: ShiftCount[];
  picks: ShiftPick[];
  /** None for who puts nothing away. */
  putAway?: ShiftPutAway;
  transfers: ShiftTransfer[];
  reasons: Pick<Reason, "code" | "name">[];
  items: KnownItem[];
}

type May = (permission: string) => boolean;

/** How many documents of a sort are taken along at most. */
const MOST = 200;
const PAGE = "200";
const AT_ONCE = 6;
const RECEIVABLE = ["approved", "sent", "acknowledged"];

/** A list to its end. */
async function whole<P extends ListPath>(path: P, query: Filters<P>): Promise<Row<P>[]> {
  const lines: Row<P>[] = [];
  let cursor: string | undefined;
  do {
    const page = await list(path, { ...query, limit: PAGE, ...(cursor && { cursor }) });
    lines.push(...page.lines);
    cursor = page.next_cursor;
  } while (cursor);
  return lines;
}

/** One answer after the other, a few at once. */
async function each<A, B>(all: A[], ask: (one: A) => Promise<B>): Promise<B[]> {
  const found: B[] = [];
  for (let at = 0; at < all.length; at += AT_ONCE) {
    found.push(...(await Promise.all(all.slice(at, at + AT_ONCE).map(ask))));
  }
  return found;
}

export async function orderOf(id: string): Promise<ShiftOrder> {
  const { order_id, number, supplier_name, lines } = await record(
    "/api/v1/purchase-orders/{id}",
    id,
  );
  const needed = ({ line, sku, name, due, stock_unit }: OrderLine) => {
    return { line, sku, name, due, stock_unit };
  };
  return { order_id, number, supplier_name, lines: lines.map(needed) };
}

export async function countOf(sheet: Pick<Sheet, "count_id" | "number" | "memo">) {
  const { count_id, number, memo } = sheet;
  const lines = await whole("/api/v1/count-lines", { count_id });
  const needed = ({ line, place, sku, name, lot, state, again }: SheetLine) => {
    return { line, place, sku, name, lot, state, again };
  };
  return { count_id, number, memo, lines: lines.map(needed) };
}

export const pickOf = (id: string) => record("/api/v1/pick-lists/{id}", id);

export async function transferOf(id: string): Promise<ShiftTransfer> {
  const { head, lines } = await record("/api/v1/transfers/{id}", id);
  return { head, lines };
}

/** What waits at the receiving places of a warehouse. */
export const dockOf = (warehouse: string) => whole("/api/v1/goods-to-put-away", { warehouse });

/** The places of a warehouse that goods may be put away to. */
export async function shelvesOf(warehouse: string): Promise<string[]> {
  const all = await whole("/api/v1/places", { warehouse, kind: "internal" });
  // What is put away may be sold: what may not is somebody's decision, not a place's.
  const places = all.filter((one: Row<"/api/v1/places">) => one.class === "normal");
  return places.map(({ path }: Row<"/api/v1/places">) => path);
}

/** What waits as it is now; its places are many, and are read once, when there is something to put there. */
export async function putAwayOf(warehouse: string, known: string[]): Promise<ShiftPutAway> {
  const lines = await dockOf(warehouse);
  const isKnown = known.length > 0 || lines.length === 0;
  return { lines, places: isKnown ? known : await shelvesOf(warehouse) };
}

/** What has to be known of items. */
export async function itemsOf(skus: string[]): Promise<KnownItem[]> {
  const parts: string[][] = [];
  for (let at = 0; at < skus.length; at += 100) parts.push(skus.slice(at, at + 100));
  const found = await each(parts, (part) => list("/api/v1/item-codes", { skus: part.join("\n") }));
  return found.flatMap(({ lines }) => lines);
}

const none = () => Promise.resolve([]);

/** Asks the server for all that somebody works on in a warehouse. */
export async function takeAlong(
  { warehouse, dueBy, userId }: { warehouse: string; dueBy: string; userId: string },
  may: May,
  takenAt: string,
): Promise<Shift> {
  const canReceive = may("purchasing.receive") && may("purchasing.read");
  const canCount = may("counting.count") && may("counting.read");
  const canPick = may("picking.pick") && may("picking.read");
  const canPutAway = may("stock.put_away") && may("stock.read");
  const [open, sheets, lists, out, coming, reasons, putAway] = await Promise.all([
    canReceive ? whole("/api/v1/purchase-orders", { open: "true" }) : none(),
    canCount ? whole("/api/v1/counts", { warehouse, state: "open" }) : none(),
    canPick
      ? whole("/api/v1/pick-lists", { warehouse, active: "true", picker_id: userId })
      : none(),
    may("stock.send_transfer") && may("stock.read")
      ? whole("/api/v1/transfers", { from: warehouse, state: "planned" })
      : none(),
    may("stock.receive_transfer") && may("stock.read")
      ? whole("/api/v1/transfers", { to: warehouse, state: "under_way" })
      : none(),
    may("stock.read") ? list("/api/v1/reasons", {}).then(({ lines }) => lines) : none(),
    canPutAway ? putAwayOf(warehouse, []) : undefined,
  ]);
  const due = open.filter(
    (one: Row<"/api/v1/purchase-orders">) =>
      one.warehouse === warehouse &&
      RECEIVABLE.includes(one.state) &&
      one.received !== "fully" &&
      (!one.next_due || one.next_due <= dueBy),
  );
  const orders = await each(due.slice(0, MOST), (one) => orderOf(one.order_id));
  const counts = await each(sheets.slice(0, MOST), countOf);
  const picks = await each(lists.slice(0, MOST), (one) => pickOf(one.list_id));
  const transfers = await each([...out, ...coming].slice(0, MOST), (one) =>
    transferOf(one.transfer_id),
  );
  const documents = [...orders, ...counts, ...picks, ...transfers, ...(putAway ? [putAway] : [])];
  const skus = new Set(documents.flatMap(({ lines }) => lines.map(({ sku }) => sku)));
  const items = may("catalog.read") ? await itemsOf([...skus]) : [];
  const inUse = reasons.filter((one: Reason) => one.active && !one.must_explain);
  return {
    warehouse,
    dueBy,
    takenAt,
    orders,
    counts,
    picks,
    putAway,
    transfers,
    reasons: inUse.map(({ code, name }: Reason) => ({ code, name })),
    items,
  };
}
