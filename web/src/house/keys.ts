// Keys pressed on the page itself. What lies over it, a dialog or a menu, keeps its own.
import { type HotkeyItem, useHotkeys } from "@mantine/hooks";

const OVER = '[role="dialog"], [role="menu"]';
/** Key presses that are not the page's: made while something lay over it, or by a scanner. */
const covered = new WeakSet<Event>();

// Before anybody else hears: whoever closes a dialog by a key takes it away at once.
window.addEventListener(
  "keydown",
  (event) => {
    if (document.querySelector(OVER)) covered.add(event);
  },
  true,
);

/** Whether a key press is not the page's. */
export function isCovered(event: Event): boolean {
  return covered.has(event);
}

/** Keeps a key press from the page: it is part of something else. */
export function cover(event: Event) {
  covered.add(event);
}

/** Whether Enter already means something where it was pressed. */
function isPressed(event: KeyboardEvent): boolean {
  const within = event.target instanceof HTMLElement && event.target.closest("a,button");
  return event.key === "Enter" && Boolean(within);
}

/** Keys of the page, which no field and no dialog hears. */
export function usePageKeys(keys: [key: string, act: () => void][]) {
  useHotkeys(
    keys.map(([key, act]): HotkeyItem => {
      const heard = (event: KeyboardEvent) => {
        if (isCovered(event) || isPressed(event)) return;
        event.preventDefault();
        act();
      };
      return [key, heard, { preventDefault: false }];
    }),
  );
}
