// What is told for a moment, in the corner.
import { notifications } from "@mantine/notifications";
import type { Say } from "../words";

const COLOURS = { done: "teal", wrong: "red", look: "orange" } as const;
/** What went wrong stays longer, in milliseconds. */
const LONGER = 12_000;

/** Tells that something is done, went wrong, or is to be looked at. */
export function tell(say: Say, how: keyof typeof COLOURS, message: string) {
  notifications.show({
    message,
    color: COLOURS[how],
    closeButtonProps: { "aria-label": say("act.close") },
    ...(how === "wrong" && { title: say("problem.title"), autoClose: LONGER }),
  });
}
