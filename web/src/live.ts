// What others do is seen: the server tells in which areas something was done, and what is shown is
// asked again, quietly.
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

/** What takes long to tell is asked again only by hand. */
const SLOW = ["checks", "imports", "close"];
/** What is told within this time, in milliseconds, is asked for once. */
const TOGETHER = 400;

function areasOf(event: MessageEvent<string>): string[] {
  const told: unknown = JSON.parse(event.data);
  const known = typeof told === "object" && told !== null && "areas" in told;
  return known && Array.isArray(told.areas) ? told.areas.map(String) : [];
}

/** Whether anything that is shown may have changed: who signs in changes the pages of users alone. */
function concerns(areas: string[]): boolean {
  const { pathname } = window.location;
  const ofUsers = pathname.startsWith("/system") || pathname === "/sessions";
  return areas.some((area) => area !== "identity") || ofUsers;
}

/** Asks again for what is shown when somebody did something, as long as the page can be seen. */
export function useLive() {
  const queries = useQueryClient();
  useEffect(() => {
    let source: EventSource | undefined;
    let later: number | undefined;
    let opened = false;
    const soon = () => {
      window.clearTimeout(later);
      later = window.setTimeout(() => {
        const predicate = ({ queryKey }: { queryKey: readonly unknown[] }) =>
          !SLOW.includes(String(queryKey[0]));
        queries.invalidateQueries({ predicate });
      }, TOGETHER);
    };
    const heard = (event: MessageEvent<string>) => {
      if (concerns(areasOf(event))) soon();
    };
    // What was done while nobody listened is not told any more.
    const began = () => {
      if (opened) soon();
      opened = true;
    };
    const turn = () => {
      if (document.visibilityState === "hidden") {
        source?.close();
        source = undefined;
      } else if (!source) {
        source = new EventSource("/api/v1/events");
        source.addEventListener("changed", heard);
        source.addEventListener("open", began);
      }
    };
    turn();
    document.addEventListener("visibilitychange", turn);
    return () => {
      document.removeEventListener("visibilitychange", turn);
      window.clearTimeout(later);
      source?.close();
    };
  }, [queries]);
}
