// A keyboard-wedge scanner types a code faster than anybody and ends with Enter: it is heard anywhere
// on the page but in a field that somebody types in. While a dialog is open it does nothing, and its
// Enter presses no button.
import { useEffect, useRef } from "react";
import { isCovered } from "./keys";

const FASTEST_HAND = 35;
const SHORTEST_CODE = 4;

type Hearer = { tell: (code: string) => void; frame: boolean };

/** Who hears: a page before the frame around it, and of two pages' parts the later. */
const hearers: Hearer[] = [];

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

let heard = { text: "", at: 0 };

function listen(event: KeyboardEvent) {
  if (isField(event.target) || event.ctrlKey || event.altKey || event.metaKey) return;
  const { text, at } = heard;
  const burst = event.timeStamp - at <= FASTEST_HAND;
  if (event.key === "Enter" && burst && text.length >= SHORTEST_CODE) {
    event.preventDefault();
    event.stopPropagation();
    heard = { text: "", at: 0 };
    if (isCovered(event)) return;
    const hearer = hearers.findLast(({ frame }) => !frame) ?? hearers.at(-1);
    hearer?.tell(text);
  } else if (event.key.length === 1) {
    heard = { text: (burst ? text : "") + event.key, at: event.timeStamp };
  }
}

/** Hears what is scanned; the frame hears what no page does. */
export function useScanner(onScan: (code: string) => void, frame = false) {
  const tell = useRef(onScan);
  tell.current = onScan;
  useEffect(() => {
    const hearer: Hearer = { tell: (code) => tell.current(code), frame };
    if (hearers.push(hearer) === 1) window.addEventListener("keydown", listen, true);
    return () => {
      hearers.splice(hearers.indexOf(hearer), 1);
      if (hearers.length === 0) window.removeEventListener("keydown", listen, true);
    };
  }, [frame]);
}
