// What others do is seen: the server tells in which areas something was done, and what is shown of
// them is asked again, quietly.
import { useEffect } from "react";
import { askAgain } from "./fresh";

/** What is told within this time, in milliseconds, is asked for once. */
const TOGETHER = 400;
/** Between two times that all is asked again lies at least this, in milliseconds. */
const APART = 2_000;
/** How long until a stream that was refused is opened again, in milliseconds: longer each time. */
const AGAIN = { first: 5_000, longest: 60_000 };

function areasIn(event: MessageEvent<string>): string[] {
  const told: unknown = JSON.parse(event.data);
  const known = typeof told === "object" && told !== null && "areas" in told;
  return known && Array.isArray(told.areas) ? told.areas.map(String) : [];
}

/** Asks again for what areas may have changed, many at once, and not too often. */
function gathered() {
  let areas = new Set<string>();
  let all = false;
  let last = 0;
  let later: number | undefined;
  const ask = () => {
    const now = all ? undefined : [...areas];
    later = undefined;
    last = Date.now();
    areas = new Set();
    all = false;
    askAgain(now);
  };
  return {
    /** None for all that there are. */
    soon(told?: string[]) {
      if (told) for (const area of told) areas.add(area);
      else all = true;
      later ??= window.setTimeout(ask, Math.max(TOGETHER, last + APART - Date.now()));
    },
    stop: () => window.clearTimeout(later),
  };
}

/** Hears what others do, as long as the page can be seen. */
export function useLive() {
  useEffect(() => {
    const { soon, stop } = gathered();
    let source: EventSource | undefined;
    let again: number | undefined;
    let delay = AGAIN.first;
    let opened = false;
    const close = () => {
      window.clearTimeout(again);
      source?.close();
      source = undefined;
    };
    const open = () => {
      close();
      source = new EventSource("/api/v1/events");
      source.addEventListener("changed", (event) => {
        const areas = areasIn(event);
        if (areas.length > 0) soon(areas);
      });
      // What was done while nobody listened is not told any more.
      source.addEventListener("open", () => {
        delay = AGAIN.first;
        if (opened) soon();
        opened = true;
      });
      source.addEventListener("error", () => {
        // The browser itself comes back from a broken connection, but not from a refusal.
        if (source?.readyState !== EventSource.CLOSED) return;
        again = window.setTimeout(open, delay);
        delay = Math.min(delay * 2, AGAIN.longest);
        // Was it refused because the session is over, then this leads to the sign-in.
        soon(["identity"]);
      });
    };
    const turn = () => {
      if (document.visibilityState === "hidden") close();
      else if (!source) open();
    };
    turn();
    document.addEventListener("visibilitychange", turn);
    return () => {
      document.removeEventListener("visibilitychange", turn);
      stop();
      close();
    };
  }, []);
}
