// What is typed on a count sheet before it is saved, and the sheet page by page.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useState } from "react";
import { list, type Row } from "../api/client";
import { readDecimal } from "../format";
import { useSession } from "../session";
import { tabOf } from "../shift/tab";
import { useDraft as useKept } from "../shift/useDraft";
import { vaultOf } from "../shift/vault";
import { useTongue } from "../words";

export type SheetLine = Row<"/api/v1/count-lines">;
/** What of a sheet is shown. */
export interface Narrowed {
  place?: string;
  sku?: string;
  state?: string;
}

const LIMIT = "100";
const OPEN = ["open", "counted", "conflict"];

/** A sheet page by page, in the server's order. */
export function useSheet(id: string, narrowed: Narrowed) {
  const [at, setAt] = useState<{ of: string; cursors: string[] }>({ of: "", cursors: [] });
  const of = JSON.stringify(narrowed);
  // Other lines begin at their first page.
  const cursors = at.of === of ? at.cursors : [];
  const cursor = cursors.at(-1);
  const query = { count_id: id, ...narrowed, limit: LIMIT, ...(cursor && { cursor }) };
  const asked = useQuery({
    queryKey: ["list", "/api/v1/count-lines", query],
    queryFn: () => list("/api/v1/count-lines", query),
    placeholderData: keepPreviousData,
  });
  // What any page told of the whole sheet holds where a filter leaves no line.
  const [head, setHead] = useState<{ number?: string; isOpen: boolean }>({ isOpen: false });
  const rows = asked.data?.lines ?? [];
  const number = rows[0]?.number ?? head.number;
  const isOpen = rows[0] ? rows.some(({ state }) => OPEN.includes(state)) : head.isOpen;
  useEffect(() => setHead({ number, isOpen }), [number, isOpen]);
  const next = asked.data?.next_cursor;
  return {
    asked,
    number,
    isOpen,
    rows,
    page: cursors.length + 1,
    before: cursors.length > 0 ? () => setAt({ of, cursors: cursors.slice(0, -1) }) : undefined,
    after: next ? () => setAt({ of, cursors: [...cursors, next] }) : undefined,
  };
}

export type SheetPage = ReturnType<typeof useSheet>;

/** A line with what was typed of it. */
type Typed = Pick<SheetLine, "place" | "sku" | "lot"> & { text: string };
type Lines = Record<string, Typed>;

const isEmpty = (lines: Lines) => Object.keys(lines).length === 0;

/** What was typed on all pages of a sheet. The tab keeps it until it was saved. */
export function useDraft(id: string) {
  const { locale } = useTongue();
  const user = vaultOf(useSession());
  // What was typed is the user's alone: the tab keeps it sealed.
  const tab = useMemo(() => tabOf(user), [user]);
  const { draft, change } = useKept<Lines>(`count.${id}`, {}, isEmpty, tab);
  const lines = draft ?? {};
  const set = useCallback(
    (row: SheetLine, text: string) =>
      change((before) => {
        const { [row.line]: _, ...rest } = before;
        const { place, sku, lot } = row;
        return text === "" ? rest : { ...rest, [row.line]: { place, sku, lot, text } };
      }),
    [change],
  );
  const typed = Object.entries(lines).map(([line, one]) => ({
    ...one,
    line: Number(line),
    quantity: readDecimal(one.text.trim(), locale),
  }));
  return {
    isRead: draft !== undefined,
    textOf: (line: number) => lines[line]?.text ?? "",
    set,
    /** Forgets what was saved, but not what was typed since. */
    saved: (sent: { line: number; text: string }[]) =>
      change((before) => {
        const isSaved = ([line, { text }]: [string, Typed]) =>
          sent.some((one) => one.line === Number(line) && one.text === text);
        return Object.fromEntries(Object.entries(before).filter((one) => !isSaved(one)));
      }),
    good: typed.filter(({ quantity }) => quantity !== undefined),
    bad: typed.filter(({ quantity }) => quantity === undefined),
  };
}

export type Draft = ReturnType<typeof useDraft>;
