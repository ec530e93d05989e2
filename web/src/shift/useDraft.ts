// What is begun and not finished is kept on the device as it is typed, sealed as all else.
import { useCallback, useEffect, useRef, useState } from "react";
import { putDraft, readDraft } from "./keeper";

/** A draft under a name; nothing until it was read. */
export function useDraft<T>(name: string, fresh: T, isEmpty: (draft: T) => boolean) {
  const [draft, setDraft] = useState<T>();
  const begin = useRef(fresh);
  const empty = useRef(isEmpty);
  const turn = useRef<Promise<unknown>>(Promise.resolve());
  useEffect(() => {
    readDraft(name).then((kept) => setDraft((kept as T | undefined) ?? begin.current));
  }, [name]);
  const keep = useCallback(
    (value: T | undefined) => {
      // One after the other: the last that was typed is the one that stays.
      turn.current = turn.current.then(() => putDraft(name, value)).catch(() => undefined);
      return turn.current;
    },
    [name],
  );
  const change = useCallback(
    (how: (before: T) => T) =>
      setDraft((before) => {
        const next = how(before ?? begin.current);
        keep(empty.current(next) ? undefined : next);
        return next;
      }),
    [keep],
  );
  const end = useCallback(() => keep(undefined), [keep]);
  return { draft, change, end };
}
