// Goods that wait to be put away, less what was put away and the server does not know of yet, and the
// place that the rest of them goes to next.
import type { Row } from "../api/client";
import { isZero } from "../format";
import { left } from "../shift/decimal";

type Waiting = Row<"/api/v1/goods-to-put-away">;

interface Next {
  place: string;
  quantity: string;
  /** The rule that names the place; none where no rule has room. */
  rule?: { priority: number; room: string };
}

export interface Goods {
  id: string;
  of: Waiting;
  /** How much of them still waits. */
  left: string;
  next: Next;
}

/** What was put away. */
export interface Put {
  id: string;
  to: string;
  quantity: string;
}

type Shelf = { place: string; sku: string; lot?: string | null };

/** By what goods are told apart: the place where they lie, the item and the lot. */
export const goodsId = ({ place, sku, lot }: Shelf) => JSON.stringify([place, sku, lot ?? ""]);

const least = (one: string, other: string) => left(one, left(one, other));

function nextPlace({ places, otherwise }: Waiting, rest: string, puts: Put[]): Next {
  for (const { place, quantity, priority, room } of places) {
    const taken = puts.filter(({ to }) => to === place).map((put) => put.quantity);
    const open = left(quantity, ...taken);
    if (isZero(open)) continue;
    return { place, quantity: least(rest, open), rule: { priority, room: left(room, ...taken) } };
  }
  return { place: otherwise, quantity: rest };
}

/** What still waits of all lines, in their order. */
export function goodsLeft(lines: Waiting[], puts: Put[]): Goods[] {
  return lines.flatMap((of) => {
    const id = goodsId(of);
    const own = puts.filter((put) => put.id === id);
    const rest = left(of.to_put_away, ...own.map(({ quantity }) => quantity));
    return isZero(rest) ? [] : [{ id, of, left: rest, next: nextPlace(of, rest, own) }];
  });
}
