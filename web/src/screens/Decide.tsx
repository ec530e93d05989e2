// The decision on what waits for somebody's yes: one and the same in the inbox and on the document.
import { useQuery } from "@tanstack/react-query";
import { list, type Row } from "../api/client";
import { ReasonDialog } from "../house/Dialog";
import { tell } from "../house/tell";
import { useAct } from "../house/useAct";
import { Verdict } from "../house/Verdict";
import { Way } from "../house/Way";
import { useMay } from "../session";
import { useWords } from "../words";
import type { APPROVAL_KINDS } from "./approvalKinds";

type Approval = Row<"/api/v1/approvals">;
/** What the server refused, by the id of the approval. */
export type Refusals = Record<string, string>;

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

export function Decide({ rows, refused, done, inLine }: DecideProps) {
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

type Kind = (typeof APPROVAL_KINDS)[number];

/** What waits of a kind, or of one document, for who may agree to it or asked for it. */
function useInbox(kind: Kind, subject?: string): { rows: Approval[]; isCut: boolean } {
  const may = useMay()("identity.decide");
  const query = { kind, limit: "200", ...(subject && { subject_id: subject }) };
  const { data } = useQuery({
    queryKey: ["list", "/api/v1/approvals", query],
    queryFn: async () => {
      const read = await Promise.all([
        list("/api/v1/approvals", { ...query, which: "for_me" }),
        list("/api/v1/approvals", { ...query, which: "asked_by_me" }),
      ]);
      return {
        rows: read.flatMap(({ lines }) => lines),
        // The server gives the oldest; of what is left out nothing is known here.
        isCut: read.some(({ next_cursor }) => next_cursor !== undefined),
      };
    },
    enabled: may,
  });
  return (may && data) || { rows: [], isCut: false };
}

/** What waits of a document. */
export const useWaiting = (kind: Kind, id: string) => useInbox(kind, id).rows[0];

/** The decision on a document in a list, whose rows share what they ask for. */
export function DecideRow({ kind, id }: { kind: Kind; id: string }) {
  const say = useWords();
  const { rows, isCut } = useInbox(kind);
  const of = rows.find(({ subject_id }) => subject_id === id);
  if (!of && isCut) {
    return (
      <Way to={`/system/approvals?kind=${kind}`} className="plain-link">
        {say("approvals.further")}
      </Way>
    );
  }
  return <DecideOn of={of} inLine />;
}

/** The decision on a document, where it is shown. */
export function DecideOn({ of, inLine }: { of: Approval | undefined; inLine?: boolean }) {
  const say = useWords();
  if (!of) return null;
  const refused = (refusals: Refusals) => {
    for (const refusal of Object.values(refusals)) tell(say, "wrong", refusal);
  };
  return <Decide rows={[of]} refused={refused} inLine={inLine} />;
}
