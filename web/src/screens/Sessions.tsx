// One's own sessions: where one is signed in, and how to end that.
import { Badge, Button } from "@mantine/core";
import type { Row } from "../api/client";
import { columnsOf } from "../house/columns";
import { ListPage } from "../house/ListPage";
import { useAct } from "../house/useAct";
import { useSession } from "../session";
import { useWords } from "../words";

type Own = Row<"/api/v1/sessions">;
const own = columnsOf<Own>();

function End({ of }: { of: Own }) {
  const say = useWords();
  const { session_id } = useSession();
  const end = useAct("/api/v1/sessions/end", () => say("done.saved"));
  if (of.session_id === session_id) {
    return (
      <Badge variant="light" tt="none">
        {say("s.active")}
      </Badge>
    );
  }
  return (
    <Button
      variant="subtle"
      size="compact-xs"
      loading={end.isPending}
      onClick={() => end.mutate({ session_id: of.session_id })}
    >
      {say("act.endSession")}
    </Button>
  );
}

export default function Sessions() {
  return (
    <ListPage
      path="/api/v1/sessions"
      title="page.sessions"
      rowKey={(row) => row.session_id}
      whole
      columns={[
        own.moment("f.startedAt", (row) => row.started_at),
        own.moment("f.seenAt", (row) => row.seen_at),
        own.node("f.session", (row) => <End of={row} />),
      ]}
    />
  );
}
