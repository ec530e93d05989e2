// What is there from the first time that it is needed: each line of a list may have a dialog, and few of
// them are ever opened.
import { useState } from "react";

/** Whether something has ever been so. */
export function useOnce(now: boolean): boolean {
  const [ever, setEver] = useState(now);
  if (now && !ever) setEver(true);
  return ever || now;
}
