// A keyboard-wedge scanner types a code faster than anybody and ends with Enter: it is heard anywhere
// on the page but in a field that somebody types in.
import { useEffect, useRef } from "react";

const FASTEST_HAND = 35;
const SHORTEST_CODE = 4;

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

export function useScanner(onScan: (code: string) => void) {
  const heard = useRef({ text: "", at: 0 });
  const tell = useRef(onScan);
  tell.current = onScan;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (isField(event.target) || event.ctrlKey || event.altKey || event.metaKey) return;
      const { text, at } = heard.current;
      const burst = event.timeStamp - at <= FASTEST_HAND;
      if (event.key === "Enter" && burst && text.length >= SHORTEST_CODE) {
        event.preventDefault();
        event.stopPropagation();
        heard.current = { text: "", at: 0 };
        tell.current(text);
      } else if (event.key.length === 1) {
        heard.current = { text: (burst ? text : "") + event.key, at: event.timeStamp };
      }
    };
    window.addEventListener("keydown", listen, true);
    return () => window.removeEventListener("keydown", listen, true);
  }, []);
}
