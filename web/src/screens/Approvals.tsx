// Approvals: what waits for the reader's yes, of all kinds, and what became of what was asked.
import { Group, Text } from "@mantine/core";
import { useState } from "react";
import type { Row } from "../api/client";
import { DayText, Moment, State } from "../house/cells";
import { columnsOf } from "../house/columns";
import { Detail } from "../house/Detail";
import { ListPage } from "../house/ListPage";
import { useWords } from "../words";
import { APPROVAL_KINDS, subjectAddress } from "./approvalKinds";
import { Decide, type Refusals } from "./Decide";

type Approval = Row<"/api/v1/approvals">;

const approval = columnsOf<Approval>();

/** Why it was asked for, and whose yes it needs besides. */
function Why({ of, refusal }: { of: Approval; refusal?: string }) {
  const say = useWords();
  return (
    <>
      <Text size="sm">{of.why}</Text>
      {of.people > 1 && (
        <Text size="xs" c="dimmed">
          {say("approvals.given", { given: of.given, people: of.people })}
        </Text>
      )}
      {of.decides_for && (
        <Text size="xs" c="dimmed">
          {say("approvals.forAnother")}
        </Text>
      )}
      {refusal && (
        <Text size="sm" className="negative" role="alert">
          {refusal}
        </Text>
      )}
    </>
  );
}

/** When it goes up, or since when it has. */
function GoesUp({ of }: { of: Approval }) {
  const say = useWords();
  if (!of.escalated_at) return <DayText of={of.escalates_on} />;
  return (
    <>
      {say("approvals.wentUp")} <Moment of={of.escalated_at} />
    </>
  );
}

const SUBJECT = [
  approval.state("f.kind", (row: Approval) => row.kind),
  approval.text("f.number", (row: Approval) => row.number, { lead: true }),
];

export default function Approvals() {
  const [refusals, setRefusals] = useState<Refusals>({});
  return (
    <ListPage
      path="/api/v1/approvals"
      title="page.approvals"
      rowKey={(row) => row.approval_id}
      open={subjectAddress}
      filters={[
        { name: "which", word: "approvals.which", kind: ["for_me", "asked_by_me"], front: true },
        { name: "kind", word: "f.kind", kind: APPROVAL_KINDS, front: true },
        { name: "escalated", word: "approvals.wentUp", kind: "yes" },
      ]}
      empty={{ title: "approvals.none", text: "help.approvals" }}
      bulk={(rows, done) => <Decide rows={rows} refused={setRefusals} done={done} />}
      columns={[
        ...SUBJECT,
        approval.money("f.amount", (row) => row.amount),
        approval.node("f.why", (row) => <Why of={row} refusal={refusals[row.approval_id]} />),
        approval.node("f.facts", (row) => <Detail of={row.facts} />),
        approval.text("f.askedBy", (row) => row.asked_by),
        approval.moment("f.requestedAt", (row) => row.requested_at, { hidden: true }),
        approval.count("f.ageDays", (row) => row.age_days),
        approval.node("f.goesUp", (row) => <GoesUp of={row} />),
        approval.text("f.rule", (row) => row.rule, { hidden: true }),
        approval.node("f.action", (row) => (
          <Group gap={6} wrap="nowrap">
            <Decide rows={[row]} refused={setRefusals} inLine />
          </Group>
        )),
      ]}
    />
  );
}

/** Who decided, and in whose name. */
function DecidedBy({ of }: { of: Approval }) {
  const say = useWords();
  if (!of.in_name_of_name) return of.decided_by_name;
  return say("approvals.inName", { name: of.decided_by_name, other: of.in_name_of_name });
}

export function ApprovalHistory() {
  return (
    <ListPage
      path="/api/v1/approvals/history"
      title="page.approvalHistory"
      rowKey={(row) => row.approval_id}
      open={subjectAddress}
      filters={[
        {
          name: "state",
          word: "f.state",
          kind: ["waiting", "approved", "refused", "void"],
          front: true,
        },
        { name: "kind", word: "f.kind", kind: APPROVAL_KINDS, front: true },
      ]}
      columns={[
        ...SUBJECT,
        approval.node("f.state", (row) => <State of={row.state} />),
        approval.money("f.amount", (row) => row.amount),
        approval.node("f.why", (row) => <Why of={row} />),
        approval.text("f.askedBy", (row) => row.asked_by),
        approval.moment("f.requestedAt", (row) => row.requested_at),
        approval.node("f.decidedBy", (row) => <DecidedBy of={row} />),
        approval.moment("f.decidedAt", (row) => row.decided_at),
        approval.text("f.reason", (row) => row.reason),
        approval.text("f.rule", (row) => row.rule, { hidden: true }),
      ]}
    />
  );
}
