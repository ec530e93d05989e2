// Opens what the reader has on the device, and sends what waits whenever there may be a network.
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useSession } from "../session";
import type { Act } from "./acts";
import { keeping, lock, openAs, useKeeper } from "./keeper";
import { isDue, sync, useSync } from "./sync";
import { vaultOf } from "./vault";

/** How long until it is tried again, in milliseconds. */
const AGAIN = 10_000;

export function useSending() {
  const who = useSession();
  const queries = useQueryClient();
  const { open } = useKeeper();
  const { halt, running } = useSync();
  // What was sent is waiting, too, until the documents that were taken along have it in them.
  const isUnsettled = (act: Act) => act.state === "sent" && !act.settled;
  const waiting = open?.acts.filter((act) => isDue(act) || isUnsettled(act)).length ?? 0;
  const reader = useRef(who);
  reader.current = who;
  const mine = vaultOf(who);
  const first = useRef(mine);
  // Once for a reader: what somebody closes stays closed.
  useEffect(() => {
    if (first.current === mine) {
      // Without a network it was opened by its phrase, or stays closed.
      openAs(reader.current).catch(() => undefined);
      return;
    }
    // Another signed in on another page: nothing that this page has in memory is that one's.
    lock();
    window.location.reload();
  }, [mine]);
  const id = open?.head.id;
  // What is new is sent at once, unless it is known that there is no way.
  useEffect(() => {
    if (id && waiting > 0 && !halt) sync();
  }, [id, waiting, halt]);
  useEffect(() => {
    if (!halt || running) return;
    const later = window.setTimeout(sync, AGAIN);
    return () => window.clearTimeout(later);
  }, [halt, running]);
  useEffect(() => {
    const back = () => {
      sync();
      // Who is signed in may be another by now, or nobody.
      if (keeping().open) queries.invalidateQueries({ queryKey: ["session"] });
    };
    window.addEventListener("online", back);
    return () => window.removeEventListener("online", back);
  }, [queries]);
}
