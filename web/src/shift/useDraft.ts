// What is begun and not finished is kept on the device as it is typed, sealed as all else.
import { useCallback, useEffect, useRef, useState } from "react";
import { putDraft, readDraft } from "./keeper";

/** Where drafts are kept. */
interface Keeps {
  read: (name: string) => Promise<unknown>;
  put: (name: string, value: unknown) => Promise<void>;
}

/** With what was taken along. */
const VAULT: Keeps = { read: readDraft, put: putDraft };

/** A draft under a name; nothing until it was read. */
export function useDraft<T>(
  name: string,
  fresh: T,
  isEmpty: (draft: T) => boolean,
  keeps: Keeps = VAULT,
) {
  const [draft, setDraft] = useState<T>();
  const begin = useRef(fresh);
  const empty = useRef(isEmpty);
  const turn = useRef<Promise<unknown>>(Promise.resolve());
  /** What came before the draft was read is done to it then. */
  const early = useRef<((before: T) => T)[] | undefined>([]);
  const keep = useCallback(
    (value: T | undefined) => {
      // One after the other: the last that was typed is the one that stays.
      turn.current = turn.current.then(() => keeps.put(name, value)).catch(() => undefined);
      return turn.current;
    },
    [name, keeps],
  );
  const change = useCallback(
    (how: (before: T) => T) => {
      if (early.current) {
        early.current.push(how);
        return;
      }
      setDraft((before) => {
        const next = how(before ?? begin.current);
        keep(empty.current(next) ? undefined : next);
        return next;
      });
    },
    [keep],
  );
  useEffect(() => {
    early.current = [];
    let isOver = false;
    keeps.read(name).then((kept) => {
      if (isOver) return;
      setDraft((kept as T | undefined) ?? begin.current);
      const waited = early.current ?? [];
      early.current = undefined;
      for (const how of waited) change(how);
    });
    return () => {
      isOver = true;
    };
  }, [name, change, keeps]);
  const end = useCallback(() => keep(undefined), [keep]);
  return { draft, change, end };
}
