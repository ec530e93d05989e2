// Approvals: what waits for the reader's yes, of all kinds, and what became of what was asked.
import { Group, Text } from "@mantine/core";
import { useState } from "react";
import type { Row } from "../api/client";
import { DayText, Moment, State } from "../house/cells";
import { columnsOf } from "../house/columns";
import { Detail } from "../house/Detail";
import { ReasonDialog } from "../house/Dialog";
import { ListPage } from "../house/ListPage";
import { useAct } from "../house/useAct";
import { Verdict } from "../house/Verdict";
import { useWords } from "../words";
import { APPROVAL_KINDS, subjectAddress } from "./approvalKinds";

type Approval = Row<"/api/v1/approvals">;
type Refusals = Record<string, string>;

const approval = columnsOf<Approval>();

/** Decides one or several; what the server refuses is kept by its row. */
function useDecide(refused: (refusals: Refusals) => void) {
  const say = useWords();
  const decide = useAct(
    "/api/v1/approvals/decide",
    ({ results }) => {
      const wrong = results.filter((one) => one.outcome === "refused");
      const done = results.length - wrong.length;
      if (wrong.length > 0) {
        return { how: "look", text: say("approvals.someLeft", { done, left: wrong.length }) };
      }
      return say("approvals.decided", { n: done });
    },
    ({ results }) =>
      refused(
        Object.fromEntries(
          results.flatMap((one) =>
            one.outcome === "refused" ? [[one.approval_id, one.message]] : [],
          ),
        ),
      ),
  );
  const send = (rows: Approval[], verdict: "approve" | "refuse", reason = "") =>
    decide.mutateAsync({
      decisions: rows.map(({ approval_id, revision }) => ({
        approval_id,
        revision,
        verdict,
        reason,
      })),
    });
  return { busy: decide.isPending, send };
}

interface DecideProps {
  rows: Approval[];
  refused: (refusals: Refusals) => void;
  done?: () => void;
  inLine?: boolean;
}

function Decide({ rows, refused, done, inLine }: DecideProps) {
  const { busy, send } = useDecide(refused);
  if (rows.every((row) => row.may_approve)) {
    return (
      <Verdict
        inLine={inLine}
        busy={busy}
        approve={() => send(rows, "approve").then(done, () => undefined)}
        refuse={(reason) => send(rows, "refuse", reason).then(done)}
      />
    );
  }
  if (!rows.every((row) => row.may_refuse)) return null;
  return (
    <ReasonDialog
      word="act.withdraw"
      inLine={inLine}
      look="danger"
      busy={busy}
      act={(reason) => send(rows, "refuse", reason).then(done)}
    />
  );
}

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
