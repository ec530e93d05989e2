// A keyboard-wedge scanner types a code faster than anybody and ends with Enter: it is heard anywhere
// on the page but in a field that somebody types in, unless the field says that codes are no text of it.
// While a dialog is open it does nothing, and its Enter presses no button.
import { useEffect, useRef } from "react";
import { cover, isCovered } from "./keys";

const FASTEST_HAND = 35;
const SHORTEST_CODE = 4;

/** The field that a code was scanned into, and what stood there before. */
interface Into {
  field: HTMLInputElement;
  before: string;
}

/** Gives a field back what stood in it before a code was scanned into it. */
export function giveBack({ field, before }: Into) {
  const { set } = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value") ?? {};
  set?.call(field, before);
  // The page hears of it as of what is typed.
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

type Tell = (code: string, into?: Into) => void;
type Hearer = { tell: Tell; frame: boolean };

/** Who hears: a page before the frame around it, and of two pages' parts the later. */
const hearers: Hearer[] = [];

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

/** A field in which a code that is scanned is no text: it has the attribute data-scan. */
function scannedField(target: EventTarget | null): HTMLInputElement | undefined {
  return target instanceof HTMLInputElement && "scan" in target.dataset ? target : undefined;
}

let heard = { text: "", at: 0, before: "" };

function listen(event: KeyboardEvent) {
  const field = scannedField(event.target);
  if (isField(event.target) && !field) return;
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const { text, at, before } = heard;
  const burst = event.timeStamp - at <= FASTEST_HAND;
  if (event.key === "Enter" && burst && text.length >= SHORTEST_CODE) {
    event.preventDefault();
    event.stopPropagation();
    heard = { text: "", at: 0, before: "" };
    if (isCovered(event)) return;
    const hearer = hearers.findLast(({ frame }) => !frame) ?? hearers.at(-1);
    hearer?.tell(text, field && { field, before });
  } else if (event.key.length === 1) {
    const began = { text: "", before: field?.value ?? "" };
    // A letter in the midst of a code is no shortcut.
    if (burst && heard.text) cover(event);
    const so = burst ? { text, before } : began;
    heard = { text: so.text + event.key, before: so.before, at: event.timeStamp };
  }
}

/** Hears what is scanned; the frame hears what no page does. */
export function useScanner(onScan: Tell, frame = false) {
  const tell = useRef(onScan);
  tell.current = onScan;
  useEffect(() => {
    const hearer: Hearer = { tell: (code, into) => tell.current(code, into), frame };
    if (hearers.push(hearer) === 1) window.addEventListener("keydown", listen, true);
    return () => {
      hearers.splice(hearers.indexOf(hearer), 1);
      if (hearers.length === 0) window.removeEventListener("keydown", listen, true);
    };
  }, [frame]);
}
