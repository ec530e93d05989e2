// What is begun and not finished is kept on the device as it is typed, sealed as all else.
import { useCallback, useEffect, useRef, useState } from "react";
import { putDraft, readDraft } from "./keeper";

/** A draft under a name; nothing until it was read. */
export function useDraft<T>(name: string, fresh: T) {
  const [draft, setDraft] = useState<T>();
  const begin = useRef(fresh);
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
        keep(next);
        return next;
      }),
    [keep],
  );
  const end = useCallback(() => keep(undefined), [keep]);
  return { draft, change, end };
}
