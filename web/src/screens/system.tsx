// The lists of the system.
import type { Row } from "../api/client";
import { columnsOf } from "../house/columns";
import { Detail } from "../house/Detail";
import { ListPage } from "../house/ListPage";
import { recordAddress } from "../house/records";
import { type Say, useWords, VERBS, verbWord } from "../words";

const act = columnsOf<Row<"/api/v1/audit">>();

/** What was done, and what it is called in the trail, since several acts are told alike. */
function toldVerb(say: Say, verb: string): string {
  return `${verbWord(say, verb)} (${verb})`;
}

function ActDone({ of }: { of: string }) {
  return verbWord(useWords(), of);
}

export function Audit() {
  return (
    <ListPage
      path="/api/v1/audit"
      title="page.audit"
      rowKey={(row) => row.audit_id}
      open={(row) => recordAddress(row.object_kind, row.object_id)}
      filters={[
        { name: "login", word: "f.login", kind: "text", front: true },
        { name: "verb", word: "f.doneWhat", kind: VERBS, tell: toldVerb, front: true },
        { name: "object_kind", word: "f.doneTo", kind: "text" },
        { name: "object_id", word: "f.recordId", kind: "text" },
      ]}
      columns={[
        act.moment("f.doneAt", (row) => row.recorded_at),
        act.text("f.doneBy", (row) => row.display_name || row.login),
        act.node("f.doneWhat", (row) => <ActDone of={row.verb} />, { lead: true }),
        act.text("f.code", (row) => row.verb, { hidden: true }),
        act.text("f.doneTo", (row) => `${row.object_kind.replaceAll("_", " ")} ${row.object_id}`),
        act.node("f.doneMore", (row) => <Detail of={row.detail} />),
        act.text("f.request", (row) => row.request_id, { hidden: true }),
      ]}
    />
  );
}
