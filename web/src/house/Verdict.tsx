// Yes or no to what somebody asked for; a no has a reason.
import { Button } from "@mantine/core";
import { useWords } from "../words";
import { ReasonDialog } from "./Dialog";

interface VerdictProps {
  busy: boolean;
  approve: () => void;
  refuse: (reason: string) => Promise<unknown>;
  /** Small enough for a line of a list. */
  inLine?: boolean;
}

export function Verdict({ busy, approve, refuse, inLine }: VerdictProps) {
  const say = useWords();
  return (
    <>
      <Button size={inLine ? "compact-xs" : undefined} loading={busy} onClick={approve}>
        {say("act.approve")}
      </Button>
      <ReasonDialog word="act.refuse" inLine={inLine} look="danger" busy={busy} act={refuse} />
    </>
  );
}
