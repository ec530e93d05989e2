// How many lines a list has, as far as it is worth counting.
import { useQueries } from "@tanstack/react-query";
import { type ListPath, list, Refusal } from "../api/client";
import { useFormats, useWords } from "../words";
import { told } from "./Problem";

const MOST = 100;

export interface Counted {
  path: ListPath;
  query: Record<string, string>;
}

export interface HowMany {
  /** How many are known, and whether there are more. */
  lines: number;
  more: boolean;
  isPending: boolean;
  /** The server does not show it to this reader. */
  hidden: boolean;
  error: Error | null;
  /** It in words. */
  text: string;
}

/** Counts the lines of several lists at once. */
export function useHowMany(of: Counted[], enabled = true): HowMany[] {
  const say = useWords();
  const { count } = useFormats();
  const asked = useQueries({
    queries: of.map(({ path, query }) => ({
      queryKey: ["howMany", path, query],
      queryFn: () => list(path, { ...query, limit: String(MOST) }),
      enabled,
    })),
  });
  return asked.map(({ data, error, isPending }) => {
    const lines = data?.lines.length ?? 0;
    const more = Boolean(data?.next_cursor);
    const number = more ? say("home.more", { n: count(lines) }) : count(lines);
    const text = error ? told(say, error) : isPending ? "…" : number;
    const hidden = error instanceof Refusal && error.status === 403;
    return { lines, more, isPending, hidden, error, text };
  });
}
