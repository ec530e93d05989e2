// Opening the books from a page: tried first, then done once, however late the answer is.
import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { type Asked, act, openingProgress, Refusal, type Schemas } from "../../api/client";
import type { Texts } from "./useFiles";

type Request = Omit<Asked<"/api/v1/openings">, "files"> & { files: Texts };

/** How long the answer is asked for again, and after how long each time, in milliseconds. */
const AGAIN = 2_000;
const LONGEST = 20 * 60_000;
/** After how long it is asked again how far the server is, in milliseconds. */
const LOOK = 1_000;

/** Whether the server may be at it still: it had no time, or the wire broke. */
function isLate(error: unknown): boolean {
  return !(error instanceof Refusal) || error.status === 503;
}

export function useOpen(done: (opened: Schemas["Opened"], of: Request) => void) {
  const keyed = useRef<{ body: string; key: string }>(undefined);
  const [late, setLate] = useState(false);
  const [working, setWorking] = useState("");
  const send = useMutation({
    mutationFn: async (request: Request) => {
      const body = JSON.stringify(request);
      if (keyed.current?.body !== body) keyed.current = { body, key: crypto.randomUUID() };
      const { key } = keyed.current;
      setWorking(key);
      const until = performance.now() + LONGEST;
      for (;;) {
        try {
          return await act("/api/v1/openings", request, key);
        } catch (error) {
          // Under the same key the repeat acts only if the first did not, and gets its answer once there is one.
          if (!isLate(error) || performance.now() > until) throw error;
          setLate(true);
          await new Promise((resolve) => setTimeout(resolve, AGAIN));
        }
      }
    },
    onSuccess: (opened, of) => {
      keyed.current = undefined;
      done(opened, of);
    },
    onSettled: () => {
      setLate(false);
      setWorking("");
    },
  });
  const { data: soFar } = useQuery({
    queryKey: ["progress", working],
    queryFn: () => openingProgress(working),
    enabled: working !== "",
    refetchInterval: LOOK,
    // What cannot be heard of it is heard the next time, or not at all.
    retry: false,
    gcTime: 0,
  });
  const seconds = useSeconds(send.isPending);
  return { ...send, late, seconds, soFar: soFar?.running ? soFar : undefined };
}

/** How many seconds something has been going on. */
function useSeconds(on: boolean): number {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    setSeconds(0);
    if (!on) return;
    const timer = setInterval(() => setSeconds((before) => before + 1), 1_000);
    return () => clearInterval(timer);
  }, [on]);
  return seconds;
}
