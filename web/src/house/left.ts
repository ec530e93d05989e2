// The list that a record was opened from, as it was left: for the way back, and to the records beside it.
import { type Filters, type ListPath, list, type Row } from "../api/client";

/** Where the records of a list are: under an address, by the field that names them. */
export interface RecordsOf<R> {
  under: string;
  id: keyof R & string;
}

interface Left {
  /** The list's address. */
  list: string;
  /** The addresses of the page's records, in their order. */
  records: string[];
  /** How the server was led to the page, and to the next. */
  cursors: string[];
  next?: string;
  /** What the page was asked with. */
  asked: { path: ListPath; query: Record<string, string>; under: string; id: string };
  /** Whether one is on the way back to it. */
  back?: boolean;
}

const KEY = "purser.list";

/** Remembers a list for the records that are opened from it. */
export function leave(left: Left) {
  sessionStorage.setItem(KEY, JSON.stringify(left));
}

function isLeft(value: unknown): value is Left {
  return (
    typeof value === "object" && value !== null && ["list", "asked"].every((name) => name in value)
  );
}

export function lastLeft(): Left | undefined {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
    return isLeft(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The addresses of rows' records, each once: several rows may lead to one. */
export function addressesOf<R>(rows: R[], { under, id }: RecordsOf<R>): string[] {
  return [...new Set(rows.map((row) => `${under}/${String(row[id])}`))];
}

/** The page before or after the one that was left; none when it was the last. */
export async function turned(left: Left, by: 1 | -1): Promise<Left | undefined> {
  const { cursors, next, asked } = left;
  const forward = next === undefined ? undefined : [...cursors, next];
  const backward = cursors.length === 0 ? undefined : cursors.slice(0, -1);
  const to = by > 0 ? forward : backward;
  if (!to) return undefined;
  const cursor = to.at(-1);
  const query = { ...asked.query, ...(cursor && { cursor }) } as Filters<ListPath>;
  const page = await list(asked.path, query);
  const of = { under: asked.under, id: asked.id as keyof Row<ListPath> & string };
  const records = addressesOf(page.lines, of);
  return { ...left, records, cursors: to, next: page.next_cursor };
}
