// What waits to be sent, wherever one is.
import { Badge } from "@mantine/core";
import { Way } from "./house/Way";
import { useKeeper } from "./shift/keeper";
import { useSync } from "./shift/sync";
import { useWords } from "./words";

export function Waiting() {
  const say = useWords();
  const { open } = useKeeper();
  const { halt } = useSync();
  const refused = open?.acts.filter(({ state }) => state === "refused").length ?? 0;
  const waiting = open?.acts.filter(({ state }) => state === "waiting").length ?? 0;
  if (refused + waiting === 0) return null;
  const word = refused > 0 ? "shift.refusedCount" : "shift.waitingCount";
  return (
    <Badge
      component={Way}
      to="/shift/queue"
      variant="outline"
      color={refused > 0 ? "red" : halt ? "orange" : "ink"}
      tt="none"
      c="var(--mantine-color-text)"
      style={{ cursor: "pointer", flex: "none" }}
    >
      {say(word, { n: refused || waiting })}
    </Badge>
  );
}
